import type { Reason, ScoreTerm } from './engine';
import type { EventKind } from './events';
import type { Experiment } from './experiments';

/** What /api/admin answers, as the operator's page reads it. */

/** Over how long things are looked at; `popular` is the domain's own pace. */
export type OverviewWindow = 'popular' | 'day' | 'week' | 'month';

export interface EventCount {
  kind: EventKind;
  /** Heard in the last hour, and in the last 24. */
  hour: number;
  day: number;
}

export interface TrendingEntry {
  id: string;
  /** The id where the catalog does not hold the item any more. */
  title: string;
  weight: number;
}

/**
 * How it stands with the first audience of a new item: it is `looking`; it is `proven` or `failed` by the odds; or it is `waiting`,
 * since newer ones look first.
 */
export type AudienceState = 'looking' | 'proven' | 'failed' | 'waiting';

export interface NewItemOdds {
  id: string;
  title: string;
  /** Unix seconds. */
  publishedAt: number;
  impressions: number;
  clicks: number;
  /** Of the Beta posterior of its click rate. */
  mean: number;
  /** P(click rate > base rate). */
  better: number;
  audience: AudienceState;
}

export interface DomainOverview {
  id: string;
  label: string;
  /** In the catalog as it was built. */
  items: number;
  /** Who did something here in the last 24 hours. */
  visitors: number;
  /** Of the last 24 hours, most first; kinds that nobody did are left out. */
  events: EventCount[];
  /** The ten most, highest first. */
  trending: Record<OverviewWindow, TrendingEntry[]>;
  /** Clicks per impression over everything shown. */
  baseRate: number;
  /** Newest first. */
  newItems: NewItemOdds[];
}

export interface Overview {
  /** When, in milliseconds. */
  at: number;
  store: { state: 'ready' | 'unavailable'; kind: 'postgres' | 'folder' | 'memory'; ephemeral: boolean };
  cache: { state: 'ready' | 'unavailable'; kind: 'memory' | 'redis' };
  /** Browsers whose owner agreed, and users whom developers' servers speak for. */
  visitors: { agreed: number; apiUsers: number };
  domains: DomainOverview[];
}

/** What is measured of each visitor: clicks per impression, likes per list, and how varied the lists were. */
export type ExperimentMeasure = 'clickThrough' | 'likes' | 'diversity';

export interface ExperimentReport extends Omit<Experiment, 'variants'> {
  variants: {
    id: string;
    /** Of the visitors, 0 … 1. */
    share: number;
    settings: Record<string, unknown>;
    visitors: number;
    lists: number;
    means: Record<ExperimentMeasure, { visitors: number; mean: number }>;
    /** Less the first variant's mean; null for the first itself, and while there is too little. */
    against: Record<ExperimentMeasure, { difference: number; low: number; high: number } | null>;
  }[];
}

/** A histogram as Prometheus has it: `counts[i]` values were at most `bounds[i]`. */
export interface Histogram {
  /** Finite, ascending. */
  bounds: number[];
  /** Cumulative. */
  counts: number[];
  /** Of all values, those above the last bound too. */
  total: number;
}

/**
 * A quantile of what a histogram counted, as Prometheus's `histogram_quantile` estimates it: values are taken to lie evenly between the
 * bounds of their bucket, and those above the last bound at that bound. Null of nothing.
 *
 * @param q 0 … 1
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

/** Times of one kind of work in milliseconds, as the buckets of its histogram let them be estimated. */
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

/** Since this process started, and of this process alone. */
export interface MetricsReport {
  /** When, in milliseconds. */
  at: number;
  /** When the process started, in milliseconds; null where it does not say. */
  startedAt: number | null;
  /** Resident. */
  memoryBytes: number | null;
  /** By method and pattern of the route, most asked first. */
  routes: Latency[];
  stages: Latency[];
  /** Of all requests, in seconds: the difference of two reports is what was in between. */
  requests: Histogram;
  /** By the first digit of the status: `2xx`. */
  statuses: NamedCount[];
  /** Reads by where the value was. */
  caches: { name: string; memory: number; redis: number; miss: number }[];
  /** Of the lists, by the source that proposed them first. */
  candidates: NamedCount[];
  /** Places that a lower level had to fill. */
  fallbacks: NamedCount[];
  /** By their code. */
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

/** What a user said of an item. */
export interface HeldOpinion {
  id: string;
  title: string;
  /** 1 liked, -1 disliked, 0 neither. */
  value: number;
  hidden: boolean;
  saved: boolean;
  /** Milliseconds. */
  at: number;
}

/** Where an item stands for a user. */
export type Standing = Pick<ListedItem, 'id' | 'title' | 'year'> &
  (
    | {
        /** In the list; among the candidates that the list was chosen from; or not even there. */
        place: 'listed' | 'candidate' | 'beyond';
        /** From 1, where it has one. */
        rank: number | null;
        score: number;
        terms: ScoreTerm[];
        reasons: Reason[];
      }
    | {
        /** Never shown: in the history, or hidden by a dislike or a "not interested". */
        place: 'seen' | 'hidden';
        opinion: HeldOpinion;
      }
  );

export interface WhyReport {
  domain: string;
  /** What signals call the users of the domain. */
  users: string;
  /** Whether anything is held of the user. */
  known: boolean;
  /** Of the domain, all that is held, by kind. */
  events: NamedCount[];
  /** Latest first; `opinionCount` of them in all. */
  opinions: HeldOpinion[];
  opinionCount: number;
  /** The share of content among the personal signals. */
  alpha: number;
  /** How many items the list was chosen from. */
  candidates: number;
  list: ListedItem[];
  item: Standing | null;
}

export const EXPORTS = ['events', 'items', 'trends'] as const;
export type ExportKind = (typeof EXPORTS)[number];

export interface ExportPage {
  rows: Record<string, unknown>[];
  /** Ask with this for the next page; null after the last one. */
  after: string | null;
}

export interface ImportReceipt {
  /** How many lines hold anything. */
  lines: number;
  published: { domain: string; items: number; revision: number }[];
  rejected: number;
  /** The first of them, by line. */
  problems: { line: number; reason: string }[];
}
