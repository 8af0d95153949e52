import { choleskyInPlace, choleskySolve } from '../../lib/math/linear-algebra';
import type { SparseRows } from '../../lib/math/sparse';
import { TopK } from '../../lib/math/top-k';

/** The data of the regressions. Its arrays are in shared memory. */
export interface NeighboursStep {
  /** Interactions by user. */
  users: SparseRows;
  /** The same interactions by item. */
  items: SparseRows;
  /** K: number of nearest items in the regression of an item. */
  neighbours: number;
  /** λ: the ridge. */
  regularization: number;
  /** q: share of an item's own count that is added to its ridge; p / (1 − p) for dropout with probability p. */
  dropout: number;
}

/** The regression of one item on its neighbours: rows ascending, weights parallel. */
export interface Regression {
  rows: Uint32Array;
  weights: Float32Array;
}

/** Items with fewer interactions are neither predictors nor predicted. */
const MIN_INTERACTIONS = 2;

/**
 * Solves b = (G_NN + λI + q·diag(G_NN))⁻¹ G_Nj for each item j of [from, to), over its K nearest items N by cosine,
 * where G = XᵀX has the numbers of users in common. Items are independent, so any division of them among threads gives
 * the same bits.
 */
export function regressItems(step: NeighboursStep, from: number, to: number): Regression[] {
  const { users, items, neighbours, regularization, dropout } = step;
  const itemCount = items.offsets.length - 1;
  const userCount = users.offsets.length - 1;
  const common = new Uint32Array(itemCount);
  const touched = new Uint32Array(itemCount);
  /** The newest link of each user's chain; −1 if the chain is empty. */
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
    const nearest = new TopK(count(item) < MIN_INTERACTIONS ? 0 : neighbours);
    for (let i = 0; i < touchedCount; i++) {
      const other = touched[i];
      if (other !== item && count(other) >= MIN_INTERACTIONS)
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

/** The lower triangle of G for some items: the number of users that each pair has in common. */
function countPairs(rows: Uint32Array, items: SparseRows, heads: Int32Array): Float64Array {
  const size = rows.length;
  const matrix = new Float64Array(size * size);
  const total = rows.reduce((sum, row) => sum + items.offsets[row + 1] - items.offsets[row], 0);
  // For each user, a linked list of the rows that this user has. A new row forms a pair with all earlier ones.
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

/** A range of items for one thread. */
export interface RegressionTask {
  step: NeighboursStep;
  from: number;
  to: number;
}

export const regressRange = ({ step, from, to }: RegressionTask): Regression[] => regressItems(step, from, to);
