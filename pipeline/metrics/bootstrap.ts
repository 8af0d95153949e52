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
  const interval = resample(values.length, seed, rounds, (draw) => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[draw()];
    return sum / values.length;
  });
  return { mean: mean(values), ...interval };
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
  const interval = resample(parts.length, seed, rounds, (draw) => {
    let [part, whole] = [0, 0];
    for (let i = 0; i < parts.length; i++) {
      const group = draw();
      part += parts[group];
      whole += wholes[group];
    }
    return part / whole;
  });
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return { mean: parts.length === 0 ? 0 : sum(parts) / sum(wholes), ...interval };
}

/**
 * The percentile interval of a statistic over resamples with replacement.
 *
 * @param size number of values; zeros if there are none
 * @param statistic of one resample, which calls its argument for the index of each value
 */
function resample(
  size: number,
  seed: number,
  rounds: number,
  statistic: (draw: () => number) => number,
): Pick<Estimate, 'low' | 'high'> {
  const random = mulberry32(seed);
  const draw = () => Math.floor(random() * size);
  const results = new Float64Array(rounds);
  for (let round = 0; size > 0 && round < rounds; round++) results[round] = statistic(draw);
  results.sort();
  const tail = Math.floor(TAIL * rounds);
  return { low: results[tail], high: results[rounds - 1 - tail] };
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
