import { addOuterProduct, choleskyInPlace, choleskySolve } from '../../lib/math/linear-algebra';
import type { SparseRows } from '../../lib/math/sparse';

/** What one half-step of iALS works on; the arrays are shared between threads. */
export interface HalfStep {
  rows: SparseRows;
  /** Factors to be solved for, rows × dims. */
  solve: Float32Array;
  /** Factors held fixed, columns × dims. */
  fixed: Float32Array;
  dims: number;
  unobservedWeight: number;
  regularization: number;
}

/**
 * Solves the rows [from, to) exactly: for each, (Σ v·vᵀ + α₀·VᵀV + λI)·x = Σ v with
 * λ = reg · (n + α₀·|columns|). Each row depends on the fixed side only, so that any division of the rows among
 * threads gives the same bits.
 *
 * @returns the sum over the observed pairs of (1 − x·v)²
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

/** A range of rows as a thread is asked for it; arrays are shared, not copied. */
export interface RangeTask {
  step: HalfStep;
  fixedGram: Float64Array;
  from: number;
  to: number;
}

export const solveRange = ({ step, fixedGram, from, to }: RangeTask): number => solveRows(step, fixedGram, from, to);
