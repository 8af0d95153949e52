import 'server-only';

/**
 * Forward decay (Cormode, Shkapenyuk, Srivastava, Xu: Forward Decay, 2009): a weight w of time t counts as w · 2^((t − L) / h) for
 * ever, and is read at time T as that divided by 2^((T − L) / h): half of w one half-life later. Sums never need to be
 * touched while nothing happens. Kept as log2, since the powers outgrow a double within 1,024 half-lives.
 */

/** L: 2026-01-01, in milliseconds. */
export const LANDMARK = Date.UTC(2026, 0, 1);

/** log2 of what a weight counts for. @param at milliseconds; @param halfLife milliseconds */
export const logWeight = (weight: number, at: number, halfLife: number): number =>
  Math.log2(weight) + (at - LANDMARK) / halfLife;

/** What a sum is worth now, in weights of now. */
export const weightNow = (log: number, now: number, halfLife: number): number =>
  2 ** (log - (now - LANDMARK) / halfLife);
