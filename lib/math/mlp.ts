/** A fully connected layer: output = activation(weights · input + bias). */
export interface DenseLayer {
  inputs: number;
  outputs: number;
  /** outputs × inputs, row-major. */
  weights: Float32Array;
  /** outputs numbers. */
  bias: Float32Array;
  activation: 'relu' | 'none';
}

/** A multilayer perceptron. The outputs of each layer are the inputs of the next. */
export interface Mlp {
  layers: DenseLayer[];
}

/** @throws RangeError if there is no layer, an array does not have its layer's size, or two layers do not fit */
export function assertMlp({ layers }: Mlp): void {
  if (layers.length === 0) throw new RangeError('a network needs at least one layer');
  layers.forEach(({ inputs, outputs, weights, bias }, i) => {
    if (!(Number.isInteger(inputs) && Number.isInteger(outputs) && inputs > 0 && outputs > 0))
      throw new RangeError(`layer ${i} has the sizes ${inputs} → ${outputs}; both must be whole numbers above 0`);
    if (weights.length !== inputs * outputs || bias.length !== outputs)
      throw new RangeError(
        `layer ${i} (${inputs} → ${outputs}) has ${weights.length} weights and ${bias.length} biases; ` +
          `it needs ${inputs * outputs} and ${outputs}`,
      );
    if (i > 0 && inputs !== layers[i - 1].outputs)
      throw new RangeError(`layer ${i} takes ${inputs} inputs, but layer ${i - 1} gives ${layers[i - 1].outputs}`);
  });
}

/**
 * Computes the network's output.
 *
 * @param input `inputs` numbers of the first layer
 * @returns `outputs` numbers of the last layer
 */
export function forward({ layers }: Mlp, input: Float32Array): Float32Array {
  return layers.reduce(applyLayer, input);
}

/**
 * Computes Jᵀ · direction, with J the Jacobian of the network at `input` (a vector–Jacobian product). A ReLU network is
 * linear around every input, so these coefficients split the output exactly: direction · output =
 * Σ_i coefficient_i · input_i + a constant from the biases. A unit exactly at the bend of its ReLU counts as inactive.
 *
 * @param direction as long as the network's output
 * @returns as long as its input
 */
export function backpropagate({ layers }: Mlp, input: Float32Array, direction: Float32Array): Float32Array {
  const outputsOf: Float32Array[] = [];
  for (const layer of layers) outputsOf.push(applyLayer(outputsOf.at(-1) ?? input, layer));
  return layers.reduceRight((gradient, { inputs, outputs, weights, activation }, i) => {
    // Sums are in double precision until the layer is done, as in `applyLayer`.
    const sums = new Float64Array(inputs);
    for (let output = 0; output < outputs; output++) {
      if (activation === 'relu' && outputsOf[i][output] === 0) continue;
      const slope = gradient[output];
      const row = output * inputs;
      for (let j = 0; j < inputs; j++) sums[j] += slope * weights[row + j];
    }
    return Float32Array.from(sums);
  }, direction);
}

/**
 * Computes one layer: activation(weights · input + bias).
 *
 * @param input `inputs` numbers
 * @returns `outputs` numbers
 */
export function applyLayer(
  input: Float32Array,
  { inputs, outputs, weights, bias, activation }: DenseLayer,
): Float32Array {
  const result = new Float32Array(outputs);
  for (let output = 0; output < outputs; output++) {
    const row = output * inputs;
    let sum = bias[output];
    for (let j = 0; j < inputs; j++) sum += weights[row + j] * input[j];
    result[output] = activation === 'relu' ? Math.max(0, sum) : sum;
  }
  return result;
}
