import { backpropagate, forward, type Mlp } from '../../math/mlp';
import type { Evidence } from './recommender';

/** An evidence entry with its vector in the latent space. */
export interface TowerEvidence {
  entry: Evidence;
  /** Position among all evidence of the user. */
  index: number;
  /** dims */
  vector: Float32Array;
}

/** Weights in the pool of recent likes: 1 for the newest like, and this factor less for each older one. */
const RECENCY_DECAY = 0.8;
/** Pooled vectors in the input: likes, recent likes, dislikes, interests. */
const POOLS = 4;
/** Further inputs: log(1 + likes), log(1 + dislikes), and whether interests are stated. */
const COUNTS = 3;
const COUNT_SCALE = 0.25;

/** The number of inputs of a tower over vectors of `dims` numbers. */
export const towerInputs = (dims: number): number => POOLS * dims + COUNTS;

/**
 * The factor of each entry's vector in each pool: its weight over √(sum of the pool's weights).
 *
 * @returns evidence × POOLS
 */
function poolWeights(evidence: readonly TowerEvidence[]): Float32Array {
  const weights = new Float32Array(evidence.length * POOLS);
  const sums = new Float32Array(POOLS);
  let recency = 1;
  for (let i = evidence.length - 1; i >= 0; i--) {
    const { source, sign, weight } = evidence[i].entry;
    const setWeight = (pool: number, value: number) => {
      weights[i * POOLS + pool] = value;
      sums[pool] += value;
    };
    if (source.kind === 'interest') setWeight(3, weight);
    else if (sign < 0) setWeight(2, weight);
    else {
      setWeight(0, weight);
      setWeight(1, weight * recency);
      recency *= RECENCY_DECAY;
    }
  }
  return weights.map((weight, i) => (weight === 0 ? 0 : weight / Math.sqrt(sums[i % POOLS])));
}

/**
 * The input of the user tower: pooled factors of the likes, of the likes by recency, of the dislikes and of the stated
 * interests, then their counts.
 *
 * @param evidence oldest first
 * @returns POOLS · dims + COUNTS numbers
 */
export function towerInput(evidence: readonly TowerEvidence[], dims: number): Float32Array {
  const input = new Float32Array(towerInputs(dims));
  const weights = poolWeights(evidence);
  let [likes, dislikes, interests] = [0, 0, 0];
  evidence.forEach(({ entry, vector }, i) => {
    if (entry.source.kind === 'interest') interests = 1;
    else if (entry.sign < 0) dislikes++;
    else likes++;
    for (let pool = 0; pool < POOLS; pool++) {
      const weight = weights[i * POOLS + pool];
      if (weight !== 0) for (let d = 0; d < dims; d++) input[pool * dims + d] += weight * vector[d];
    }
  });
  input.set([COUNT_SCALE * Math.log1p(likes), COUNT_SCALE * Math.log1p(dislikes), interests], POOLS * dims);
  return input;
}

/** A user whose factors the tower computed. */
export interface TowerUser {
  /** dims */
  factors: Float32Array;
  /**
   * How much each evidence entry adds to the score of an item. Counts and biases add the rest.
   *
   * @param item its factors, dims
   * @returns parallel to the evidence
   */
  contributions(item: Float32Array): Float64Array;
}

/**
 * Runs the tower, a ReLU network over {@link towerInput}. Such a network is linear around its input, so that a score is
 * exactly the sum of the contributions of the evidence, the counts and the biases.
 *
 * @param evidence oldest first
 * @param output the tower's output for the same input, where it was computed elsewhere
 */
export function runTower(
  tower: Mlp,
  evidence: readonly TowerEvidence[],
  dims: number,
  output?: Float32Array,
): TowerUser {
  const input = towerInput(evidence, dims);
  return {
    factors: output ?? forward(tower, input),
    contributions(item) {
      const coefficients = backpropagate(tower, input, item);
      const weights = poolWeights(evidence);
      return Float64Array.from(evidence, ({ vector }, i) => {
        let part = 0;
        for (let pool = 0; pool < POOLS; pool++) {
          const weight = weights[i * POOLS + pool];
          if (weight !== 0) for (let d = 0; d < dims; d++) part += weight * vector[d] * coefficients[pool * dims + d];
        }
        return part;
      });
    },
  };
}
