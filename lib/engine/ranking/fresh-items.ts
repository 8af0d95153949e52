import { gaussian, hashSeed, mulberry32 } from '../../math/random';

/**
 * A first audience for new items by Thompson sampling (Thompson 1933; Chapelle & Li 2011). What is known of the rate θ at which
 * an item is clicked is a Beta distribution. Its prior, Beta(1, k) with k = 1 / b − 1, has the base rate b of everything
 * shown as its mean, and weighs as much as the 1 / b impressions that bring one click on average.
 */

/** How often an item was shown, and how often it was clicked of these. */
export interface Counts {
  impressions: number;
  clicks: number;
}

/** The odds at which an item has had its first audience, one way or the other. */
const DECIDED = 0.95;
/** A base rate is kept inside these: from nothing, or from everything, nothing can be told apart. */
const LEAST_RATE = 1e-4;

/** The parameters of the Beta distribution of an item's rate. Clicks beyond the impressions count for an impression each. */
export function posterior({ impressions, clicks }: Counts, baseRate: number): { a: number; b: number } {
  const rate = clampRate(baseRate);
  return { a: 1 + clicks, b: 1 / rate - 1 + Math.max(0, impressions - clicks) };
}

const clampRate = (rate: number): number => Math.min(1 - LEAST_RATE, Math.max(LEAST_RATE, rate));

/** P(θ < base rate): the odds that an item does worse than what is shown otherwise. */
export function probabilityBelow(counts: Counts, baseRate: number): number {
  const { a, b } = posterior(counts, baseRate);
  return betaCdf(clampRate(baseRate), a, b);
}

/**
 * Whether a new item has had its first audience: `failed` once the odds are above 0.95 that it does worse than the base rate,
 * `proven` once they are above 0.95 that it does better, from when on it competes on its own merits; null before.
 */
export function audienceOver(counts: Counts, baseRate: number): 'failed' | 'proven' | null {
  const below = probabilityBelow(counts, baseRate);
  return below > DECIDED ? 'failed' : 1 - below > DECIDED ? 'proven' : null;
}

/** One draw of the rate of an item; each item has a sequence of its own, so that the others do not matter. */
export function sampleRate(id: string, counts: Counts, baseRate: number, seed: number): number {
  const { a, b } = posterior(counts, baseRate);
  return sampleBeta(mulberry32(hashSeed(`${seed} ${id}`)), a, b);
}

/** Places that are kept for fresh items, the 6th of every ten: far enough up to be seen, and never the first. */
const FIRST_PLACE = 6;
const PLACES_APART = 10;

/**
 * Puts fresh items into the places of a list that are kept for them, as far as either goes; the others move down, and those
 * that fall off the end are gone.
 *
 * @param list best first; @param fresh best first, none of them in `list`
 */
export function fillFreshPlaces<T>(list: readonly T[], fresh: readonly T[]): T[] {
  const filled = [...list];
  for (let i = 0, place = FIRST_PLACE; i < fresh.length && place <= list.length; i++, place += PLACES_APART)
    filled.splice(place - 1, 0, fresh[i]);
  return filled.slice(0, list.length);
}

/** How many fresh items a list has places for. */
export const freshPlaces = (length: number): number =>
  length < FIRST_PLACE ? 0 : 1 + Math.floor((length - FIRST_PLACE) / PLACES_APART);

/** A draw from Beta(a, b): X / (X + Y) of two gamma variates. */
export function sampleBeta(random: () => number, a: number, b: number): number {
  const x = sampleGamma(random, a);
  const y = sampleGamma(random, b);
  return x + y > 0 ? x / (x + y) : a / (a + b);
}

/** A draw from Gamma(shape, 1), shape > 0: Marsaglia & Tsang 2000, "A simple method for generating gamma variables". */
export function sampleGamma(random: () => number, shape: number): number {
  // A shape below 1 is that of one more, times a power of a uniform number.
  if (shape < 1) return sampleGamma(random, shape + 1) * (1 - random()) ** (1 / shape);
  const normal = gaussian(random);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    if (Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

const MOST_STEPS = 10_000;
const PRECISION = 1e-14;
/** In place of a nought that would be divided by. */
const TINY = 1e-300;

/** P(X ≤ x) of X ~ Beta(a, b), a and b > 0: the regularised incomplete beta function I_x(a, b). */
export function betaCdf(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast only below the mean; above it the other tail is asked for.
  if (x > (a + 1) / (a + b + 2)) return 1 - betaCdf(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return Math.min(1, (front * betaFraction(x, a, b)) / a);
}

/** The continued fraction of the incomplete beta function by Lentz's method (DLMF 8.17.22). */
function betaFraction(x: number, a: number, b: number): number {
  const kept = (value: number) => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / kept(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= MOST_STEPS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / kept(1 + even * d);
    c = kept(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / kept(1 + odd * d);
    c = kept(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < PRECISION) break;
  }
  return fraction;
}

const LANCZOS = [
  0.999_999_999_999_809_93, 676.520_368_121_885_1, -1259.139_216_722_402_8, 771.323_428_777_653_13,
  -176.615_029_162_140_59, 12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_571_6e-6,
  1.505_632_735_149_311_6e-7,
];

/** ln Γ(x), x > 0, by Lanczos's approximation (g = 7, 9 terms), right to about 15 digits. */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const z = x - 1;
  let sum = LANCZOS[0];
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i] / (z + i);
  const t = z + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}
