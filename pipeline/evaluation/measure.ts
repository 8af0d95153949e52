import type { HistoryEntry, RecommendRequest } from '../../lib/contracts/engine';
import type { Engine } from '../../lib/engine/engine';
import { estimate, mean, pairedDifference } from '../metrics/bootstrap';
import { gini, intraListDiversity, ndcg, novelty, precision, recall, reciprocalRank } from '../metrics/ranking-metrics';
import { HYBRID, type Row } from './compared-recommenders';
import type { ComparedMetric, Difference, QualityRow, UserMetric } from './schema';
import type { HeldOutUser } from './split';

/** The deepest cutoff of a metric. */
export const DEPTH = 100;
/** The length of the lists that the page shows. */
const LIST_LENGTH = 20;
/** The size of the candidate stage. */
const CANDIDATES = 1000;

/** What coverage, Gini and novelty are relative to. */
export interface CatalogFacts {
  /** Number of items in the catalog. */
  items: number;
  /** Number of users in the training data. */
  trainingUsers: number;
  /** Ids of the warm items. */
  warm: readonly string[];
}

/** One value per user, in the order of the users. */
export type Series<M extends string> = { row: Row; values: Record<M, Float64Array> };

export interface MeasuredRow extends Series<UserMetric> {
  coverage20: number;
  gini20: number;
}

/** The request that a row sends to the engine: no re-ranking, and no reasons, which would cost time. */
export function requestOf(row: Row, history: HistoryEntry[], extra: Partial<RecommendRequest> = {}): RecommendRequest {
  return { mode: row.mode, history, topK: DEPTH, diversity: 0, withoutReasons: true, ...extra };
}

/** The top 100 of the whole catalog without the history. All metrics of a user except Recall@1000 come from it. */
export function rank(engine: Engine, row: Row, history: HistoryEntry[], extra?: Partial<RecommendRequest>) {
  const { value } = row;
  const weighted = value ? history.map((entry, position) => ({ ...entry, value: value(position) })) : history;
  return engine.recommend(requestOf(row, weighted, extra), row.options).items;
}

/** The last `length` items of a history in random order; null means all. */
export function cutHistory(history: HistoryEntry[], length: number | null): HistoryEntry[] {
  return length === null ? history : history.slice(-length);
}

/** Measures one row for every user. @param length items of history to give; null means all */
export function measureRow(
  engine: Engine,
  row: Row,
  users: readonly HeldOutUser[],
  length: number | null,
  { items, trainingUsers, warm }: CatalogFacts,
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
    const given = cutHistory(history, length);
    const ranked = rank(engine, row, given);
    const ranking = ranked.map(({ id }) => id);
    const relevant = new Set(hidden);
    values.precision10[user] = precision(ranking, relevant, 10);
    values.recall20[user] = recall(ranking, relevant, 20);
    values.recall50[user] = recall(ranking, relevant, 50);
    values.ndcg10[user] = ndcg(ranking, relevant, 10);
    values.ndcg100[user] = ndcg(ranking, relevant, DEPTH);
    values.mrr[user] = reciprocalRank(ranking, relevant);
    const candidates = engine.session(requestOf(row, given), row.options).candidates();
    values.recall1000[user] = recall(candidates, relevant, CANDIDATES);
    const list = ranking.slice(0, LIST_LENGTH);
    values.diversity20[user] = intraListDiversity(list, (a, b) => engine.similarity(a, b));
    values.novelty20[user] = novelty(
      ranked.slice(0, LIST_LENGTH).map(({ popularity }) => popularity),
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
 * Hybrid minus every other row, paired over the same users. The best signal is chosen per metric by the same figures
 * that are then compared, which is a bias in its favour.
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
      (best, other) => (mean(other.values[metric]) > mean(best.values[metric]) ? other : best),
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
