import 'server-only';
import type { MetricObjectWithValues, MetricValue } from 'prom-client';
import {
  type Histogram,
  histogramQuantile,
  type Latency,
  type MetricsReport,
  type NamedCount,
} from '../../contracts/admin';

/** The metrics of a registry, from `getMetricsAsJSON`. */
export type RegistryJson = readonly MetricObjectWithValues<MetricValue<string>>[];

const MS_PER_SECOND = 1000;

/** A label of a sample as text; empty where the sample lacks it. */
const label = ({ labels }: MetricValue<string>, name: string) => String(labels[name] ?? '');

/** Groups values by name, in the order of first occurrence. */
function groupBy<T>(values: readonly T[], nameOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const name = nameOf(value);
    const group = groups.get(name);
    if (group) group.push(value);
    else groups.set(name, [value]);
  }
  return groups;
}

/** A metric's samples as counts by name, highest first, without zeros. */
function countsBy(
  values: readonly MetricValue<string>[],
  nameOf: (value: MetricValue<string>) => string,
): NamedCount[] {
  return [...groupBy(values, nameOf)]
    .map(([name, group]) => ({ name, count: group.reduce((sum, { value }) => sum + value, 0) }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

/** The samples of a histogram metric, summed over all labels but the bucket. */
function sumHistogram(samples: readonly MetricValue<string>[]): Histogram & { sum: number } {
  const byBound = new Map<number, number>();
  let [total, sum] = [0, 0];
  for (const sample of samples) {
    const { metricName = '' } = sample as { metricName?: string };
    if (metricName.endsWith('_sum')) sum += sample.value;
    else if (metricName.endsWith('_count')) total += sample.value;
    else if (label(sample, 'le') !== '+Inf') {
      const bound = Number(label(sample, 'le'));
      byBound.set(bound, (byBound.get(bound) ?? 0) + sample.value);
    }
  }
  const bounds = [...byBound.keys()].sort((a, b) => a - b);
  return { bounds, counts: bounds.map((bound) => byBound.get(bound)!), total, sum };
}

function latency(name: string, samples: readonly MetricValue<string>[]): Latency {
  const histogram = sumHistogram(samples);
  const quantile = (q: number) => (histogramQuantile(q, histogram) ?? 0) * MS_PER_SECOND;
  return {
    name,
    count: histogram.total,
    mean: histogram.total > 0 ? (histogram.sum / histogram.total) * MS_PER_SECOND : 0,
    p50: quantile(0.5),
    p95: quantile(0.95),
    p99: quantile(0.99),
  };
}

const latencies = (
  samples: readonly MetricValue<string>[],
  nameOf: (sample: MetricValue<string>) => string,
): Latency[] =>
  [...groupBy(samples, nameOf)]
    .map(([name, group]) => latency(name, group))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));

/**
 * The data for the operator's charts from the metrics of this process. A metric that is missing counts as empty.
 * Quantiles are estimates from buckets: {@link histogramQuantile}.
 *
 * @param now milliseconds
 */
export function reportMetrics(registry: RegistryJson, now: number): MetricsReport {
  const samples = (name: string) => registry.find((metric) => metric.name === name)?.values ?? [];
  const gauge = (name: string) => samples(name)[0]?.value ?? null;
  const requests = samples('inkpick_http_request_duration_seconds');
  const { bounds, counts, total } = sumHistogram(requests);
  const startedAt = gauge('process_start_time_seconds');
  const reads = groupBy(samples('inkpick_cache_reads_total'), (sample) => label(sample, 'cache'));
  const byStatus = requests.filter((sample) => (sample as { metricName?: string }).metricName?.endsWith('_count'));
  return {
    at: now,
    startedAt: startedAt === null ? null : startedAt * MS_PER_SECOND,
    memoryBytes: gauge('process_resident_memory_bytes'),
    routes: latencies(requests, (sample) => `${label(sample, 'method')} ${label(sample, 'route')}`),
    stages: latencies(samples('inkpick_stage_duration_seconds'), (sample) => label(sample, 'stage')),
    requests: { bounds, counts, total },
    statuses: countsBy(byStatus, (sample) => label(sample, 'status')).sort((a, b) => (a.name < b.name ? -1 : 1)),
    caches: [...reads]
      .map(([name, group]) => {
        const at = (level: string) =>
          group.reduce((sum, sample) => (label(sample, 'level') === level ? sum + sample.value : sum), 0);
        return { name, memory: at('memory'), redis: at('redis'), miss: at('miss') };
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    candidates: countsBy(samples('inkpick_candidates_total'), (sample) => label(sample, 'source')),
    fallbacks: countsBy(samples('inkpick_fallbacks_total'), (sample) => label(sample, 'level')),
    errors: countsBy(samples('inkpick_errors_total'), (sample) => label(sample, 'code')),
    events: countsBy(
      samples('inkpick_events_total'),
      (sample) => `${label(sample, 'kind')}, ${label(sample, 'outcome')}`,
    ),
  };
}
