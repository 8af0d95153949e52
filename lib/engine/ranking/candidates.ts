import type { CandidateSource, ScoreSignal } from '../../contracts/engine';
import { TopK } from '../../math/top-k';
import type { Recommender, SignalProfile, Strategy } from '../recommenders/recommender';

/** A signal in force for one request. */
export interface WeightedSignal {
  signal: ScoreSignal;
  profile: SignalProfile;
  weight: number;
  quota: Recommender['quota'];
}

/** What proposes candidates. */
export type Proposer = Pick<WeightedSignal, 'signal' | 'profile' | 'quota'>;

/** Catalog rows with their blended scores, best first. */
export interface Ranking {
  rows: Uint32Array;
  scores: Float64Array;
}

/** Candidates for a list of 20; a longer list takes proportionally more. */
const MIN_CANDIDATES = 1000;
/** The signals propose so many times as many; the blend selects the best of them. */
const POOL_FACTOR = 1.5;
/**
 * Percent of the pool by strategy, in the order in which unused quota passes on (docs/adr/0009). The signals of one
 * strategy share its quota by their own shares.
 */
const STRATEGY_QUOTAS: readonly { strategy: Strategy; percent: number }[] = [
  { strategy: 'factors', percent: 40 },
  { strategy: 'similar', percent: 30 },
  { strategy: 'popular', percent: 20 },
  { strategy: 'social', percent: 10 },
];

/** How many candidates a list of `topK` is chosen from. */
export const candidateCount = (topK: number): number => Math.max(MIN_CANDIDATES, 3 * topK);

/** How many rows the signals propose for a list of `topK`. */
export const poolSize = (topK: number): number => Math.ceil(POOL_FACTOR * candidateCount(topK));

/** A row's score in standard deviations above the mean of the signal. */
export const zScore = (profile: SignalProfile, row: number): number =>
  (profile.score(row) - profile.mean) / profile.deviation;

/** The signals that propose candidates: one with a negative weight would propose what it ranks down. */
export const proposers = (signals: readonly WeightedSignal[]): WeightedSignal[] =>
  signals.filter(({ weight }) => weight > 0);

/** The quota of each signal in a pool of `size` rows, rounded up, in the order in which unused quota passes on. */
function quotasOf(proposers: readonly Proposer[], size: number): { proposer: Proposer; quota: number }[] {
  const parts = STRATEGY_QUOTAS.flatMap(({ strategy, percent }) => {
    const present = proposers
      .filter(({ quota }) => quota.strategy === strategy)
      .sort((a, b) => b.quota.share - a.quota.share);
    const sum = present.reduce((total, { quota }) => total + quota.share, 0);
    return present.map((proposer) => ({ proposer, share: (percent * proposer.quota.share) / sum }));
  });
  const total = parts.reduce((sum, { share }) => sum + share, 0);
  return parts.map(({ proposer, share }) => ({ proposer, quota: Math.ceil((size * share) / total) }));
}

/** Distinct rows, and how many of them each source was the first to propose. */
export interface RetrievedRows {
  rows: Uint32Array;
  sources: Partial<Record<CandidateSource, number>>;
}

/** A set of catalog rows that can be emptied in constant time. */
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

  /** @returns whether the row was not in the set yet */
  add(row: number): boolean {
    if (this.marks[row] === this.mark) return false;
    this.marks[row] = this.mark;
    return true;
  }
}

/** Retrieves the rows that are worth a score on every signal. Reuses its buffers: one for each engine is enough. */
export class CandidatePool {
  readonly catalogSize: number;
  private readonly retrieved: RowSet;
  private readonly excluded: RowSet;

  constructor(catalogSize: number) {
    this.catalogSize = catalogSize;
    this.retrieved = new RowSet(catalogSize);
    this.excluded = new RowSet(catalogSize);
  }

  /**
   * The union of what the signals propose, each up to its quota. Quota that a signal cannot fill passes to the next
   * one, and in the end to the most popular items.
   *
   * @param size about how many rows
   * @param excludedRows distinct rows that never enter
   * @param fresh distinct rows that enter besides, unless they are excluded
   */
  retrieve(
    proposers: readonly Proposer[],
    size: number,
    excludedRows: readonly number[],
    fresh: readonly number[] = [],
  ): RetrievedRows {
    const { catalogSize, retrieved, excluded } = this;
    const wanted = Math.max(0, Math.min(catalogSize - excludedRows.length, size));
    const rows = new Uint32Array(wanted + proposers.length + fresh.length);
    const sources: RetrievedRows['sources'] = {};
    let count = 0;
    retrieved.clear();
    excluded.clear();
    for (const row of excludedRows) excluded.add(row);
    const add = (row: number): void => {
      if (retrieved.add(row)) rows[count++] = row;
    };
    const countSource = (source: CandidateSource, before: number): void => {
      if (count > before) sources[source] = count - before;
    };
    let unused = 0;
    for (const { proposer, quota: own } of quotasOf(proposers, wanted)) {
      const quota = own + unused;
      // Excluded rows would use up the quota, so request that many more.
      const proposed = proposer.profile.candidates(quota + excludedRows.length);
      const before = count;
      let taken = 0;
      for (let i = 0; i < proposed.length && taken < quota; i++) {
        if (excluded.has(proposed[i])) continue;
        taken++;
        add(proposed[i]);
      }
      unused = quota - taken;
      countSource(proposer.signal, before);
    }
    let before = count;
    for (let row = 0; row < catalogSize && count < wanted; row++) if (!excluded.has(row)) add(row);
    countSource('fill', before);
    before = count;
    for (const row of fresh) if (!excluded.has(row)) add(row);
    countSource('fresh', before);
    return { rows: rows.subarray(0, count), sources };
  }
}

/** The z-scores of some rows by signal, computed once and used again while only weights change. */
export class ScoreTable {
  readonly rows: Uint32Array;
  /** Where the rows came from; undefined where the request listed them. */
  readonly sources: RetrievedRows['sources'] | undefined;
  private readonly bySignal = new Map<ScoreSignal, Float64Array>();

  constructor(rows: Uint32Array, sources?: RetrievedRows['sources']) {
    this.rows = rows;
    this.sources = sources;
  }

  /** Parallel to the rows. */
  zScores({ signal, profile }: Pick<WeightedSignal, 'signal' | 'profile'>): Float64Array {
    let scores = this.bySignal.get(signal);
    if (!scores) {
      scores = new Float64Array(this.rows.length);
      for (let i = 0; i < scores.length; i++) scores[i] = zScore(profile, this.rows[i]);
      this.bySignal.set(signal, scores);
    }
    return scores;
  }
}

/**
 * The best of some rows by the weighted sum of z-scores, best first. Ties go to the earlier row of the catalog, which
 * is the more popular item (lib/math/top-k.ts).
 */
export function rankRows(
  table: ScoreTable,
  signals: readonly Pick<WeightedSignal, 'signal' | 'profile' | 'weight'>[],
  limit: number,
): Ranking {
  const { rows } = table;
  const sums = new Float64Array(rows.length);
  for (const signal of signals) {
    const scores = table.zScores(signal);
    for (let i = 0; i < sums.length; i++) sums[i] += signal.weight * scores[i];
  }
  const best = new TopK(Math.min(limit, rows.length));
  for (let i = 0; i < sums.length; i++) if (sums[i] >= best.threshold) best.push(rows[i], sums[i]);
  return best.drainScored();
}
