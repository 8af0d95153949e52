import type { Signal } from '../contracts/engine';
import type { WeightedProfile } from './explain';
import type { SignalProfile } from './recommenders/recommender';

/** A signal in force for one answer. */
export interface WeightedSignal extends WeightedProfile {
  signal: Signal;
}

/** Catalog rows with their blended scores, best first. */
export interface Candidates {
  rows: number[];
  scores: number[];
}

/** Candidates for a list of 20; a longer list takes proportionally more. */
const CANDIDATES = 1000;
/** The signals propose this many times as many; the blend keeps the best of them. */
const POOL_FACTOR = 2;
/** How the pool is shared out among the signals. */
const QUOTAS: Record<Signal, number> = { latent: 0.4, neighbours: 0.3, content: 0.15, popular: 0.15 };

/** How many candidates a list of `topK` is chosen from. */
export const candidateCount = (topK: number): number => Math.max(CANDIDATES, 3 * topK);

/** A row's score in standard deviations above the mean of the signal. */
export const zScore = (profile: SignalProfile, row: number): number =>
  (profile.score(row) - profile.mean) / profile.deviation;

/**
 * The union of what each signal proposes; quota that a signal cannot fill passes to the most popular items.
 *
 * @param size about how many rows; @param catalogSize rows there are; @param excluded rows that never enter
 */
export function drawPool(
  signals: readonly { profile: SignalProfile; signal: Signal }[],
  size: number,
  catalogSize: number,
  excluded: ReadonlySet<number>,
): number[] {
  const wanted = Math.max(0, Math.min(catalogSize - excluded.size, size));
  const quotaSum = signals.reduce((sum, { signal }) => sum + QUOTAS[signal], 0);
  const rows = new Set<number>();
  for (const { signal, profile } of signals) {
    const quota = Math.ceil((wanted * QUOTAS[signal]) / quotaSum);
    // Rows of the history would use the quota up, so that many more are asked for.
    let taken = 0;
    for (const row of profile.candidates(quota + excluded.size)) {
      if (taken === quota) break;
      if (excluded.has(row)) continue;
      rows.add(row);
      taken++;
    }
  }
  for (let row = 0; row < catalogSize && rows.size < wanted; row++) if (!excluded.has(row)) rows.add(row);
  return [...rows];
}

/** The best of some rows by the weighted sum of z-scores, best first; of equals the more popular. */
export function rankRows(rows: readonly number[], signals: readonly WeightedSignal[], limit: number): Candidates {
  const scores = Float64Array.from(rows, (row) => {
    let sum = 0;
    for (const { profile, weight } of signals) sum += weight * zScore(profile, row);
    return sum;
  });
  const order = Array.from(scores.keys())
    .sort((a, b) => scores[b] - scores[a] || rows[a] - rows[b])
    .slice(0, limit);
  return { rows: order.map((i) => rows[i]), scores: order.map((i) => scores[i]) };
}

/** The candidate stage: of a pool that the signals propose, the best by the blend. */
export function generateCandidates(
  signals: readonly WeightedSignal[],
  topK: number,
  catalogSize: number,
  excluded: ReadonlySet<number>,
): Candidates {
  const wanted = candidateCount(topK);
  const proposing = signals.filter(({ weight }) => weight > 0);
  return rankRows(drawPool(proposing, POOL_FACTOR * wanted, catalogSize, excluded), signals, wanted);
}
