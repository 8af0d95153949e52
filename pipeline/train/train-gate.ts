import { SIGNALS } from '../../lib/contracts/engine';
import { GATE_INPUTS, GATE_OUTPUTS, toWeights } from '../../lib/engine/ranking/gate';
import type { Mlp } from '../../lib/math/mlp';
import { gaussian, mulberry32 } from '../../lib/math/random';
import { shuffle } from '../../lib/math/shuffle';
import { Adam, addGradients, forwardAll, parametersOf, zerosLike } from './gradients';

/** A training example of the gate: one user with a history of some length. */
export interface GateExample {
  /** See {@link GATE_INPUTS}. */
  input: Float32Array;
  /** z-scores of the candidates, items × signals. */
  scores: Float32Array;
  /** Indices of the candidates that the user likes. */
  relevant: number[];
  /** What finding each of the relevant ones is worth, parallel to them, below 0 for unwanted ones; 1 where absent. */
  gains?: Float64Array;
}

const HIDDEN = 12;
const EPOCHS = 20;
const BATCH = 16;
const LEARNING_RATE = 0.01;
/** Weight decay towards the initial parameters: with few users the gate stays near the hand-weighted blend. */
const DECAY = 2e-3;
/** The initial blend, tuned by hand. */
const INITIAL_WEIGHTS = { content: 0.2, latent: 0.4, neighbours: 0.4, related: 0.02, popular: 0 } as const;
/** The initial weights of popularity and of relatedness for a user without history, besides the above. */
const INITIAL_NOVICE = { popular: 1, related: 0.1 } as const;
/** T of the smooth rank, in units of the blended score. */
const TEMPERATURE = 0.2;

/**
 * The gate before training: constant weights for the personal signals, and a weight of popularity that falls as the
 * history grows.
 */
export function initialGate(seed: number): Mlp {
  const normal = gaussian(mulberry32(seed));
  const inputs = GATE_INPUTS.length;
  const outputs = GATE_OUTPUTS.length;
  const first = Float32Array.from({ length: inputs * HIDDEN }, () => normal() * Math.sqrt(1 / inputs));
  // The first hidden unit passes the first input on, which is 1 for a user without history.
  first.fill(0, 0, inputs);
  first[0] = 1;
  const second = new Float32Array(HIDDEN * outputs);
  for (const signal of ['popular', 'related'] as const)
    second[SIGNALS.indexOf(signal) * HIDDEN] = INITIAL_NOVICE[signal];
  return {
    layers: [
      { inputs, outputs: HIDDEN, weights: first, bias: new Float32Array(HIDDEN), activation: 'relu' },
      {
        inputs: HIDDEN,
        outputs,
        weights: second,
        bias: Float32Array.from(GATE_OUTPUTS, (signal) => INITIAL_WEIGHTS[signal]),
        activation: 'none',
      },
    ],
  };
}

/**
 * The loss of one example and its gradient with respect to the signal weights: 1 − ApproxNDCG (Qin, Liu & Li 2010).
 * That is NDCG with the smooth rank r_i = 1 + Σ_j σ((s_j − s_i) / T) of each relevant item i among all items j, where s
 * = Σ_signal w · z, and with a gain for each relevant item. Unlike a softmax over all items it focuses on the top of
 * the list, and pairs that no weights can order correctly do not dominate it.
 *
 * @param weights one per signal
 */
export function listwiseLoss(
  weights: ArrayLike<number>,
  { scores, relevant, gains }: GateExample,
): { loss: number; gradient: Float32Array } {
  const signals = SIGNALS.length;
  const items = scores.length / signals;
  const totals = new Float64Array(items);
  for (let item = 0; item < items; item++)
    for (let s = 0; s < signals; s++) totals[item] += weights[s] * scores[item * signals + s];
  const sorted = gains?.toSorted((a, b) => b - a);
  let ideal = 0;
  for (let rank = 1; rank <= relevant.length; rank++)
    ideal += Math.max(0, sorted?.[rank - 1] ?? 1) / Math.log2(1 + rank);
  /** Derivative of the loss by each item's score. */
  const slopes = new Float64Array(items);
  const steepness = new Float64Array(items);
  let gain = 0;
  relevant.forEach((i, at) => {
    const worth = gains?.[at] ?? 1;
    let rank = 1;
    let steepest = 0;
    for (let j = 0; j < items; j++) {
      if (j === i) continue;
      const above = 1 / (1 + Math.exp((totals[i] - totals[j]) / TEMPERATURE));
      rank += above;
      steepness[j] = (above * (1 - above)) / TEMPERATURE;
      steepest += steepness[j];
    }
    steepness[i] = -steepest;
    gain += worth / Math.log2(1 + rank);
    // The derivative of −1 / log₂(1 + r) by r.
    const slope = (worth * Math.LN2) / (ideal * (1 + rank) * Math.log(1 + rank) ** 2);
    for (let j = 0; j < items; j++) slopes[j] += slope * steepness[j];
  });
  const gradient = new Float32Array(signals);
  for (let item = 0; item < items; item++)
    for (let s = 0; s < signals; s++) gradient[s] += slopes[item] * scores[item * signals + s];
  return { loss: 1 - gain / ideal, gradient };
}

/**
 * Trains the gate with the listwise loss. Parameters are averaged over the last third of the epochs (Polyak & Juditsky
 * 1992), because the gradients from a few hundred users are noisy.
 *
 * @param onEpoch called after each epoch with the mean loss
 * @returns a network for raw inputs: their standardisation is folded into its first layer. Without examples, the
 *   initial gate
 */
export function trainGate(
  examples: readonly GateExample[],
  seed: number,
  onEpoch: (loss: number) => void = () => {},
): Mlp {
  const gate = initialGate(seed);
  if (examples.length === 0) return gate;
  const { mean, deviation } = standardisation(examples);
  const inputs = examples.map(({ input }) => input.map((value, i) => (value - mean[i]) / deviation[i]));
  // Adapts the first hidden unit to standardised inputs, so that training starts from the same function.
  const [first] = gate.layers;
  first.weights[0] = deviation[0];
  first.bias[0] = mean[0];
  const parameters = parametersOf(gate);
  const anchors = parameters.map((values) => values.slice());
  const gradients = zerosLike(gate);
  const slopes = parametersOf(gradients);
  const adam = new Adam(parameters);
  const means = parameters.map(({ length }) => new Float64Array(length));
  const averaged = Math.ceil(EPOCHS / 3);
  const random = mulberry32(seed + 1);
  const order = Array.from(examples.keys());
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    shuffle(order, random);
    const rate = (LEARNING_RATE / 2) * (1 + Math.cos((Math.PI * epoch) / EPOCHS));
    let total = 0;
    for (let begin = 0; begin < order.length; begin += BATCH) {
      const batch = order.slice(begin, begin + BATCH);
      for (const index of batch) {
        const activations = forwardAll(gate, inputs[index]);
        const output = activations[activations.length - 1];
        const weights = toWeights(output);
        const { loss, gradient } = listwiseLoss(weights, examples[index]);
        // Where a weight is at its limit, the output behind it changes nothing.
        for (let s = 0; s < output.length; s++) if (weights[s] !== output[s]) gradient[s] = 0;
        total += loss;
        addGradients(
          gate,
          activations,
          gradient.map((value) => value / batch.length),
          gradients,
        );
      }
      slopes.forEach((slope, p) => {
        for (let i = 0; i < slope.length; i++) slope[i] += DECAY * (parameters[p][i] - anchors[p][i]);
      });
      adam.step(slopes, rate);
    }
    onEpoch(total / examples.length);
    if (epoch >= EPOCHS - averaged)
      parameters.forEach((values, p) => {
        for (let i = 0; i < values.length; i++) means[p][i] += values[i] / averaged;
      });
  }
  for (const [p, values] of parameters.entries()) values.set(means[p]);
  foldStandardisation(gate, mean, deviation);
  return gate;
}

/** Mean and standard deviation of each input. */
function standardisation(examples: readonly GateExample[]): { mean: Float64Array; deviation: Float64Array } {
  const count = examples.length;
  const mean = new Float64Array(GATE_INPUTS.length);
  const deviation = new Float64Array(GATE_INPUTS.length);
  for (const { input } of examples)
    input.forEach((value, i) => {
      mean[i] += value / count;
    });
  for (const { input } of examples)
    input.forEach((value, i) => {
      deviation[i] += (value - mean[i]) ** 2 / count;
    });
  // A constant input is scaled to zero.
  return { mean, deviation: deviation.map((variance) => (variance > 1e-10 ? Math.sqrt(variance) : 1e6)) };
}

/** Converts the first layer to raw inputs: w·(x − m)/d + b = (w/d)·x + (b − Σ w·m/d). */
function foldStandardisation({ layers: [first] }: Mlp, mean: Float64Array, deviation: Float64Array): void {
  for (let output = 0; output < first.outputs; output++) {
    for (let i = 0; i < first.inputs; i++) {
      const at = output * first.inputs + i;
      first.weights[at] /= deviation[i];
      first.bias[output] -= first.weights[at] * mean[i];
    }
  }
}
