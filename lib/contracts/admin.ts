import type { Reason, ScoreTerm } from './engine';
import type { EventKind } from './events';
import type { Experiment } from './experiments';

/** Responses of /api/admin. */

/** The time window of a trend. `popular` decays with the domain's own half-life (`halfLifeDays`). */
export type OverviewWindow = 'popular' | 'day' | 'week' | 'month';

export interface EventCount {
  kind: EventKind;
  /** Number received in the last hour. */
  hour: number;
  /** Number received in the last 24 hours. */
  day: number;
}

export interface TrendingEntry {
  id: string;
  /** The id, if the item is no longer in the catalog. */
  title: string;
  weight: number;
}

/**
 * State of a new item's exploration. `looking`: it competes for fresh slots. `waiting`: newer items come first.
 * `proven` and `failed`: the odds (`better`) have decided either way.
 */
export type AudienceState = 'looking' | 'proven' | 'failed' | 'waiting';

export interface NewItemOdds {
  id: string;
  title: string;
  /** Unix seconds. */
  publishedAt: number;
  impressions: number;
  clicks: number;
  /** Mean of the Beta posterior of its click rate. */
  mean: number;
  /** P(click rate > base rate). */
  better: number;
  audience: AudienceState;
}

export interface DomainOverview {
  id: string;
  label: string;
  /** Number of items in the catalog as built. */
  items: number;
  /** Number of visitors with an event in the last 24 hours. */
  visitors: number;
  /** Counts of the last 24 hours, largest first; kinds without events are left out. */
  events: EventCount[];
  /** The top ten by window, highest weight first. */
  trending: Record<OverviewWindow, TrendingEntry[]>;
  /** Clicks per impression over all items. */
  baseRate: number;
  /** Newest first. */
  newItems: NewItemOdds[];
}

export interface Overview {
  /** Milliseconds since 1970. */
  at: number;
  store: { state: 'ready' | 'unavailable'; kind: 'postgres' | 'folder' | 'memory'; ephemeral: boolean };
  cache: { state: 'ready' | 'unavailable'; kind: 'memory' | 'redis' };
  /** Browsers whose visitor gave consent, and users of the API. */
  visitors: { agreed: number; apiUsers: number };
  domains: DomainOverview[];
}

/** Outcomes of an experiment, averaged by visitor: clicks per impression, likes per list, diversity of the lists. */
export type ExperimentMeasure = 'clickThrough' | 'likes' | 'diversity';

export interface ExperimentReport extends Omit<Experiment, 'variants'> {
  variants: {
    id: string;
    /** Fraction of the visitors, 0 … 1. */
    share: number;
    settings: Record<string, unknown>;
    visitors: number;
    lists: number;
    means: Record<ExperimentMeasure, { visitors: number; mean: number }>;
    /** Difference to the mean of the first variant; null for the first itself, and while there is too little data. */
    against: Record<ExperimentMeasure, { difference: number; low: number; high: number } | null>;
  }[];
}

/** A Prometheus histogram: `counts[i]` values were at most `bounds[i]`. */
export interface Histogram {
  /** Finite, ascending. */
  bounds: number[];
  /** Cumulative, as long as `bounds`. */
  counts: number[];
  /** Number of all values, including those above the last bound. */
  total: number;
}

/**
 * Estimates a quantile from a histogram as Prometheus's `histogram_quantile` does: values are assumed to spread evenly
 * within their bucket, and values above the last bound to be at that bound.
 *
 * @param q 0 … 1
 * @returns the quantile in the unit of the bounds; null if the histogram is empty
 */
export function histogramQuantile(q: number, { bounds, counts, total }: Histogram): number | null {
  if (total <= 0 || bounds.length === 0) return null;
  const rank = q * total;
  const i = counts.findIndex((count) => count >= rank && count > 0);
  if (i < 0) return bounds[bounds.length - 1];
  const [low, below] = i === 0 ? [0, 0] : [bounds[i - 1], counts[i - 1]];
  const inside = counts[i] - below;
  return inside > 0 ? low + ((bounds[i] - low) * (rank - below)) / inside : low;
}

/** Durations of one kind of work in milliseconds; quantiles are estimated from a histogram. */
export interface Latency {
  name: string;
  count: number;
  mean: number;
  p50: number;
  p95: number;
  p99: number;
}

export interface NamedCount {
  name: string;
  count: number;
}

/** Metrics of the process that answers, since it started. */
export interface MetricsReport {
  /** Milliseconds since 1970. */
  at: number;
  /** Start of the process in milliseconds since 1970; null if unknown. */
  startedAt: number | null;
  /** Resident set size. */
  memoryBytes: number | null;
  /** By method and route pattern, most requests first. */
  routes: Latency[];
  stages: Latency[];
  /** Durations of all requests, in seconds. The difference of two reports covers the time between them. */
  requests: Histogram;
  /** By the first digit of the status: `2xx`. */
  statuses: NamedCount[];
  /** Reads by the level that had the value. */
  caches: { name: string; memory: number; redis: number; miss: number }[];
  /** Candidates of this server's lists, by the source that retrieved them first. */
  candidates: NamedCount[];
  /** Places in lists that a lower level filled. */
  fallbacks: NamedCount[];
  /** By error code. */
  errors: NamedCount[];
  /** By `kind, outcome`. */
  events: NamedCount[];
}

export interface ListedItem {
  id: string;
  title: string;
  year: number | null;
  score: number;
  terms: ScoreTerm[];
  reasons: Reason[];
}

/** A stored opinion of a user on an item. */
export interface StoredOpinion {
  id: string;
  title: string;
  /** 1 liked, -1 disliked, 0 neither. */
  value: number;
  hidden: boolean;
  saved: boolean;
  /** Milliseconds since 1970. */
  at: number;
}

/** Where an item is in, or why it is missing from, a user's list. */
export type Standing = Pick<ListedItem, 'id' | 'title' | 'year'> &
  (
    | {
        /** `listed`: in the list; `candidate`: ranked below the list; `beyond`: not among the candidates. */
        place: 'listed' | 'candidate' | 'beyond';
        /** From 1; null beyond the candidates. */
        rank: number | null;
        score: number;
        terms: ScoreTerm[];
        reasons: Reason[];
      }
    | {
        /** Excluded: in the history, or hidden by a dislike or a "not interested". */
        place: 'seen' | 'hidden';
        opinion: StoredOpinion;
      }
  );

export interface WhyReport {
  domain: string;
  /** The domain's word for its users, such as "viewers". */
  users: string;
  /** Whether any data of the user is stored. */
  known: boolean;
  /** Number of the user's stored events in the domain, by kind. */
  events: NamedCount[];
  /** Latest first; `opinionCount` is the number of all. */
  opinions: StoredOpinion[];
  opinionCount: number;
  /** The share of content among the personal signals. */
  alpha: number;
  /** Number of candidates that were ranked. */
  candidates: number;
  list: ListedItem[];
  item: Standing | null;
}

export const EXPORT_KINDS = ['events', 'items', 'trends'] as const;
export type ExportKind = (typeof EXPORT_KINDS)[number];

export interface ExportPage {
  rows: Record<string, unknown>[];
  /** Cursor of the next page; null on the last one. */
  after: string | null;
}

export interface ImportReceipt {
  /** Number of lines that are not blank. */
  lines: number;
  published: { domain: string; items: number; revision: number }[];
  rejected: number;
  /** The first rejected lines, in order. */
  problems: { line: number; reason: string }[];
}
