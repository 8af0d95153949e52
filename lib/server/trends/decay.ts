import 'server-only';

/**
 * Forward decay (Cormode, Shkapenyuk, Srivastava, Xu: Forward Decay, 2009). A weight w of time t is stored as
 * w · 2^((t − L) / h) and read at time T divided by 2^((T − L) / h), which halves it every h. A stored sum
 * therefore needs no update until the next event. Sums are stored as log2, because the powers exceed a double
 * after 1,024 half-lives.
 */

/** L: 2026-01-01, in milliseconds. */
export const LANDMARK = Date.UTC(2026, 0, 1);

/**
 * log2 of the stored form of a weight.
 *
 * @param at time of the event, in milliseconds
 * @param halfLife in milliseconds
 */
export const logWeight = (weight: number, at: number, halfLife: number): number =>
  Math.log2(weight) + (at - LANDMARK) / halfLife;

/**
 * The value at `now` of a stored sum, the inverse of {@link logWeight}.
 *
 * @param now in milliseconds
 * @param halfLife in milliseconds
 */
export const weightNow = (log: number, now: number, halfLife: number): number =>
  2 ** (log - (now - LANDMARK) / halfLife);
