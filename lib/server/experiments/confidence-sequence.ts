import 'server-only';

/** Moments of one measure over the visitors of one variant. */
export interface Sample {
  visitors: number;
  mean: number;
  /** Over the visitors, with n − 1. */
  variance: number;
}

/** An interval for the difference between the means of two variants. */
export interface Interval {
  difference: number;
  low: number;
  high: number;
}

/** The sequence is narrowest at about this many visitors of both variants together. */
const NARROWEST_AT = 1000;

/** With fewer visitors the estimate of the variance is too rough for the asymptotic sequence. */
export const MIN_VISITORS = 30;

/**
 * A confidence sequence for the difference of two means, second minus first. With probability 1 − α the true difference
 * is within all intervals ever read, so that the results may be checked daily and the experiment stopped as soon as an
 * interval excludes 0. Ordinary intervals do not allow that. This is the asymptotic sequence of Waudby-Smith, Arbour,
 * Sinha, Kennedy and Ramdas (Time-uniform central limit theory and asymptotic confidence sequences, 2021, theorem 2.2);
 * for t visitors of both variants, with σ² = t · (s₁²/n₁ + s₂²/n₂):
 *
 *   difference ± σ · √( 2(tρ² + 1)/(t²ρ²) · ln( √(tρ² + 1) / α ) )
 *
 * @returns null while a variant has fewer than {@link MIN_VISITORS} visitors
 */
export function confidenceSequence(first: Sample, second: Sample, alpha = 0.05): Interval | null {
  if (Math.min(first.visitors, second.visitors) < MIN_VISITORS) return null;
  const t = first.visitors + second.visitors;
  const sigma = Math.sqrt(t * (first.variance / first.visitors + second.variance / second.visitors));
  const l = -2 * Math.log(alpha);
  const rho2 = (l + Math.log(l) + 1) / NARROWEST_AT;
  const radius = sigma * Math.sqrt(((2 * (t * rho2 + 1)) / (t * t * rho2)) * Math.log(Math.sqrt(t * rho2 + 1) / alpha));
  const difference = second.mean - first.mean;
  return { difference, low: difference - radius, high: difference + radius };
}
