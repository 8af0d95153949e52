import type { NeighbourColumns } from '../../lib/format/neighbours';
import type { SparseRows } from '../../lib/math/sparse';
import { quantiseRegressions } from './neighbours-quantise';
import { type Regression, type RegressionTask, regressRange } from './neighbours-task';
import { shareRows, ThreadPool } from './pool';

export interface NeighboursParameters {
  /** K */
  neighbours: number;
  /** λ */
  regularization: number;
  /** q = p / (1 − p) of dropout */
  dropout: number;
  /** Weights kept in all: those of the largest effect. */
  mostWeights: number;
  threads: number;
}

/** Items of one range. */
const RANGE = 64;

/**
 * The sparse item–item model: one ridge regression an item over its nearest (the local form of EASE, Steck 2019, with the
 * diagonal of EDLAE, Steck 2020, which stands for dropout of the input and so makes short histories work). The same
 * interactions give the same bits, whatever the number of threads.
 *
 * @param users interactions by user; @param items the same by item
 * @param onProgress hears how many items are done
 */
export async function trainNeighbours(
  users: SparseRows,
  items: SparseRows,
  parameters: NeighboursParameters,
  onProgress: (items: number) => void = () => {},
): Promise<NeighbourColumns> {
  const { neighbours, regularization, dropout, threads, mostWeights } = parameters;
  const step = { users: shareRows(users), items: shareRows(items), neighbours, regularization, dropout };
  const itemCount = items.offsets.length - 1;
  const tasks = Array.from({ length: Math.ceil(itemCount / RANGE) }, (_, i): RegressionTask => {
    return { step, from: i * RANGE, to: Math.min(itemCount, (i + 1) * RANGE) };
  });
  const pool = new ThreadPool<RegressionTask, Regression[]>(
    new URL('./neighbours-worker.ts', import.meta.url),
    regressRange,
    Math.min(threads, tasks.length),
  );
  try {
    const results = await pool.run(tasks, (done) => onProgress(Math.min(itemCount, done * RANGE)));
    const counts = Uint32Array.from({ length: itemCount }, (_, item) => items.offsets[item + 1] - items.offsets[item]);
    return quantiseRegressions(results.flat(), counts, mostWeights);
  } finally {
    await pool.close();
  }
}
