import type { ItemTowerColumns } from '../../lib/format/item-tower';
import type { SparseMatrix } from '../../lib/math/sparse';
import { quantiseByWeight } from './quantise-rows';

export interface ItemTowerParameters {
  dims: number;
  /** λ of the ridge, in interactions. */
  regularization: number;
  /** Weight of an item with n interactions: n + this. */
  leastWeight: number;
}

const ITERATIONS = 40;

/**
 * The item tower, E in factors ≈ x·E with x the TF-IDF row of an item: weighted ridge regression of the trained factors on
 * content, minimising Σ_i w_i |y_i − x_i·E|² + λ|E|². An item with many interactions has factors that can be trusted,
 * and weighs more. Solved by conjugate gradients on the normal equations, every dimension by itself.
 *
 * @param content TF-IDF rows; @param factors of the first items, warm × dims; @param counts interactions by item
 * @returns terms × dims; zeros for terms that no warm item has
 */
export function trainItemTower(
  content: SparseMatrix,
  termCount: number,
  factors: Float32Array,
  counts: ArrayLike<number>,
  { dims, regularization, leastWeight }: ItemTowerParameters,
): Float32Array {
  const warm = factors.length / dims;
  const projected = new Float64Array(warm * dims);
  /** XᵀWX·v + λv */
  const apply = (v: Float64Array): Float64Array => {
    const result = v.map((value) => regularization * value);
    projected.fill(0);
    for (let row = 0; row < warm; row++) {
      const base = row * dims;
      for (let i = content.offsets[row]; i < content.offsets[row + 1]; i++) {
        const [start, value] = [content.columns[i] * dims, content.values[i]];
        for (let d = 0; d < dims; d++) projected[base + d] += value * v[start + d];
      }
      scatter(row, projected, base, result);
    }
    return result;
  };
  /** Adds w_row · x_row ⊗ values[base …] to the terms. */
  const scatter = (row: number, values: ArrayLike<number>, base: number, terms: Float64Array) => {
    const weight = counts[row] + leastWeight;
    for (let i = content.offsets[row]; i < content.offsets[row + 1]; i++) {
      const [start, value] = [content.columns[i] * dims, weight * content.values[i]];
      for (let d = 0; d < dims; d++) terms[start + d] += value * values[base + d];
    }
  };

  const solution = new Float64Array(termCount * dims);
  const residual = new Float64Array(termCount * dims);
  for (let row = 0; row < warm; row++) scatter(row, factors, row * dims, residual);
  const direction = residual.slice();
  let squares = columnProducts(residual, residual, dims);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const applied = apply(direction);
    const curvature = columnProducts(direction, applied, dims);
    const step = squares.map((square, d) => (curvature[d] > 0 ? square / curvature[d] : 0));
    for (let i = 0; i < solution.length; i++) {
      solution[i] += step[i % dims] * direction[i];
      residual[i] -= step[i % dims] * applied[i];
    }
    const next = columnProducts(residual, residual, dims);
    for (let i = 0; i < direction.length; i++) {
      const d = i % dims;
      direction[i] = residual[i] + (squares[d] > 0 ? next[d] / squares[d] : 0) * direction[i];
    }
    squares = next;
  }
  return Float32Array.from(solution);
}

/**
 * What content alone says of the factors of the first items, x·E: what the user tower meets of an item that is new.
 *
 * @param termFactors terms × dims, from {@link trainItemTower}
 * @returns warm × dims
 */
export function contentFactors(
  content: SparseMatrix,
  termFactors: Float32Array,
  dims: number,
  warm: number,
): Float32Array {
  const factors = new Float32Array(warm * dims);
  for (let row = 0; row < warm; row++)
    for (let i = content.offsets[row]; i < content.offsets[row + 1]; i++)
      for (let d = 0; d < dims; d++)
        factors[row * dims + d] += content.values[i] * termFactors[content.columns[i] * dims + d];
  return factors;
}

function columnProducts(a: Float64Array, b: Float64Array, dims: number): Float64Array {
  const products = new Float64Array(dims);
  for (let i = 0; i < a.length; i++) products[i % dims] += a[i] * b[i];
  return products;
}

/** Share of what the item tower moves that its coding may lose; docs/adr/0004 has what more and less of it cost. */
const MOST_LOSS = 0.1;

/**
 * The item tower as it is shipped: the terms of items without factors of their own, as coarse as can be. How much a term
 * moves is the root of the sum of its squared TF-IDF over those items, times its squared factors. The root leaves rare
 * terms more than their share of the sum: they tell items apart, and without it cold items are found less often.
 *
 * @param factors terms × dims, from {@link trainItemTower}; @param warm how many of the first items have trained factors
 */
export function packItemTower(
  content: SparseMatrix,
  factors: Float32Array,
  dims: number,
  warm: number,
): ItemTowerColumns {
  const termCount = factors.length / dims;
  const weights = new Float64Array(termCount);
  for (let i = content.offsets[warm]; i < content.columns.length; i++)
    weights[content.columns[i]] += content.values[i] ** 2;
  const { quantised, scales } = quantiseByWeight(factors, dims, weights.map(Math.sqrt), MOST_LOSS);
  const rowOf = (term: number) => quantised.subarray(term * dims, (term + 1) * dims);
  const terms = Uint32Array.from(weights.keys()).filter((term) => rowOf(term).some((value) => value !== 0));
  const kept = new Int8Array(terms.length * dims);
  terms.forEach((term, i) => {
    kept.set(rowOf(term), i * dims);
  });
  return { dims, termCount, terms, quantised: kept, scales: Float32Array.from(terms, (term) => scales[term]) };
}
