import type { NeighbourColumns } from '../../../lib/format/neighbours';
import { quantiseRegressions } from '../neighbours-quantise';
import type { Regression } from '../neighbours-task';
import { mapRows } from '../thread-pool';
import type { RelatedWeights } from './fit-related';
import type { RelatedData } from './related-features';
import { type RelatedList, type RelatedTask, relatedLists } from './related-task';

/** Items per list before the smallest weights of all lists are dropped. */
const LIST_ITEMS = 80;
/** Weights kept per item on average, and in total: about 1.2 bytes each in the download. */
const WEIGHTS_PER_ITEM = 40;
const MAX_WEIGHTS = 450_000;
/** Seeds per task. */
const RANGE_ITEMS = 128;

/**
 * Computes the most related items of every warm item, as an item–item model in the format of the neighbours. The same
 * data give the same bits for any number of threads.
 *
 * @param onProgress called with the number of finished items
 */
export async function trainRelated(
  data: RelatedData,
  weights: RelatedWeights,
  threads: number,
  onProgress: (items: number) => void = () => {},
): Promise<NeighbourColumns> {
  const itemCount = data.creatorOf.length;
  const lists = await mapRows<RelatedTask, RelatedList>(
    { count: itemCount, size: RANGE_ITEMS, threads, onProgress },
    new URL('./related-worker.ts', import.meta.url),
    relatedLists,
    (range) => ({ data, weights, size: LIST_ITEMS, ...range }),
  );
  const maxWeights = Math.min(MAX_WEIGHTS, WEIGHTS_PER_ITEM * itemCount);
  // Every seed counts alike: a list is asked for one item at a time, whatever its popularity.
  return quantiseRegressions(byTarget(lists), new Uint32Array(itemCount).fill(1), maxWeights);
}

/** The lists by the item that they contain, seeds ascending. */
function byTarget(lists: readonly RelatedList[]): Regression[] {
  const targets = lists.map(() => ({ rows: [] as number[], weights: [] as number[] }));
  lists.forEach(({ rows, weights }, seed) => {
    rows.forEach((row, i) => {
      targets[row].rows.push(seed);
      targets[row].weights.push(weights[i]);
    });
  });
  return targets.map(({ rows, weights }) => ({
    rows: Uint32Array.from(rows),
    weights: Float32Array.from(weights),
  }));
}
