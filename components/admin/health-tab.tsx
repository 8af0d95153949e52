'use client';

import type { Latency, MetricsReport } from '../../lib/contracts/admin';
import { count, decimal, megabytes, milliseconds } from '../ui/text';
import { CountBars, ShareBar } from './charts/bars';
import { LineChart } from './charts/line-chart';
import { formatDuration, formatPercent } from './descriptions';
import { Figure, Section, Table } from './elements';
import type { Sample } from './metric-samples';

/** The levels of the cache, by where a read found the value. */
const LEVELS = {
  memory: { label: 'in memory', fill: 'fill-ink' },
  redis: { label: 'in Redis', fill: 'fill-quiet' },
  miss: { label: 'miss', fill: 'fill-accent' },
} as const;

function CacheLegend() {
  return (
    <span className="flex flex-wrap gap-x-4">
      {Object.values(LEVELS).map(({ label, fill }) => (
        <span key={label} className="inline-flex items-center gap-1.5">
          <svg viewBox="0 0 10 10" aria-hidden="true" className="size-2.5">
            <rect width="10" height="10" className={fill} />
          </svg>
          {label}
        </span>
      ))}
    </span>
  );
}

const formatMs = (value: number) => `${milliseconds(value)} ms`;

/** Metrics of the server process: durations, caches, sources of candidates, errors. */
export function HealthTab({ report, samples }: { report: MetricsReport; samples: readonly Sample[] }) {
  const { at, startedAt, memoryBytes, requests, statuses, routes, stages, caches } = report;
  const startLabel = samples.length > 0 ? `${formatDuration(at - samples[0].at)} ago` : 'now';
  return (
    <div className="space-y-8">
      <p className="max-w-2xl text-pretty text-quiet text-sm">
        From the server process that answered, since its start. Times are estimated from histograms.
      </p>
      <dl className="flex flex-wrap gap-x-8 gap-y-3">
        <Figure label="Running for">{startedAt === null ? 'unknown' : formatDuration(at - startedAt)}</Figure>
        <Figure label="Memory">{memoryBytes === null ? 'unknown' : `${megabytes(memoryBytes)} MB`}</Figure>
        <Figure label="Requests">{count(requests.total)}</Figure>
        {statuses.map(({ name, count: n }) => (
          <Figure key={name} label={`Status ${name}`}>
            {count(n)}
          </Figure>
        ))}
      </dl>
      <div className="grid gap-x-10 gap-y-6 lg:grid-cols-2">
        <LineChart
          title="Response time"
          from={startLabel}
          format={formatMs}
          lines={[
            { name: 'p50', look: 'solid', values: samples.map(({ p50 }) => p50) },
            { name: 'p95', look: 'dashed', values: samples.map(({ p95 }) => p95) },
            { name: 'p99', look: 'accent', values: samples.map(({ p99 }) => p99) },
          ]}
        />
        <LineChart
          title="Requests per second"
          from={startLabel}
          format={(value) => decimal(value, value < 10 ? 1 : 0)}
          lines={[{ name: 'all', look: 'solid', values: samples.map(({ rate }) => rate) }]}
        />
      </div>
      <Section title="Time by route">
        <Latencies label="Time by route" name="Route" rows={routes} />
      </Section>
      <div className="grid gap-x-10 gap-y-8 lg:grid-cols-2">
        <Section title="Time by stage">
          <Latencies label="Time by stage" name="Stage" rows={stages} />
        </Section>
        <Section title="Caches" note={<CacheLegend />}>
          {caches.length === 0 ? (
            <p className="text-quiet text-sm">No reads so far</p>
          ) : (
            <Table
              label="Caches"
              head={['Cache', 'Where', { name: 'Hit rate', right: true }, { name: 'Reads', right: true }]}
            >
              {caches.map(({ name, memory, redis, miss }) => {
                const reads = memory + redis + miss;
                const shares = `${formatPercent(memory / reads)} in memory, ${formatPercent(redis / reads)} in Redis`;
                return (
                  <tr key={name}>
                    <th scope="row">{name}</th>
                    <td className="w-1/3">
                      <ShareBar
                        parts={[
                          { name: 'memory', count: memory, className: LEVELS.memory.fill },
                          { name: 'redis', count: redis, className: LEVELS.redis.fill },
                          { name: 'miss', count: miss, className: LEVELS.miss.fill },
                        ]}
                      />
                      <span className="sr-only">{shares}</span>
                    </td>
                    <td className="text-right" title={shares}>
                      {formatPercent((memory + redis) / reads)}
                    </td>
                    <td className="text-right">{count(reads)}</td>
                  </tr>
                );
              })}
            </Table>
          )}
        </Section>
        <Section title="Candidates by source" note="In lists made by this server; browsers make their own.">
          <CountBars label="Candidates by source" counts={report.candidates} />
        </Section>
        <Section title="Fallbacks" note="Places in lists that a lower level filled.">
          <CountBars label="Fallbacks" counts={report.fallbacks} />
        </Section>
        <Section title="Events">
          <CountBars
            label="Events"
            counts={report.events.map(({ name, count }) => ({ name: name.replace('_', ' '), count }))}
          />
        </Section>
        <Section title="Error responses">
          <CountBars label="Error responses" counts={report.errors} />
        </Section>
      </div>
    </div>
  );
}

function Latencies({ label, name, rows }: { label: string; name: string; rows: readonly Latency[] }) {
  if (rows.length === 0) return <p className="text-quiet text-sm">No requests so far</p>;
  const right = (name: string) => ({ name, right: true }) as const;
  return (
    <Table label={label} head={[name, right('Count'), right('Mean'), right('p50'), right('p95'), right('p99')]}>
      {rows.map((row) => (
        <tr key={row.name}>
          <th scope="row" className="whitespace-nowrap">
            {row.name}
          </th>
          <td className="text-right">{count(row.count)}</td>
          {[row.mean, row.p50, row.p95, row.p99].map((value, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the columns are fixed.
            <td key={i} className="whitespace-nowrap text-right">
              {formatMs(value)}
            </td>
          ))}
        </tr>
      ))}
    </Table>
  );
}
