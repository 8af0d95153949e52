'use client';

import { type FormEvent, useState } from 'react';
import type { ListedItem, StoredOpinion, WhyReport } from '../../lib/contracts/admin';
import type { InkpickError } from '../../lib/contracts/errors';
import { asInkpickError } from '../engine/use-domain';
import { describeReason, termBars } from '../results/reason-text';
import { Button } from '../ui/button';
import { count, decimal } from '../ui/text';
import { describeStanding, formatPercent } from './descriptions';
import { CatalogueField, FIELD, Field, Problem, Section, Table } from './elements';
import { useOperator } from './operator-session';

/** Explains the recommendations of a user of the API. */
export function WhyTab({ domains }: { domains: readonly { id: string; label: string }[] }) {
  const { request } = useOperator();
  const [domain, setDomain] = useState(domains[0]?.id ?? '');
  const [user, setUser] = useState('');
  const [item, setItem] = useState('');
  const [busy, setBusy] = useState(false);
  const [report, setReport] = useState<WhyReport | null>(null);
  const [problem, setProblem] = useState<InkpickError | null>(null);

  const lookUp = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const query = new URLSearchParams({ domain, user, ...(item.trim() && { item: item.trim() }) });
    try {
      setReport(await request<WhyReport>(`/api/admin/why?${query}`));
      setProblem(null);
    } catch (error) {
      setProblem(asInkpickError(error));
    }
    setBusy(false);
  };

  return (
    <div className="space-y-8">
      <form onSubmit={lookUp} className="grid max-w-4xl items-end gap-4 sm:grid-cols-[10rem_1fr_1fr_auto]">
        <CatalogueField domains={domains} value={domain} onChange={setDomain} />
        <Field label="User" hint="your own id for them">
          <input
            className={FIELD}
            required
            maxLength={200}
            value={user}
            onChange={(event) => setUser(event.target.value)}
          />
        </Field>
        <Field label="Item" hint="optional, by its id">
          <input className={FIELD} maxLength={500} value={item} onChange={(event) => setItem(event.target.value)} />
        </Field>
        <Button type="submit" look="solid" disabled={busy}>
          Look up
        </Button>
      </form>
      <p className="max-w-2xl text-pretty text-quiet text-sm">
        Only users of the API can be looked up. Visitors’ lists are made on their own devices and cannot be seen here.
      </p>
      {problem && <Problem error={problem} />}
      {report && <Report report={report} />}
    </div>
  );
}

function Report({ report }: { report: WhyReport }) {
  const { known, item, events, opinions, opinionCount, list, alpha, candidates } = report;
  const disliked = new Set(opinions.filter(({ value }) => value < 0).map(({ id }) => id));
  return (
    <div className="space-y-8" aria-live="polite">
      {!known && (
        <p className="border-accent border-l-4 bg-sheet px-4 py-2 text-sm">
          There is no data about this user: the list is the same for all new users.
        </p>
      )}
      {item && (
        <Section title={`${item.title}${item.year ? ` (${item.year})` : ''}`}>
          <p className="font-medium text-sm">{describeStanding(item, list.length, candidates)}</p>
          {'terms' in item && (
            <div className="mt-2 max-w-xl">
              <Terms item={item} users={report.users} disliked={disliked} />
            </div>
          )}
        </Section>
      )}
      <div className="grid gap-x-10 gap-y-8 lg:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
        <Section title="Stored data">
          <p className="text-sm tabular-nums">
            {events.length === 0
              ? 'No events'
              : events.map(({ name, count: n }) => `${count(n)} × ${name.replace('_', ' ')}`).join(', ')}
          </p>
          {opinions.length > 0 && (
            <ul className="mt-3 space-y-1 text-sm">
              {opinions.map((opinion) => (
                <li key={opinion.id} className="flex justify-between gap-3">
                  <span className="truncate" title={opinion.id}>
                    {opinion.title}
                  </span>
                  <span className="shrink-0 text-quiet">{describeOpinion(opinion)}</span>
                </li>
              ))}
            </ul>
          )}
          {opinionCount > opinions.length && (
            <p className="mt-2 text-quiet text-sm">and {count(opinionCount - opinions.length)} earlier ones</p>
          )}
        </Section>
        <Section
          title="Recommendations"
          note={`From ${count(candidates)} candidates; content is ${formatPercent(alpha)} of the personal signals.`}
        >
          <Table label="Recommendations" head={['#', 'Item', { name: 'Score', right: true }, 'Why']}>
            {list.map((entry, i) => (
              <tr key={entry.id}>
                <td className="text-quiet">{i + 1}</td>
                <th scope="row" className="min-w-36 max-w-60">
                  {entry.title}
                  {entry.year && <span className="font-normal text-quiet"> {entry.year}</span>}
                </th>
                <td className="text-right">{decimal(entry.score, 2)}</td>
                <td className="min-w-56">
                  <details>
                    <summary className="cursor-pointer">
                      {entry.reasons[0]
                        ? describeReason(entry.reasons[0], report, { disliked, terms: entry.terms })
                        : 'No reason'}
                    </summary>
                    <div className="mt-2 mb-3">
                      <Terms item={entry} users={report.users} disliked={disliked} />
                    </div>
                  </details>
                </td>
              </tr>
            ))}
          </Table>
        </Section>
      </div>
    </div>
  );
}

function describeOpinion({ value, hidden, saved }: StoredOpinion): string {
  if (value > 0) return saved ? 'liked, saved' : 'liked';
  if (value < 0) return 'disliked';
  if (hidden) return 'not interested';
  return saved ? 'saved' : 'undone';
}

/** The terms of a score as bars around 0, and all reasons. */
function Terms({
  item,
  users,
  disliked,
}: {
  item: Pick<ListedItem, 'score' | 'terms' | 'reasons'>;
  users: string;
  disliked: ReadonlySet<string>;
}) {
  const { zero, bars } = termBars(item.terms, { users });
  return (
    <div className="space-y-2 text-xs">
      <ul aria-label="Terms of the score" className="space-y-1">
        {bars.map((bar) => (
          <li
            key={bar.signal}
            className="grid grid-cols-[8.5rem_minmax(3rem,1fr)_auto_auto] items-center gap-2 tabular-nums"
          >
            <span>{bar.label}</span>
            <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" className="h-2 w-full">
              <rect x="0" y="0" width="100" height="8" className="fill-wash" />
              <rect
                x={100 * bar.start}
                y="0"
                width={100 * bar.length}
                height="8"
                className={bar.isAgainst ? 'fill-quiet' : 'fill-accent'}
              />
              <line
                x1={100 * zero}
                x2={100 * zero}
                y1="0"
                y2="8"
                className="stroke-ink"
                strokeWidth="1"
                vectorEffect="non-scaling-stroke"
              />
            </svg>
            <span className="text-right text-quiet">{bar.formula}</span>
            <span className="w-12 text-right font-semibold">{bar.contribution}</span>
          </li>
        ))}
      </ul>
      <ul aria-label="Reasons" className="space-y-0.5">
        {item.reasons.map((reason) => (
          <li key={'id' in reason ? `${reason.kind}${reason.id}` : reason.kind}>
            {'share' in reason && <span className="font-semibold tabular-nums">{formatPercent(reason.share)} </span>}
            {describeReason(reason, { users }, { disliked, terms: item.terms })}
          </li>
        ))}
      </ul>
    </div>
  );
}
