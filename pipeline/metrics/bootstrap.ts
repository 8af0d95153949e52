import { mulberry32 } from '../../lib/math/random';

/** A mean over users and its 95 % interval. */
export interface Estimate {
  mean: number;
  low: number;
  high: number;
}

export const BOOTSTRAP_ROUNDS = 1000;
const TAIL = 0.025;

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return values.length === 0 ? 0 : sum / values.length;
}

/**
 * The mean and its percentile bootstrap interval (Efron & Tibshirani 1993): users are drawn again with replacement 1000
 * times. The same seed draws the same users, so that rows of a table are resampled alike.
 *
 * @param values one number a user; all 0 comes back where there is none
 */
export function estimate(values: ArrayLike<number>, seed: number, rounds = BOOTSTRAP_ROUNDS): Estimate {
  const size = values.length;
  const random = mulberry32(seed);
  const means = new Float64Array(rounds);
  for (let round = 0; size > 0 && round < rounds; round++) {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += values[Math.floor(random() * size)];
    means[round] = sum / size;
  }
  means.sort();
  const tail = Math.floor(TAIL * rounds);
  return { mean: mean(values), low: means[tail], high: means[rounds - 1 - tail] };
}

/** The mean of a − b over the same users, with its interval: what both share (easy and hard users) falls out. */
export function pairedDifference(a: ArrayLike<number>, b: ArrayLike<number>, seed: number): Estimate {
  if (a.length !== b.length) throw new RangeError(`${a.length} users cannot be paired with ${b.length}`);
  return estimate(
    Float64Array.from(a, (value, i) => value - b[i]),
    seed,
  );
}
