/** Rows in 8 bits: factor = quantised · scale of its row. */
export interface QuantisedRows {
  /** rows × dims, row-major. */
  quantised: Int8Array;
  scales: Float32Array;
}

/** The largest 8-bit code. */
const MAX_CODE = 127;

/**
 * Quantises all rows with the same step. For a given size after entropy coding (here deflate), uniform steps are close
 * to the optimum for the mean square error of inner products (Gish & Pierce 1968): rows with small norms, which are
 * rarely at the top of a list, take few bits. The step is doubled or halved only for rows that would not fit into 8
 * bits or would become zero.
 *
 * @param factors rows × dims
 * @param fineness steps per root mean square of all factors
 */
export function quantiseUniformly(factors: Float32Array, dims: number, fineness: number): QuantisedRows {
  const meanSquare = factors.reduce((sum, value) => sum + value * value, 0) / Math.max(1, factors.length);
  const step = Math.fround(Math.sqrt(meanSquare) / fineness);
  return quantise(factors, dims, (_, largest) => {
    if (largest === 0) return 1;
    let scale = step;
    while (largest > MAX_CODE * scale) scale *= 2;
    // A factor of exactly half a step is rounded up, so it does not vanish.
    while (largest < scale / 2) scale /= 2;
    return scale;
  });
}

/**
 * Quantises weighted rows as coarsely as the loss allows. Steps are proportional to 1/√weight, so each unit of a code
 * contributes the same share of Σ weight · |row|², and rows without effect become zeros. Scales are powers of 2.
 *
 * @param factors rows × dims
 * @param weights by row, ≥ 0
 * @param loss the largest allowed ratio of Σ weight · |error|² to Σ weight · |row|²
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
  const quantiseWith = (step: number) =>
    quantise(factors, dims, (row, largest) => {
      if (!(weights[row] > 0) || largest === 0) return Number.POSITIVE_INFINITY;
      return 2 ** Math.round(Math.log2(Math.max(step / Math.sqrt(weights[row]), largest / (MAX_CODE / Math.SQRT2))));
    });
  const errorOf = ({ quantised, scales }: QuantisedRows) => {
    let sum = 0;
    factors.forEach((value, i) => {
      const row = Math.floor(i / dims);
      const restored = quantised[i] === 0 ? 0 : quantised[i] * scales[row];
      sum += weights[row] * (value - restored) ** 2;
    });
    return sum;
  };
  // The error grows with the step, apart from the rounding of scales: bisect the logarithm of the step.
  const root = Math.sqrt(energy);
  let [fine, coarse] = [Math.log2(root || 1) - HALVINGS, Math.log2(root || 1) + 1];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (fine + coarse) / 2;
    if (errorOf(quantiseWith(2 ** middle)) <= loss * energy) fine = middle;
    else coarse = middle;
  }
  return quantiseWith(2 ** fine);
}
/** The step is between 2⁻²⁰ and 2 times the root of the energy; its logarithm is found to about 2⁻¹⁶. */
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
