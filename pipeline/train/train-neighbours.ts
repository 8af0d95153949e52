import type { NeighbourColumns } from '../../lib/format/neighbours';
import type { SparseRows } from '../../lib/math/sparse';
import { keepLargestEffects, toNeighbourColumns } from './neighbours-quantise';
import { type Regression, type RegressionTask, regressRange } from './neighbours-task';
import { toSharedRows } from './shared-memory';
import { mapRows } from './thread-pool';

export interface NeighboursParameters {
  /** K: number of nearest items in the regression of an item. */
  neighbours: number;
  /** λ: the ridge. */
  regularization: number;
  /** q = p / (1 − p) for dropout with probability p. */
  dropout: number;
  /** The largest number of weights in the model. Those with the largest effect are kept. */
  maxWeights: number;
  /** Keeps the weights as trained. */
  unquantised?: boolean;
  threads: number;
}

/** Items per task. */
const RANGE_ITEMS = 64;

/**
 * Trains the sparse item–item model: one ridge regression per item over its nearest items. This is the local form of
 * EASE (Steck 2019) with the diagonal of EDLAE (Steck 2020), which is equivalent to dropout of the input and makes
 * short histories work. The same interactions give the same bits for any number of threads.
 *
 * @param users interactions by user
 * @param items the same interactions by item
 * @param onProgress called with the number of finished items
 */
export async function trainNeighbours(
  users: SparseRows,
  items: SparseRows,
  parameters: NeighboursParameters,
  onProgress: (items: number) => void = () => {},
): Promise<NeighbourColumns> {
  const { neighbours, regularization, dropout, threads, maxWeights, unquantised } = parameters;
  const step = { users: toSharedRows(users), items: toSharedRows(items), neighbours, regularization, dropout };
  const itemCount = items.offsets.length - 1;
  const regressions = await mapRows<RegressionTask, Regression>(
    { count: itemCount, size: RANGE_ITEMS, threads, onProgress },
    new URL('./neighbours-worker.ts', import.meta.url),
    regressRange,
    (range) => ({ step, ...range }),
  );
  const counts = Uint32Array.from({ length: itemCount }, (_, item) => items.offsets[item + 1] - items.offsets[item]);
  return toNeighbourColumns(keepLargestEffects(regressions, counts, maxWeights), unquantised);
}
