'use client';

import { useState } from 'react';
import type { DomainOverview, Overview, OverviewWindow } from '../../lib/contracts/admin';
import { count, countOf, decimal } from '../ui/text';
import { Figure, RadioGroup, Section, Table } from './elements';

const WINDOWS: readonly { value: OverviewWindow; label: string }[] = [
  { value: 'day', label: 'Day' },
  { value: 'week', label: 'Week' },
  { value: 'month', label: 'Month' },
  { value: 'popular', label: 'Catalogue default' },
];

const STORES: Record<Overview['store']['kind'], string> = {
  postgres: 'Postgres',
  folder: 'embedded, in a folder',
  memory: 'embedded, in memory',
};

const STATES = { ready: 'ready', unavailable: 'cannot be reached' } as const;

/** Current activity, by domain. */
export function NowTab({ overview }: { overview: Overview }) {
  const [window, setWindow] = useState<OverviewWindow>('day');
  const { store, cache, visitors, domains } = overview;
  return (
    <div className="space-y-8">
      <dl className="flex flex-wrap gap-x-8 gap-y-3">
        <Figure label="Visitors who agreed">{count(visitors.agreed)}</Figure>
        <Figure label="Users of the API">{count(visitors.apiUsers)}</Figure>
        <Figure label="Store">
          {STORES[store.kind]}, {STATES[store.state]}
        </Figure>
        <Figure label="Cache">
          {cache.kind === 'redis' ? 'Redis' : 'this process'}, {STATES[cache.state]}
        </Figure>
      </dl>
      {store.ephemeral && (
        <p className="border-accent border-l-4 bg-sheet px-4 py-2 text-sm">
          The store is in memory: its data is lost when this process ends.
        </p>
      )}
      <RadioGroup label="Trending over" value={window} options={WINDOWS} onChange={setWindow} />
      {domains.map((domain) => (
        <Domain key={domain.id} domain={domain} window={window} />
      ))}
    </div>
  );
}

function Domain({ domain, window }: { domain: DomainOverview; window: OverviewWindow }) {
  const trending = domain.trending[window];
  const maxWeight = trending[0]?.weight ?? 1;
  return (
    <section aria-label={domain.label} className="border-line border-t pt-4">
      <div className="flex flex-wrap items-baseline gap-x-4">
        <h3 className="font-display text-xl">{domain.label}</h3>
        <p className="text-quiet text-sm tabular-nums">
          {count(domain.items)} items, {count(domain.newItems.length)} new;{' '}
          {countOf(domain.visitors, { one: 'visitor', many: 'visitors' })} in 24 hours
        </p>
      </div>
      <div className="mt-3 grid gap-x-10 gap-y-6 lg:grid-cols-2">
        <Section title="Trending">
          {trending.length === 0 ? (
            <p className="text-quiet text-sm">No events yet</p>
          ) : (
            <ol className="space-y-1 text-sm">
              {trending.map(({ id, title, weight }, i) => (
                <li
                  key={id}
                  className="grid grid-cols-[1.5rem_minmax(0,1fr)_minmax(0,6rem)_3.5rem] items-center gap-2 tabular-nums"
                >
                  <span className="text-quiet">{i + 1}</span>
                  <span className="truncate" title={`${title} (${id})`}>
                    {title}
                  </span>
                  <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" className="h-2 w-full">
                    <rect x="0" y="0" width="100" height="8" className="fill-wash" />
                    <rect x="0" y="0" width={(100 * weight) / maxWeight} height="8" className="fill-ink" />
                  </svg>
                  <span className="text-right">{decimal(weight, 1)}</span>
                </li>
              ))}
            </ol>
          )}
        </Section>
        <Section title="Events">
          {domain.events.length === 0 ? (
            <p className="text-quiet text-sm">None in 24 hours</p>
          ) : (
            <Table
              label={`Events of ${domain.label}`}
              head={['Kind', { name: 'Last hour', right: true }, { name: 'Last 24 hours', right: true }]}
            >
              {domain.events.map(({ kind, hour, day }) => (
                <tr key={kind}>
                  <th scope="row">{kind.replace('_', ' ')}</th>
                  <td className="text-right">{count(hour)}</td>
                  <td className="text-right">{count(day)}</td>
                </tr>
              ))}
            </Table>
          )}
        </Section>
      </div>
    </section>
  );
}
