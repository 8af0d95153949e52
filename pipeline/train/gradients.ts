import { applyLayer, type Mlp } from '../../lib/math/mlp';

/** The input of every layer, and the output of the last. */
export type Activations = Float32Array[];

/** Runs a network and returns all activations, which back-propagation needs. */
export function forwardAll({ layers }: Mlp, input: Float32Array): Activations {
  const activations = [input];
  for (const layer of layers) activations.push(applyLayer(activations[activations.length - 1], layer));
  return activations;
}

/**
 * Back-propagation (Rumelhart, Hinton & Williams 1986): adds the gradients of a loss with respect to every weight and
 * bias to `gradients`, a network of the same shape.
 *
 * @param activations from {@link forwardAll}
 * @param outputGradient of the loss with respect to the network's output
 */
export function addGradients(
  { layers }: Mlp,
  activations: Activations,
  outputGradient: Float32Array,
  gradients: Mlp,
): void {
  let slopes = outputGradient;
  for (let layer = layers.length - 1; layer >= 0; layer--) {
    const { inputs, outputs, weights, activation } = layers[layer];
    const target = gradients.layers[layer];
    const before = activations[layer];
    const next = new Float32Array(inputs);
    for (let output = 0; output < outputs; output++) {
      if (activation === 'relu' && activations[layer + 1][output] === 0) continue;
      const slope = slopes[output];
      if (slope === 0) continue;
      target.bias[output] += slope;
      const row = output * inputs;
      for (let i = 0; i < inputs; i++) {
        target.weights[row + i] += slope * before[i];
        next[i] += slope * weights[row + i];
      }
    }
    slopes = next;
  }
}

/** A network of the same shape, all zeros. */
export function zerosLike({ layers }: Mlp): Mlp {
  return {
    layers: layers.map((layer) => ({
      ...layer,
      weights: new Float32Array(layer.weights.length),
      bias: new Float32Array(layer.bias.length),
    })),
  };
}

/** Every array of parameters, in a fixed order. */
export function parametersOf({ layers }: Mlp): Float32Array[] {
  return layers.flatMap(({ weights, bias }) => [weights, bias]);
}

/** The Adam optimiser (Kingma & Ba 2015). */
export class Adam {
  private readonly parameters: readonly Float32Array[];
  private readonly first: Float32Array[];
  private readonly second: Float32Array[];
  private steps = 0;

  constructor(parameters: readonly Float32Array[]) {
    this.parameters = parameters;
    this.first = parameters.map(({ length }) => new Float32Array(length));
    this.second = parameters.map(({ length }) => new Float32Array(length));
  }

  /** Takes one step against `gradients`, which are parallel to the parameters, and sets them to zero. */
  step(gradients: readonly Float32Array[], rate: number): void {
    this.steps++;
    const [decay1, decay2] = [0.9, 0.999];
    const scale = (rate * Math.sqrt(1 - decay2 ** this.steps)) / (1 - decay1 ** this.steps);
    this.parameters.forEach((values, p) => {
      const [gradient, first, second] = [gradients[p], this.first[p], this.second[p]];
      for (let i = 0; i < values.length; i++) {
        first[i] = decay1 * first[i] + (1 - decay1) * gradient[i];
        second[i] = decay2 * second[i] + (1 - decay2) * gradient[i] * gradient[i];
        values[i] -= (scale * first[i]) / (Math.sqrt(second[i]) + 1e-8);
      }
      gradient.fill(0);
    });
  }
}
