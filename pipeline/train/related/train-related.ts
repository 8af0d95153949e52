import type { NeighbourColumns } from '../../../lib/format/neighbours';
import { toNeighbourColumns } from '../neighbours-quantise';
import type { Regression } from '../neighbours-task';
import { mapRows } from '../thread-pool';
import type { RelatedWeights } from './fit-related';
import type { RelatedData } from './related-features';
import { type RelatedList, type RelatedTask, relatedLists } from './related-task';

/** The longest list. */
const LIST_ITEMS = 40;
/** Items in all lists, per item on average and in total: about 1.7 bytes each in the download. */
const LISTED_PER_ITEM = 32;
const MAX_LISTED = 400_000;
/** Seeds per task. */
const RANGE_ITEMS = 128;

/**
 * Computes the most related items of every warm item, as an item–item model in the format of the neighbours. The same
 * data give the same bits for any number of threads.
 *
 * @param unquantised keeps the weights as computed
 * @param onProgress called with the number of finished items
 */
export async function trainRelated(
  data: RelatedData,
  weights: RelatedWeights,
  { threads, unquantised }: { threads: number; unquantised?: boolean },
  onProgress: (items: number) => void = () => {},
): Promise<NeighbourColumns> {
  const itemCount = data.creatorOf.length;
  const lists = await mapRows<RelatedTask, RelatedList>(
    { count: itemCount, size: RANGE_ITEMS, threads, onProgress },
    new URL('./related-worker.ts', import.meta.url),
    relatedLists,
    (range) => ({ data, weights, size: LIST_ITEMS, ...range }),
  );
  const likes = Uint32Array.from(lists, (_, row) => data.items.offsets[row + 1] - data.items.offsets[row]);
  const lengths = listLengths(likes, Math.min(MAX_LISTED, LISTED_PER_ITEM * itemCount));
  const kept = lists.map(({ rows, weights }, seed) => ({
    rows: rows.subarray(0, lengths[seed]),
    weights: weights.subarray(0, lengths[seed]),
  }));
  return toNeighbourColumns(byTarget(kept), unquantised);
}

/**
 * How long the list about each item is: in proportion to 1 + √likes, since items that more users like are named more
 * often.
 *
 * @param likes by item
 * @param most items in all lists together
 */
export function listLengths(likes: ArrayLike<number>, most: number): Uint32Array {
  const shares = Float64Array.from(likes, (count) => 1 + Math.sqrt(count));
  const lengthsOf = (unit: number) =>
    Uint32Array.from(shares, (share) => Math.min(LIST_ITEMS, Math.floor(unit * share)));
  let [low, high] = [0, LIST_ITEMS + 1];
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (low + high) / 2;
    if (lengthsOf(middle).reduce((sum, length) => sum + length, 0) <= most) low = middle;
    else high = middle;
  }
  return lengthsOf(low);
}
/** The length of a list without likes is found to a millionth of an item. */
const HALVINGS = 26;

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
