import type { Signal } from '../contracts/engine';
import type { WeightedProfile } from './explain';
import type { SignalProfile } from './recommenders/recommender';
import { TopK } from './top-k';

/** A signal in force for one answer. */
export interface WeightedSignal extends WeightedProfile {
  signal: Signal;
}

/** Catalog rows with their blended scores, best first. */
export interface Ranking {
  rows: Uint32Array;
  scores: Float64Array;
}

/** Candidates for a list of 20; a longer list takes proportionally more. */
const CANDIDATES = 1000;
/** The signals propose this many times as many; the blend keeps the best of them. */
const POOL_FACTOR = 1.5;
/** How the pool is shared out among the signals. */
const QUOTAS: Record<Signal, number> = { latent: 0.27, neighbours: 0.4, content: 0.13, popular: 0.2 };

/** How many candidates a list of `topK` is chosen from. */
export const candidateCount = (topK: number): number => Math.max(CANDIDATES, 3 * topK);

/** A row's score in standard deviations above the mean of the signal. */
export const zScore = (profile: SignalProfile, row: number): number =>
  (profile.score(row) - profile.mean) / profile.deviation;

/** The signals that name candidates: none that counts against what it finds. */
export const proposers = (signals: readonly WeightedSignal[]): WeightedSignal[] =>
  signals.filter(({ weight }) => weight > 0);

/** A set of catalog rows that is emptied at no cost. */
class RowSet {
  private readonly marks: Uint32Array;
  private mark = 0;

  constructor(size: number) {
    this.marks = new Uint32Array(size);
  }

  clear(): void {
    this.mark++;
  }

  has(row: number): boolean {
    return this.marks[row] === this.mark;
  }

  /** Whether the row was not in the set yet. */
  add(row: number): boolean {
    if (this.marks[row] === this.mark) return false;
    this.marks[row] = this.mark;
    return true;
  }
}

/** Draws the rows that are worth a score on every signal. Keeps its buffers: one for each engine is enough. */
export class CandidatePool {
  private readonly catalogSize: number;
  private readonly drawn: RowSet;
  private readonly closed: RowSet;

  constructor(catalogSize: number) {
    this.catalogSize = catalogSize;
    this.drawn = new RowSet(catalogSize);
    this.closed = new RowSet(catalogSize);
  }

  /**
   * The union of what each signal proposes; quota that a signal cannot fill passes to the most popular items.
   *
   * @param size about how many rows; @param excluded distinct rows that never enter
   */
  draw(
    signals: readonly { profile: SignalProfile; signal: Signal }[],
    size: number,
    excluded: readonly number[],
  ): Uint32Array {
    const { catalogSize, drawn, closed } = this;
    const wanted = Math.max(0, Math.min(catalogSize - excluded.length, size));
    const quotaSum = signals.reduce((sum, { signal }) => sum + QUOTAS[signal], 0);
    const rows = new Uint32Array(wanted + signals.length);
    let count = 0;
    drawn.clear();
    closed.clear();
    for (const row of excluded) closed.add(row);
    for (const { signal, profile } of signals) {
      const quota = Math.ceil((wanted * QUOTAS[signal]) / quotaSum);
      // Rows of the history would use the quota up, so that many more are asked for.
      const proposed = profile.candidates(quota + excluded.length);
      let taken = 0;
      for (let i = 0; i < proposed.length && taken < quota; i++) {
        if (closed.has(proposed[i])) continue;
        taken++;
        if (drawn.add(proposed[i])) rows[count++] = proposed[i];
      }
    }
    for (let row = 0; row < catalogSize && count < wanted; row++)
      if (!closed.has(row) && drawn.add(row)) rows[count++] = row;
    return rows.subarray(0, count);
  }
}

/** The z-scores of some rows by each signal that was asked: worth keeping while only weights change. */
export class ScoreTable {
  readonly rows: Uint32Array;
  private readonly bySignal = new Map<Signal, Float64Array>();

  constructor(rows: Uint32Array) {
    this.rows = rows;
  }

  /** Parallel to the rows. */
  of(signal: Signal, profile: SignalProfile): Float64Array {
    let scores = this.bySignal.get(signal);
    if (!scores) {
      scores = new Float64Array(this.rows.length);
      for (let i = 0; i < scores.length; i++) scores[i] = zScore(profile, this.rows[i]);
      this.bySignal.set(signal, scores);
    }
    return scores;
  }
}

/** The best of some rows by the weighted sum of z-scores, best first; of equals the more popular. */
export function rankRows(table: ScoreTable, signals: readonly WeightedSignal[], limit: number): Ranking {
  const { rows } = table;
  const sums = new Float64Array(rows.length);
  for (const { signal, profile, weight } of signals) {
    const scores = table.of(signal, profile);
    for (let i = 0; i < sums.length; i++) sums[i] += weight * scores[i];
  }
  const best = new TopK(Math.min(limit, rows.length));
  for (let i = 0; i < sums.length; i++) if (sums[i] >= best.threshold) best.push(rows[i], sums[i]);
  return best.drainScored();
}

/** How many rows the signals propose for a list of `topK`. */
export const poolSize = (topK: number): number => Math.ceil(POOL_FACTOR * candidateCount(topK));
