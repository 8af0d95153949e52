import { type Histogram, histogramQuantile, type MetricsReport } from '../../lib/contracts/admin';

/** What went on between two reports. */
export interface Sample {
  /** When it ended, in milliseconds. */
  at: number;
  /** Requests a second. */
  rate: number;
  /** Of their times in milliseconds; null where there were none. */
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

/** Ten minutes, asked for every five seconds. */
export const MOST_SAMPLES = 120;

/** The difference of two reports of one process; null where they are of two, or at one time. */
export function sampleBetween(before: MetricsReport, after: MetricsReport): Sample | null {
  const seconds = (after.at - before.at) / 1000;
  const total = after.requests.total - before.requests.total;
  if (seconds <= 0 || total < 0 || after.startedAt !== before.startedAt) return null;
  // Bounds that only the later one has were counted by nothing before.
  const counted = new Map(before.requests.bounds.map((bound, i) => [bound, before.requests.counts[i]]));
  const { bounds, counts } = after.requests;
  const between: Histogram = { bounds, counts: counts.map((n, i) => n - (counted.get(bounds[i]) ?? 0)), total };
  const quantile = (q: number) => {
    const value = histogramQuantile(q, between);
    return value === null ? null : value * 1000;
  };
  return { at: after.at, rate: total / seconds, p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99) };
}

/** The samples with one more, the oldest going where there are too many. */
export const withSample = (samples: readonly Sample[], sample: Sample): Sample[] =>
  [...samples, sample].slice(-MOST_SAMPLES);
