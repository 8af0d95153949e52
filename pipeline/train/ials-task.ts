import { addOuterProduct, choleskyInPlace, choleskySolve } from '../../lib/math/linear-algebra';
import type { SparseRows } from '../../lib/math/sparse';

/** The data of one half-step of iALS. Its arrays are in shared memory. */
export interface HalfStep {
  rows: SparseRows;
  /** Factors to solve for, rows × dims; written in place. */
  solve: Float32Array;
  /** Fixed factors of the other side, columns × dims. */
  fixed: Float32Array;
  dims: number;
  unobservedWeight: number;
  regularization: number;
}

/**
 * Solves the rows [from, to) exactly: (Σ v·vᵀ + α₀·VᵀV + λI)·x = Σ v for each, with λ = reg · (n + α₀·|columns|). Each
 * row depends on the fixed side only, so any division of the rows among threads gives the same bits.
 *
 * @param fixedGram VᵀV of the fixed factors, dims × dims
 * @returns the sum of (1 − x·v)² over the observed pairs
 */
export function solveRows(step: HalfStep, fixedGram: Float64Array, from: number, to: number): number {
  const { rows, solve, fixed, dims, unobservedWeight, regularization } = step;
  const columnCount = fixed.length / dims;
  const matrix = new Float64Array(dims * dims);
  const vector = new Float64Array(dims);
  let squaredError = 0;
  for (let row = from; row < to; row++) {
    const [begin, end] = [rows.offsets[row], rows.offsets[row + 1]];
    for (let i = 0; i < matrix.length; i++) matrix[i] = unobservedWeight * fixedGram[i];
    vector.fill(0);
    for (let i = begin; i < end; i++) {
      const start = rows.columns[i] * dims;
      addOuterProduct(matrix, dims, fixed, start, 1);
      for (let d = 0; d < dims; d++) vector[d] += fixed[start + d];
    }
    const ridge = regularization * (end - begin + unobservedWeight * columnCount);
    for (let d = 0; d < dims; d++) matrix[d * dims + d] += ridge;
    choleskyInPlace(matrix, dims);
    choleskySolve(matrix, dims, vector);
    solve.set(vector, row * dims);
    for (let i = begin; i < end; i++) {
      const start = rows.columns[i] * dims;
      let score = 0;
      for (let d = 0; d < dims; d++) score += vector[d] * fixed[start + d];
      squaredError += (1 - score) ** 2;
    }
  }
  return squaredError;
}

/** A range of rows for one thread. */
export interface RangeTask {
  step: HalfStep;
  fixedGram: Float64Array;
  from: number;
  to: number;
}

export const solveRange = ({ step, fixedGram, from, to }: RangeTask): number => solveRows(step, fixedGram, from, to);
