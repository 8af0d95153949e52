import type { CandidateSource, ScoreSignal } from '../../contracts/engine';
import { TopK } from '../../math/top-k';
import type { SignalProfile } from '../recommenders/recommender';
import type { WeightedProfile } from './explain';

/** A signal in force for one answer. */
export interface WeightedSignal extends WeightedProfile {
  signal: ScoreSignal;
}

/** What names candidates. */
export type Proposer = Pick<WeightedSignal, 'signal' | 'profile'>;

/** Catalog rows with their blended scores, best first. */
export interface Ranking {
  rows: Uint32Array;
  scores: Float64Array;
}

/** Candidates for a list of 20; a longer list takes proportionally more. */
const CANDIDATES = 1000;
/** The signals propose this many times as many; the blend keeps the best of them. */
const POOL_FACTOR = 1.5;
/**
 * How the pool is shared out among the strategies, in the order in which unused quota is passed on (docs/adr/0009). Where a
 * strategy has two signals, its quota is shared out among those in force by the numbers behind them.
 */
const STRATEGIES: readonly { quota: number; signals: Partial<Record<ScoreSignal, number>> }[] = [
  { quota: 40, signals: { latent: 1 } },
  { quota: 30, signals: { neighbours: 3, content: 1 } },
  { quota: 20, signals: { popular: 1 } },
  { quota: 10, signals: { social: 1 } },
];

/** The signals that take part, each with its quota of a pool of so many rows, rounded up. */
function shareOut(proposers: readonly Proposer[], size: number): { proposer: Proposer; quota: number }[] {
  const parts = STRATEGIES.flatMap(({ quota, signals }) => {
    const present = Object.keys(signals).flatMap((name) => proposers.filter(({ signal }) => signal === name));
    const sum = present.reduce((total, { signal }) => total + signals[signal]!, 0);
    return present.map((proposer) => ({ proposer, share: (quota * signals[proposer.signal]!) / sum }));
  });
  const total = parts.reduce((sum, { share }) => sum + share, 0);
  return parts.map(({ proposer, share }) => ({ proposer, quota: Math.ceil((size * share) / total) }));
}

/** Distinct rows, and how many of them each source was the first to name. */
export interface Draw {
  rows: Uint32Array;
  sources: Partial<Record<CandidateSource, number>>;
}

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
   * The union of what each signal proposes, 40 % by factors, 30 % by neighbours and content, 20 % by popularity and 10 %
   * by friends. Quota that a signal cannot fill passes to the next in this order, and in the end to the most
   * popular items.
   *
   * @param size about how many rows; @param excluded distinct rows that never enter
   * @param fresh distinct rows that enter besides, unless they are excluded
   */
  draw(proposers: readonly Proposer[], size: number, excluded: readonly number[], fresh: readonly number[] = []): Draw {
    const { catalogSize, drawn, closed } = this;
    const wanted = Math.max(0, Math.min(catalogSize - excluded.length, size));
    const rows = new Uint32Array(wanted + proposers.length + fresh.length);
    const sources: Draw['sources'] = {};
    let count = 0;
    drawn.clear();
    closed.clear();
    for (const row of excluded) closed.add(row);
    const add = (row: number): void => {
      if (drawn.add(row)) rows[count++] = row;
    };
    const countFrom = (source: CandidateSource, before: number): void => {
      if (count > before) sources[source] = count - before;
    };
    let unused = 0;
    for (const { proposer, quota: own } of shareOut(proposers, wanted)) {
      const quota = own + unused;
      // Rows of the history would use the quota up, so that many more are asked for.
      const proposed = proposer.profile.candidates(quota + excluded.length);
      const before = count;
      let taken = 0;
      for (let i = 0; i < proposed.length && taken < quota; i++) {
        if (closed.has(proposed[i])) continue;
        taken++;
        add(proposed[i]);
      }
      unused = quota - taken;
      countFrom(proposer.signal, before);
    }
    let before = count;
    for (let row = 0; row < catalogSize && count < wanted; row++) if (!closed.has(row)) add(row);
    countFrom('fill', before);
    before = count;
    for (const row of fresh) if (!closed.has(row)) add(row);
    countFrom('fresh', before);
    return { rows: rows.subarray(0, count), sources };
  }
}

/** The z-scores of some rows by each signal that was asked: worth keeping while only weights change. */
export class ScoreTable {
  readonly rows: Uint32Array;
  /** Where the rows came from; undefined where they were named. */
  readonly sources: Draw['sources'] | undefined;
  private readonly bySignal = new Map<ScoreSignal, Float64Array>();

  constructor(rows: Uint32Array, sources?: Draw['sources']) {
    this.rows = rows;
    this.sources = sources;
  }

  /** Parallel to the rows. */
  of(signal: ScoreSignal, profile: SignalProfile): Float64Array {
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
