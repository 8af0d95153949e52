import type { Mode, ScoreSignal } from '../../contracts/engine';
import type { DomainData } from '../catalog/domain-data';
import type { LiveRows } from '../ranking/live-rows';

/** One thing known of a user, with items and terms as row and term numbers. */
export interface Evidence {
  source: { kind: 'item'; row: number } | { kind: 'interest'; interest: number };
  /** 1 is one like. */
  weight: number;
  /** 1 for a like, −1 for a dislike. */
  sign: 1 | -1;
  /** The items that represent it: the item itself, or the most popular ones of an interest. */
  rows: readonly number[];
  /** Of an interest: its best-known items. */
  members?: readonly number[];
  /** Content terms that represent it; empty for an item, which has terms of its own. */
  terms: readonly number[];
}

/** What a recommender may use to make a profile. */
export interface ProfileContext {
  /** Oldest first. */
  evidence: readonly Evidence[];
  /** What the server publishes about other users. */
  live: LiveRows;
  /** How the latent signal finds the user's factors, whatever the length of the history. */
  latentUser?: 'fold-in' | 'tower';
  /** The user's factors, dims, where they were computed before for the same evidence. */
  userFactors?: Float32Array;
}

/**
 * One signal's view of one user. A profile may share buffers with its recommender: it is valid until that makes the
 * next one.
 */
export interface SignalProfile {
  /** The best rows of the whole catalog, best first, distinct; fewer than `limit` where the signal has no more. */
  candidates(limit: number): Uint32Array;
  /** Defined for every row of the catalog. */
  score(row: number): number;
  /** Mean and standard deviation of the score over the calibration rows, which make signals comparable. */
  mean: number;
  deviation: number;
  /** How well the evidence entries agree according to this signal, 0 … 1. */
  coherence: number;
  /** What each evidence entry adds to the score of a row, parallel to the evidence; null where none adds anything. */
  contributions(row: number): Float64Array | null;
}

/** How the candidate pool is shared out; docs/adr/0009 and ranking/candidates.ts have the quotas. */
export type Strategy = 'factors' | 'similar' | 'popular' | 'social';

/**
 * One signal of the hybrid. To add a signal, implement this in a file of its own and register it in registry.ts; every
 * implementation passes the conformance tests of recommender.test.ts.
 */
export interface Recommender {
  readonly signal: ScoreSignal;
  /** Modes in which it makes profiles. */
  readonly modes: readonly Mode[];
  /** `evidence`: its profile stays the same until the user's next event; `live`: it is made for every request. */
  readonly dependsOn: 'evidence' | 'live';
  /** The strategy whose quota of candidates it fills, and its share among the signals of that strategy. */
  readonly quota: { strategy: Strategy; share: number };
  /** `learned` by the gate, or so much for each unit that the learned weights have together, whatever their signs. */
  readonly weight: 'learned' | number;
  /** Null where the signal knows nothing of this user. Invalidates the profile made before. */
  profile(context: ProfileContext): SignalProfile | null;
  /** Reads items from `data` from now on. Invalidates profiles. */
  setData(data: DomainData): void;
}

/** A dislike subtracts half of what a like would have added (Rocchio's γ against β). */
export const DISLIKE_WEIGHT = 0.5;

/** The factor of the vectors of an evidence entry. */
export const signedWeight = ({ weight, sign }: Evidence): number => (sign > 0 ? weight : -DISLIKE_WEIGHT * weight);

/** A variance below this share of the mean square is rounding. */
const MIN_VARIANCE_SHARE = 1e-9;

/**
 * Mean and standard deviation from sums.
 *
 * @returns deviation 1 where there is no spread, so that z-scores are about 0
 */
export function moments(sum: number, sumOfSquares: number, count: number): { mean: number; deviation: number } {
  const mean = count > 0 ? sum / count : 0;
  const meanSquare = count > 0 ? sumOfSquares / count : 0;
  const variance = meanSquare - mean * mean;
  return { mean, deviation: variance > MIN_VARIANCE_SHARE * meanSquare ? Math.sqrt(variance) : 1 };
}
