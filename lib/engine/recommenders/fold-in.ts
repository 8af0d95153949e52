import { addOuterProduct, choleskyInPlace, choleskySolve } from '../../math/linear-algebra';

/** The parameters with which the item factors were trained (Rendle et al. 2022, "Revisiting iALS"). */
export interface FoldInParameters {
  dims: number;
  /** α₀: weight of every pair, observed or not. */
  unobservedWeight: number;
  regularization: number;
  /** N: how many items were trained on. */
  itemCount: number;
  /** YᵀY of the item factors, dims × dims. */
  gram: Float64Array;
}

/** An item that a user's factors are fitted to. */
export interface Observation {
  /** The item's factors, dims. */
  vector: Float32Array;
  /** How much the observation counts; 1 is one interaction. */
  weight: number;
  /** The score that the item should get: 1 for a like; below 0 for a dislike. */
  target: number;
}

/** The solution for one user. */
export interface FoldedUser {
  /** The user's factors, dims. */
  factors: Float32Array;
  /**
   * How much each observation adds to the score of an item; the parts sum to the score (Hu, Koren & Volinsky 2008,
   * section 5).
   *
   * @param item its factors, dims
   * @returns parallel to the observations
   */
  contributions(item: Float32Array): Float64Array;
}

/**
 * Computes the user factors that iALS would have learned, in closed form: u = A⁻¹b with
 * A = Σ w·y·yᵀ + α₀·YᵀY + λ·I, b = Σ w·target·y and λ = reg · (Σw + α₀·N).
 *
 * @param observations with vectors of `parameters.dims` numbers
 */
export function foldIn(parameters: FoldInParameters, observations: readonly Observation[]): FoldedUser {
  const { dims, unobservedWeight, gram } = parameters;
  const matrix = new Float64Array(dims * dims);
  const right = new Float64Array(dims);
  let total = 0;
  for (let i = 0; i < matrix.length; i++) matrix[i] = unobservedWeight * gram[i];
  for (const { vector, weight, target } of observations) {
    addOuterProduct(matrix, dims, vector, 0, weight);
    for (let d = 0; d < dims; d++) right[d] += weight * target * vector[d];
    total += weight;
  }
  const ridge = parameters.regularization * (total + unobservedWeight * parameters.itemCount);
  for (let d = 0; d < dims; d++) matrix[d * dims + d] += ridge;
  choleskyInPlace(matrix, dims);
  choleskySolve(matrix, dims, right);
  return {
    factors: Float32Array.from(right),
    contributions(item) {
      const direction = Float64Array.from(item);
      choleskySolve(matrix, dims, direction);
      return Float64Array.from(observations, ({ vector, weight, target }) => {
        let product = 0;
        for (let d = 0; d < dims; d++) product += direction[d] * vector[d];
        return weight * target * product;
      });
    },
  };
}
