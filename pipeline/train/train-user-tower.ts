import { towerInputs } from '../../lib/engine/recommenders/user-tower';
import type { Mlp } from '../../lib/math/mlp';
import { gaussian, mulberry32 } from '../../lib/math/random';
import { Adam, addGradients, forwardAll, parametersOf, zerosLike } from './gradients';
import {
  eligibleUsers,
  type SoftmaxPool,
  sampleExample,
  samplePool,
  type TowerData,
  type TowerExample,
} from './tower-examples';

export interface TowerOptions {
  seed: number;
  /** Total number of training examples. */
  examples: number;
  /** Called every 100 batches with the examples so far and a running mean of the loss. */
  onBatch?: (examples: number, loss: number) => void;
}

const HIDDEN = 128;
const BATCH = 64;
const LEARNING_RATE = 2e-3;
/** Logits per unit of the inner product. iALS scores are in units where 1 means an observed interaction. */
const SCALE = 8;

/** A user tower before training. Its outputs are so small that at first the logits are those of logQ alone. */
export function initialTower(dims: number, seed: number, inputScale: number): Mlp {
  const normal = gaussian(mulberry32(seed));
  const layer = (inputs: number, outputs: number, scale: number, activation: 'relu' | 'none') => ({
    inputs,
    outputs,
    weights: Float32Array.from({ length: inputs * outputs }, () => normal() * scale * Math.sqrt(2 / inputs)),
    bias: new Float32Array(outputs),
    activation,
  });
  return { layers: [layer(towerInputs(dims), HIDDEN, inputScale, 'relu'), layer(HIDDEN, dims, 0.1, 'none')] };
}

/**
 * The loss of one example and its gradient with respect to the user vector: sampled softmax (Jean et al. 2015) with the
 * correction of Yi et al. 2019, −log softmax over the pool of SCALE · u·v − log Q. Items that the user likes are left
 * out, except the positive.
 *
 * @param user the user vector, dims
 */
export function sampledSoftmax(
  user: ArrayLike<number>,
  { positive, known }: Pick<TowerExample, 'positive' | 'known'>,
  { items, vectors, logQ }: SoftmaxPool,
): { loss: number; gradient: Float32Array } {
  const dims = user.length;
  const count = items.length;
  const logits = new Float64Array(count);
  let highest = Number.NEGATIVE_INFINITY;
  let target = -1;
  for (let i = 0; i < count; i++) {
    // Only the first occurrence of the positive counts; other liked items are not negatives.
    if (items[i] === positive ? target >= 0 : known.has(items[i])) {
      logits[i] = Number.NEGATIVE_INFINITY;
      continue;
    }
    if (items[i] === positive) target = i;
    const start = i * dims;
    let product = 0;
    for (let d = 0; d < dims; d++) product += user[d] * vectors[start + d];
    logits[i] = SCALE * product - logQ[i];
    if (logits[i] > highest) highest = logits[i];
  }
  let sum = 0;
  for (let i = 0; i < count; i++) sum += Math.exp(logits[i] - highest);
  const gradient = new Float32Array(dims);
  for (let i = 0; i < count; i++) {
    const slope = SCALE * (Math.exp(logits[i] - highest) / sum - (i === target ? 1 : 0));
    if (slope === 0) continue;
    const start = i * dims;
    for (let d = 0; d < dims; d++) gradient[d] += slope * vectors[start + d];
  }
  return { loss: highest + Math.log(sum) - logits[target], gradient };
}

/**
 * Trains the user tower of a two-tower model (Covington et al. 2016; Yi et al. 2019). Inputs are pooled history,
 * recency, dislikes and stated interests; the output is a vector of the latent space. The item tower combines content
 * and id. Negatives are the other positives of the batch, random items, and items similar to the history. Most
 * histories are cut to few items or none, because the tower is used for short histories.
 */
export function trainUserTower(data: TowerData, { seed, examples, onBatch }: TowerOptions): Mlp {
  const { likes, itemFactors, dims } = data;
  const random = mulberry32(seed);
  const users = eligibleUsers(likes);
  const rms = Math.sqrt(itemFactors.reduce((sum, value) => sum + value * value, 0) / Math.max(1, itemFactors.length));
  const tower = initialTower(dims, seed, 1 / (rms || 1) / 2);
  if (users.length === 0) return tower;
  const gradients = zerosLike(tower);
  const slopes = parametersOf(gradients);
  const adam = new Adam(parametersOf(tower));
  const batches = Math.ceil(examples / BATCH);
  let meanLoss = 0;
  for (let batch = 0; batch < batches; batch++) {
    const batchExamples = Array.from({ length: BATCH }, () => sampleExample(data, users, random));
    const pool = samplePool(data, batchExamples, random);
    let loss = 0;
    for (const example of batchExamples) {
      const activations = forwardAll(tower, example.input);
      const result = sampledSoftmax(activations[activations.length - 1], example, pool);
      loss += result.loss / BATCH;
      addGradients(
        tower,
        activations,
        result.gradient.map((value) => value / BATCH),
        gradients,
      );
    }
    adam.step(slopes, (LEARNING_RATE / 2) * (1 + Math.cos((Math.PI * batch) / batches)));
    meanLoss = batch === 0 ? loss : 0.98 * meanLoss + 0.02 * loss;
    if (batch % 100 === 0) onBatch?.(batch * BATCH, meanLoss);
  }
  return tower;
}
