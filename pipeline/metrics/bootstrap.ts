import { mulberry32 } from '../../lib/math/random';

/** A mean over users and its 95 % confidence interval. */
export interface Estimate {
  mean: number;
  low: number;
  high: number;
}

export const BOOTSTRAP_ROUNDS = 1000;
const TAIL = 0.025;

/** The mean of the values; 0 if there are none. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return values.length === 0 ? 0 : sum / values.length;
}

/**
 * The mean and its percentile bootstrap interval (Efron & Tibshirani 1993) from 1000 resamples with replacement. The
 * same seed resamples the same users, so the rows of a table are resampled alike.
 *
 * @param values one number per user
 * @returns zeros if there are no values
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

/**
 * Σ parts / Σ wholes with its interval, resampling the pairs: for a share of events that come in groups.
 *
 * @param parts one number per group
 * @param wholes one number per group, above 0
 * @returns zeros without groups
 */
export function ratioEstimate(
  parts: readonly number[],
  wholes: readonly number[],
  seed: number,
  rounds = BOOTSTRAP_ROUNDS,
): Estimate {
  const size = parts.length;
  const random = mulberry32(seed);
  const ratios = new Float64Array(rounds);
  for (let round = 0; size > 0 && round < rounds; round++) {
    let [part, whole] = [0, 0];
    for (let i = 0; i < size; i++) {
      const group = Math.floor(random() * size);
      part += parts[group];
      whole += wholes[group];
    }
    ratios[round] = part / whole;
  }
  ratios.sort();
  const tail = Math.floor(TAIL * rounds);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return { mean: size === 0 ? 0 : sum(parts) / sum(wholes), low: ratios[tail], high: ratios[rounds - 1 - tail] };
}

/**
 * The mean of a − b with its interval, paired by user: variance that both share (easy and hard users) cancels out.
 *
 * @param a one number per user
 * @param b one number per user, in the same order
 * @throws RangeError if the lengths differ
 */
export function pairedDifference(a: ArrayLike<number>, b: ArrayLike<number>, seed: number): Estimate {
  if (a.length !== b.length) throw new RangeError(`${a.length} users cannot be paired with ${b.length}`);
  return estimate(
    Float64Array.from(a, (value, i) => value - b[i]),
    seed,
  );
}
