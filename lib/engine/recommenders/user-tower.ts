import { backpropagate, forward, type Mlp } from '../../math/mlp';
import type { Evidence } from './recommender';

/** One piece of evidence in the latent space. */
export interface TowerEvidence {
  piece: Evidence;
  /** Its place among all evidence. */
  index: number;
  vector: Float32Array;
}

/** The newest like weighs 1 in the recent pool, the one before it this much, and so on. */
const RECENCY_DECAY = 0.8;
/** Pools of vectors that the tower takes: likes, recent likes, dislikes, interests. */
const POOLS = 4;
/** Numbers besides: logarithms of how many likes and dislikes, and whether interests are stated. */
const COUNTS = 3;
const COUNT_SCALE = 0.25;

/** How many inputs a tower over vectors of `dims` has. */
export const towerInputs = (dims: number): number => POOLS * dims + COUNTS;

/** How much each piece weighs in each pool, POOLS numbers a piece; a pool is a weighted sum over √(sum of weights). */
function poolWeights(evidence: readonly TowerEvidence[]): Float32Array {
  const weights = new Float32Array(evidence.length * POOLS);
  const sums = new Float32Array(POOLS);
  let recency = 1;
  for (let i = evidence.length - 1; i >= 0; i--) {
    const { source, sign, weight } = evidence[i].piece;
    const put = (pool: number, value: number) => {
      weights[i * POOLS + pool] = value;
      sums[pool] += value;
    };
    if (source.kind === 'interest') put(3, weight);
    else if (sign < 0) put(2, weight);
    else {
      put(0, weight);
      put(1, weight * recency);
      recency *= RECENCY_DECAY;
    }
  }
  return weights.map((weight, i) => (weight === 0 ? 0 : weight / Math.sqrt(sums[i % POOLS])));
}

/**
 * What the user tower takes: pooled factors of the likes, of the likes by recency, of the dislikes and of the stated
 * interests, and how much of each there is.
 *
 * @param evidence oldest first
 * @returns POOLS · dims + COUNTS numbers
 */
export function towerInput(evidence: readonly TowerEvidence[], dims: number): Float32Array {
  const input = new Float32Array(towerInputs(dims));
  const weights = poolWeights(evidence);
  let [likes, dislikes, interests] = [0, 0, 0];
  evidence.forEach(({ piece, vector }, i) => {
    if (piece.source.kind === 'interest') interests = 1;
    else if (piece.sign < 0) dislikes++;
    else likes++;
    for (let pool = 0; pool < POOLS; pool++) {
      const weight = weights[i * POOLS + pool];
      if (weight !== 0) for (let d = 0; d < dims; d++) input[pool * dims + d] += weight * vector[d];
    }
  });
  input.set([COUNT_SCALE * Math.log1p(likes), COUNT_SCALE * Math.log1p(dislikes), interests], POOLS * dims);
  return input;
}

/** A user as the tower sees it. */
export interface TowerUser {
  /** dims */
  factors: Float32Array;
  /** How much of the score of an item with the given factors each piece of evidence brings, the biases left out. */
  contributions(item: Float32Array): Float64Array;
}

/**
 * Runs the tower, a network of ReLUs over {@link towerInput}. Such a network is linear around its input, so that a score
 * splits exactly among the pieces of evidence; what the counts and biases bring belongs to none of them.
 *
 * @param output what the tower gave for this very input, where it ran elsewhere
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
