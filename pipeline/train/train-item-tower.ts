import type { ItemTowerColumns } from '../../lib/format/item-tower';
import type { SparseMatrix } from '../../lib/math/sparse';
import { quantiseByWeight } from './quantise-rows';

export interface ItemTowerParameters {
  dims: number;
  /** λ of the ridge, in units of interactions. */
  regularization: number;
  /** The weight of an item with n interactions is n + baseWeight. */
  baseWeight: number;
}

const ITERATIONS = 40;

/**
 * Trains the item tower: E in factors ≈ x·E, where x is the TF-IDF row of an item. Weighted ridge regression of the
 * trained factors on content minimises Σ_i w_i |y_i − x_i·E|² + λ|E|². Items with many interactions have more reliable
 * factors, so they have a higher weight. Solved by conjugate gradients on the normal equations, each dimension
 * separately.
 *
 * @param content TF-IDF rows of all items, warm ones first
 * @param factors trained factors of the warm items, warm × dims
 * @param counts interactions by item
 * @returns terms × dims; zeros for terms without a warm item
 */
export function trainItemTower(
  content: SparseMatrix,
  termCount: number,
  factors: Float32Array,
  counts: ArrayLike<number>,
  { dims, regularization, baseWeight }: ItemTowerParameters,
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
    const weight = counts[row] + baseWeight;
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
 * Predictions of the item tower for the warm items, x·E. To the user tower they look like cold items.
 *
 * @param content TF-IDF rows of all items, warm ones first
 * @param termFactors terms × dims, from {@link trainItemTower}
 * @param warm number of warm items
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

/** The largest share of the item tower's weighted energy that quantisation may lose. docs/adr/0004 compares values. */
const MAX_LOSS = 0.1;

/**
 * Quantises the item tower for its artifact: only terms of cold items, as coarsely as `MAX_LOSS` allows. The weight of
 * a term is the root of its sum of squared TF-IDF over the cold items. The root favours rare terms, which distinguish
 * items: with the plain sum, recall of cold items is lower.
 *
 * @param content TF-IDF rows of all items, warm ones first
 * @param factors terms × dims, from {@link trainItemTower}
 * @param warm number of warm items
 */
export function quantiseItemTower(
  content: SparseMatrix,
  factors: Float32Array,
  dims: number,
  warm: number,
): ItemTowerColumns {
  const termCount = factors.length / dims;
  const weights = new Float64Array(termCount);
  for (let i = content.offsets[warm]; i < content.columns.length; i++)
    weights[content.columns[i]] += content.values[i] ** 2;
  const { quantised, scales } = quantiseByWeight(factors, dims, weights.map(Math.sqrt), MAX_LOSS);
  const rowOf = (term: number) => quantised.subarray(term * dims, (term + 1) * dims);
  const terms = Uint32Array.from(weights.keys()).filter((term) => rowOf(term).some((value) => value !== 0));
  const kept = new Int8Array(terms.length * dims);
  terms.forEach((term, i) => {
    kept.set(rowOf(term), i * dims);
  });
  return { dims, termCount, terms, quantised: kept, scales: Float32Array.from(terms, (term) => scales[term]) };
}
