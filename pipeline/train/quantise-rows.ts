/** Rows in 8 bits: factor = quantised · scale of its row. */
export interface QuantisedRows {
  /** rows × dims, row-major. */
  quantised: Int8Array;
  scales: Float32Array;
}

const LARGEST = 127;

/**
 * Quantises all rows with one step. Uniform steps are near the best that can be done for the inner products' mean square
 * error at a given size (Gish & Pierce 1968), once an entropy coder such as deflate packs them: rows of small norms, which
 * seldom come first in anybody's list, take few bits. Only a row that would not fit 8 bits, or would vanish, gets the step
 * doubled or halved as often as it needs.
 *
 * @param fineness steps in the root mean square of all factors
 */
export function quantiseAlike(factors: Float32Array, dims: number, fineness: number): QuantisedRows {
  const meanSquare = factors.reduce((sum, value) => sum + value * value, 0) / Math.max(1, factors.length);
  const step = Math.fround(Math.sqrt(meanSquare) / fineness);
  return quantise(factors, dims, (_, largest) => {
    if (largest === 0) return 1;
    let scale = step;
    while (largest > LARGEST * scale) scale *= 2;
    // Rounding takes a half up.
    while (largest < scale / 2) scale /= 2;
    return scale;
  });
}

/**
 * Quantises rows that matter unequally, as coarsely as the loss allows. With steps ∝ 1/√weight every number that is
 * stored stands for the same share of Σ weight · |row|², and rows that move nothing become zeros. Scales are powers of 2.
 *
 * @param weights by row, ≥ 0; @param loss the share of Σ weight · |row|² that may go to Σ weight · |error|²
 */
export function quantiseByWeight(
  factors: Float32Array,
  dims: number,
  weights: Float64Array,
  loss: number,
): QuantisedRows {
  let energy = 0;
  factors.forEach((value, i) => {
    energy += weights[Math.floor(i / dims)] * value * value;
  });
  const tried = (step: number) =>
    quantise(factors, dims, (row, largest) => {
      if (!(weights[row] > 0) || largest === 0) return Number.POSITIVE_INFINITY;
      return 2 ** Math.round(Math.log2(Math.max(step / Math.sqrt(weights[row]), largest / (LARGEST / Math.SQRT2))));
    });
  const lost = ({ quantised, scales }: QuantisedRows) => {
    let sum = 0;
    factors.forEach((value, i) => {
      const row = Math.floor(i / dims);
      const kept = quantised[i] === 0 ? 0 : quantised[i] * scales[row];
      sum += weights[row] * (value - kept) ** 2;
    });
    return sum;
  };
  // The loss grows with the step, but for the rounding of scales: halve the interval of its logarithm.
  const root = Math.sqrt(energy);
  let [fine, coarse] = [Math.log2(root || 1) - HALVINGS, Math.log2(root || 1) + 1];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (fine + coarse) / 2;
    if (lost(tried(2 ** middle)) <= loss * energy) fine = middle;
    else coarse = middle;
  }
  return tried(2 ** fine);
}
/** Steps are sought between 2⁻²⁰ and 2 of the whole, to within 2⁻¹⁶. */
const HALVINGS = 20;

function quantise(
  factors: Float32Array,
  dims: number,
  scaleOf: (row: number, largest: number) => number,
): QuantisedRows {
  const quantised = new Int8Array(factors.length);
  const scales = new Float32Array(factors.length / dims);
  for (let row = 0; row < scales.length; row++) {
    const begin = row * dims;
    let largest = 0;
    for (let i = begin; i < begin + dims; i++) largest = Math.max(largest, Math.abs(factors[i]));
    scales[row] = scaleOf(row, largest);
    for (let i = begin; i < begin + dims; i++) quantised[i] = Math.round(factors[i] / scales[row]);
  }
  return { quantised, scales };
}
