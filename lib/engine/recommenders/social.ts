import type { SignalProfile } from './recommender';

/**
 * One like of today by one friend weighs 1, and is worth as much as being so many standard deviations above the average as
 * the items of a list are that is cut from a whole catalog: it brings an item of the first hundred to the first twenty.
 */
const DEVIATION = 1 / 8;

/** The weight of the social signal for each unit that the other signals have together, whatever their signs. */
export const SOCIAL_WEIGHT = 0.15;

/**
 * What people whom the visitor follows liked: s(i) = log₂(1 + w) with w the decayed weight of their likes, so that the second
 * friend adds less than the first. The friends of one visitor say nothing of most items: mean and deviation are
 * fixed, since those over the catalog would be about 0.
 *
 * @param weights by row, highest first
 */
export function socialProfile(weights: ReadonlyMap<number, number>): SignalProfile {
  return {
    mean: 0,
    deviation: DEVIATION,
    coherence: 1,
    score: (row) => Math.log2(1 + (weights.get(row) ?? 0)),
    candidates: (limit) => Uint32Array.from([...weights.keys()].slice(0, limit)),
    contributions: () => null,
  };
}
