import type { HistoryEntry, RecommendRequest } from '../../lib/contracts/engine';
import type { Engine } from '../../lib/engine/engine';
import { estimate, mean, pairedDifference } from '../metrics/bootstrap';
import { gini, intraListDiversity, ndcg, novelty, precision, recall, reciprocalRank } from '../metrics/ranking-metrics';
import { HYBRID, type Row } from './rows';
import type { ComparedMetric, Difference, QualityRow, UserMetric } from './schema';
import type { HeldOutUser } from './split';

/** How far down a ranking is looked at, the length of a list as people see it, and of the candidate stage. */
export const DEPTH = 100;
const LIST = 20;
const CANDIDATES = 1000;

/** What a row is measured against. */
export interface Setting {
  /** Items in the catalog. */
  items: number;
  /** Users of the training data. */
  trainingUsers: number;
  /** Ids of the warm items. */
  warm: readonly string[];
}

/** One value a user, in the order of the users. */
export type Series<M extends string> = { row: Row; values: Record<M, Float64Array> };

export interface MeasuredRow extends Series<UserMetric> {
  coverage20: number;
  gini20: number;
}

/** The request that a row makes of the engine: relevance alone, reasons left out for speed. */
export function requestOf(row: Row, history: HistoryEntry[], extra: Partial<RecommendRequest> = {}): RecommendRequest {
  return { mode: row.mode, history, topK: DEPTH, diversity: 0, withoutReasons: true, ...extra };
}

/** The first items of the ranking over the whole catalog less the history, with which all measures of a user are taken. */
export function rank(engine: Engine, row: Row, history: HistoryEntry[], extra?: Partial<RecommendRequest>) {
  const { value } = row;
  const weighed = value ? history.map((entry, position) => ({ ...entry, value: value(position) })) : history;
  return engine.recommend(requestOf(row, weighed, extra), row.options).items;
}

/** The last `length` items of a history that is in random order; all where it is null. */
export function cut(history: HistoryEntry[], length: number | null): HistoryEntry[] {
  return length === null ? history : history.slice(-length);
}

/** Measures one row on every user. */
export function measureRow(
  engine: Engine,
  row: Row,
  users: readonly HeldOutUser[],
  length: number | null,
  { items, trainingUsers, warm }: Setting,
): MeasuredRow {
  const series = () => new Float64Array(users.length);
  const values: Record<UserMetric, Float64Array> = {
    precision10: series(),
    recall20: series(),
    recall50: series(),
    recall1000: series(),
    ndcg10: series(),
    ndcg100: series(),
    mrr: series(),
    diversity20: series(),
    novelty20: series(),
  };
  const exposure = new Map<string, number>();
  users.forEach(({ history, hidden }, user) => {
    const given = cut(history, length);
    const ranked = rank(engine, row, given);
    const ranking = ranked.map(({ id }) => id);
    const relevant = new Set(hidden);
    values.precision10[user] = precision(ranking, relevant, 10);
    values.recall20[user] = recall(ranking, relevant, 20);
    values.recall50[user] = recall(ranking, relevant, 50);
    values.ndcg10[user] = ndcg(ranking, relevant, 10);
    values.ndcg100[user] = ndcg(ranking, relevant, DEPTH);
    values.mrr[user] = reciprocalRank(ranking, relevant);
    values.recall1000[user] = recall(
      engine.session(requestOf(row, given), row.options).candidates(),
      relevant,
      CANDIDATES,
    );
    const list = ranking.slice(0, LIST);
    values.diversity20[user] = intraListDiversity(list, (a, b) => engine.similarity(a, b));
    values.novelty20[user] = novelty(
      ranked.slice(0, LIST).map(({ popularity }) => popularity),
      trainingUsers,
    );
    for (const id of list) exposure.set(id, (exposure.get(id) ?? 0) + 1);
  });
  return {
    row,
    values,
    coverage20: items === 0 ? 0 : exposure.size / items,
    gini20: gini(warm.map((id) => exposure.get(id) ?? 0)),
  };
}

export function summarise({ row, values, coverage20, gini20 }: MeasuredRow, seed: number): QualityRow {
  const metrics = Object.fromEntries(
    Object.entries(values).map(([metric, series]) => [metric, estimate(series, seed)]),
  ) as QualityRow['metrics'];
  return { name: row.name, metrics, coverage20, gini20 };
}

/**
 * Hybrid less every other row, over the same users. The best signal is chosen by the very figures that are compared,
 * metric by metric, which favours it.
 */
export function differences<M extends ComparedMetric>(
  measured: readonly Series<M>[],
  metrics: readonly M[],
  seed: number,
): Difference[] {
  const hybrid = measured.find(({ row }) => row === HYBRID);
  if (!hybrid) return [];
  return metrics.flatMap((metric) => {
    const others = measured.filter((other) => other !== hybrid);
    const signals = others.filter(({ row }) => row.signal !== undefined);
    const best = signals.reduce(
      (leader, other) => (mean(other.values[metric]) > mean(leader.values[metric]) ? other : leader),
      signals[0],
    );
    return others.map((other) => ({
      metric,
      against: other.row.name,
      isBestSignal: other === best,
      ...pairedDifference(hybrid.values[metric], other.values[metric], seed),
    }));
  });
}
