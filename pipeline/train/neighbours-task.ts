import { choleskyInPlace, choleskySolve } from '../../lib/math/linear-algebra';
import type { SparseRows } from '../../lib/math/sparse';
import { TopK } from '../../lib/math/top-k';

/** What the regressions of a range of items work on; the arrays are shared between threads. */
export interface NeighboursStep {
  /** Interactions by user and the same by item. */
  users: SparseRows;
  items: SparseRows;
  /** K: how many nearest items enter the regression of one. */
  neighbours: number;
  /** λ: the ridge. */
  regularization: number;
  /** q: how much of an item's own count is added to its ridge, p / (1 − p) for dropout of probability p. */
  dropout: number;
}

/** The regression of one item on its neighbours: rows ascending, weights parallel. */
export interface Regression {
  rows: Uint32Array;
  weights: Float32Array;
}

/** Items with fewer interactions than this predict nothing and are not predicted. */
const LEAST_INTERACTIONS = 2;

/**
 * For each item j of [from, to): b = (G_NN + λI + q·diag(G_NN))⁻¹ G_Nj over its K nearest items N by cosine, with
 * G = XᵀX the counts of users in common. Each item is on its own, so that any division of the items among threads gives
 * the same bits.
 */
export function regressItems(step: NeighboursStep, from: number, to: number): Regression[] {
  const { users, items, neighbours, regularization, dropout } = step;
  const itemCount = items.offsets.length - 1;
  const userCount = users.offsets.length - 1;
  const common = new Uint32Array(itemCount);
  const touched = new Uint32Array(itemCount);
  /** The newest link of each user's chain; −1 where there is none. */
  const heads = new Int32Array(userCount).fill(-1);
  const count = (item: number) => items.offsets[item + 1] - items.offsets[item];
  const result: Regression[] = [];
  for (let item = from; item < to; item++) {
    let touchedCount = 0;
    for (let i = items.offsets[item]; i < items.offsets[item + 1]; i++) {
      const user = items.columns[i];
      for (let j = users.offsets[user]; j < users.offsets[user + 1]; j++) {
        const other = users.columns[j];
        if (common[other]++ === 0) touched[touchedCount++] = other;
      }
    }
    const nearest = new TopK(count(item) < LEAST_INTERACTIONS ? 0 : neighbours);
    for (let i = 0; i < touchedCount; i++) {
      const other = touched[i];
      if (other !== item && count(other) >= LEAST_INTERACTIONS)
        nearest.push(other, common[other] / Math.sqrt(count(other)));
    }
    const rows = nearest.drain().sort();
    const size = rows.length;
    const right = Float64Array.from(rows, (row) => common[row]);
    for (let i = 0; i < touchedCount; i++) common[touched[i]] = 0;

    const matrix = countPairs(rows, items, heads);
    for (let i = 0; i < size; i++) matrix[i * size + i] += regularization + dropout * count(rows[i]);
    choleskyInPlace(matrix, size);
    choleskySolve(matrix, size, right);
    result.push({ rows, weights: Float32Array.from(right) });
  }
  return result;
}

/** G of a few items, its lower triangle: how many users each two of them have in common. */
function countPairs(rows: Uint32Array, items: SparseRows, heads: Int32Array): Float64Array {
  const size = rows.length;
  const matrix = new Float64Array(size * size);
  const total = rows.reduce((sum, row) => sum + items.offsets[row + 1] - items.offsets[row], 0);
  // One chain a user through those of the rows that the user has: each new link meets all earlier ones.
  const locals = new Uint16Array(total);
  const nexts = new Int32Array(total);
  let link = 0;
  for (let local = 0; local < size; local++) {
    const base = local * size;
    for (let i = items.offsets[rows[local]]; i < items.offsets[rows[local] + 1]; i++) {
      const user = items.columns[i];
      for (let at = heads[user]; at >= 0; at = nexts[at]) matrix[base + locals[at]]++;
      matrix[base + local]++;
      locals[link] = local;
      nexts[link] = heads[user];
      heads[user] = link++;
    }
  }
  for (const row of rows)
    for (let i = items.offsets[row]; i < items.offsets[row + 1]; i++) heads[items.columns[i]] = -1;
  return matrix;
}

/** A range of items as a thread is asked for it. */
export interface RegressionTask {
  step: NeighboursStep;
  from: number;
  to: number;
}

export const regressRange = ({ step, from, to }: RegressionTask): Regression[] => regressItems(step, from, to);
