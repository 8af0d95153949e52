import { type Histogram, histogramQuantile, type MetricsReport } from '../../lib/contracts/admin';

/** Request rate and durations between two reports. */
export interface Sample {
  /** End of the interval, in milliseconds since 1970. */
  at: number;
  /** Requests per second. */
  rate: number;
  /** Quantiles of the durations in milliseconds; null if there were no requests. */
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

/** Ten minutes of samples, one every five seconds. */
export const MAX_SAMPLES = 120;

/** The difference of two reports; null if the server restarted in between or no time passed. */
export function sampleBetween(before: MetricsReport, after: MetricsReport): Sample | null {
  const seconds = (after.at - before.at) / 1000;
  const total = after.requests.total - before.requests.total;
  if (seconds <= 0 || total < 0 || after.startedAt !== before.startedAt) return null;
  // A bound that only the later report has counted nothing before.
  const counted = new Map(before.requests.bounds.map((bound, i) => [bound, before.requests.counts[i]]));
  const { bounds, counts } = after.requests;
  const between: Histogram = { bounds, counts: counts.map((n, i) => n - (counted.get(bounds[i]) ?? 0)), total };
  const quantile = (q: number) => {
    const value = histogramQuantile(q, between);
    return value === null ? null : value * 1000;
  };
  return { at: after.at, rate: total / seconds, p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99) };
}

/** Appends a sample and drops the oldest beyond {@link MAX_SAMPLES}. */
export const appendSample = (samples: readonly Sample[], sample: Sample): Sample[] =>
  [...samples, sample].slice(-MAX_SAMPLES);
