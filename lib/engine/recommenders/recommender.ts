import type { Signal } from '../../contracts/engine';

/** One thing known of a user, in the engine's own numbers. */
export interface Evidence {
  source: { kind: 'item'; row: number } | { kind: 'interest'; interest: number };
  /** How much it counts; 1 is one like. */
  weight: number;
  /** 1 for liking, −1 for disliking. */
  sign: 1 | -1;
  /** The items that stand for it: the item itself, or an interest's best-liked ones. */
  rows: readonly number[];
  /** Content terms that stand for it; empty for an item, whose own terms do. */
  terms: readonly number[];
}

/**
 * What one signal has to say about one user. A profile may share buffers with its recommender: it is valid until
 * the recommender makes the next.
 */
export interface SignalProfile {
  /** The best rows of the whole catalog, best first. */
  candidates(limit: number): Uint32Array;
  score(row: number): number;
  /** Mean and standard deviation of the score over the calibration rows, so that signals can be compared. */
  mean: number;
  deviation: number;
  /** How well the pieces of evidence agree in this signal's view, 0 … 1. */
  coherence: number;
  /** What each piece of evidence, in the order given, brings to the score of a row; null where none does. */
  contributions(row: number): Float64Array | null;
}

/** One signal of the hybrid. Every implementation passes the same conformance tests. */
export interface Recommender {
  readonly signal: Signal;
  /** Null where the signal knows nothing of this user. */
  profile(evidence: readonly Evidence[]): SignalProfile | null;
}

/** A dislike takes away half of what a like would have brought (Rocchio's γ against β). */
export const DISLIKE_WEIGHT = 0.5;

/** A variance below this share of the mean square is rounding. */
const LEAST_VARIANCE = 1e-9;

/** Mean and deviation from sums; a signal without spread gets deviation 1, so that its z-score is about 0. */
export function moments(sum: number, sumOfSquares: number, count: number): { mean: number; deviation: number } {
  const mean = count > 0 ? sum / count : 0;
  const meanSquare = count > 0 ? sumOfSquares / count : 0;
  const variance = meanSquare - mean * mean;
  return { mean, deviation: variance > LEAST_VARIANCE * meanSquare ? Math.sqrt(variance) : 1 };
}
