'use client';

import type { Latency, MetricsReport } from '../../lib/contracts/admin';
import { count, decimal, megabytes, milliseconds } from '../ui/text';
import { CountBars, ShareBar } from './charts/bars';
import { LineChart } from './charts/line-chart';
import { Figure, Part, Table } from './elements';
import type { Sample } from './metric-samples';
import { percent, span } from './descriptions';

/** Where a value was. */
const LEVELS = {
  memory: { label: 'in memory', fill: 'fill-ink' },
  redis: { label: 'in Redis', fill: 'fill-quiet' },
  miss: { label: 'nowhere, and made', fill: 'fill-accent' },
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

const inMs = (value: number) => `${milliseconds(value)} ms`;

/** How this process does: times, caches, sources, errors. */
export function Health({ report, samples }: { report: MetricsReport; samples: readonly Sample[] }) {
  const { at, startedAt, memoryBytes, requests, statuses, routes, stages, caches } = report;
  const from = samples.length > 0 ? `${span(at - samples[0].at)} ago` : 'now';
  return (
    <div className="space-y-8">
      <p className="max-w-2xl text-pretty text-quiet text-sm">
        Of the process that answered, since it started. Times are estimates from buckets.
      </p>
      <dl className="flex flex-wrap gap-x-8 gap-y-3">
        <Figure label="Running for">{startedAt === null ? 'unknown' : span(at - startedAt)}</Figure>
        <Figure label="Memory">{memoryBytes === null ? 'unknown' : `${megabytes(memoryBytes)} MB`}</Figure>
        <Figure label="Requests">{count(requests.total)}</Figure>
        {statuses.map(({ name, count: n }) => (
          <Figure key={name} label={`of them ${name}`}>
            {count(n)}
          </Figure>
        ))}
      </dl>
      <div className="grid gap-x-10 gap-y-6 lg:grid-cols-2">
        <LineChart
          title="Time to answer"
          from={from}
          format={inMs}
          lines={[
            { name: 'p50', look: 'solid', values: samples.map(({ p50 }) => p50) },
            { name: 'p95', look: 'dashed', values: samples.map(({ p95 }) => p95) },
            { name: 'p99', look: 'accent', values: samples.map(({ p99 }) => p99) },
          ]}
        />
        <LineChart
          title="Requests a second"
          from={from}
          format={(value) => decimal(value, value < 10 ? 1 : 0)}
          lines={[{ name: 'all', look: 'solid', values: samples.map(({ rate }) => rate) }]}
        />
      </div>
      <Part title="Time by route">
        <Latencies label="Time by route" name="Route" rows={routes} />
      </Part>
      <div className="grid gap-x-10 gap-y-8 lg:grid-cols-2">
        <Part title="Time by stage">
          <Latencies label="Time by stage" name="Stage" rows={stages} />
        </Part>
        <Part title="Caches" note={<CacheLegend />}>
          {caches.length === 0 ? (
            <p className="text-quiet text-sm">Nothing was read so far</p>
          ) : (
            <Table
              label="Caches"
              head={['Cache', 'Where', { name: 'Found', right: true }, { name: 'Reads', right: true }]}
            >
              {caches.map(({ name, memory, redis, miss }) => {
                const reads = memory + redis + miss;
                const shares = `${percent(memory / reads)} in memory, ${percent(redis / reads)} in Redis`;
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
                      {percent((memory + redis) / reads)}
                    </td>
                    <td className="text-right">{count(reads)}</td>
                  </tr>
                );
              })}
            </Table>
          )}
        </Part>
        <Part title="Candidates by source" note="Of the lists that this server made; browsers make their own.">
          <CountBars label="Candidates by source" counts={report.candidates} />
        </Part>
        <Part title="Fallbacks" note="Places of lists that a lower level had to fill.">
          <CountBars label="Fallbacks" counts={report.fallbacks} />
        </Part>
        <Part title="Events">
          <CountBars
            label="Events"
            counts={report.events.map(({ name, count }) => ({ name: name.replace('_', ' '), count }))}
          />
        </Part>
        <Part title="Errors answered">
          <CountBars label="Errors answered" counts={report.errors} />
        </Part>
      </div>
    </div>
  );
}

function Latencies({ label, name, rows }: { label: string; name: string; rows: readonly Latency[] }) {
  if (rows.length === 0) return <p className="text-quiet text-sm">Nothing was timed so far</p>;
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
            // biome-ignore lint/suspicious/noArrayIndexKey: the columns stay as they are.
            <td key={i} className="whitespace-nowrap text-right">
              {inMs(value)}
            </td>
          ))}
        </tr>
      ))}
    </Table>
  );
}
