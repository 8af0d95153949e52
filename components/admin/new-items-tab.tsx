'use client';

import { type FormEvent, useId, useState } from 'react';
import type { DomainOverview, Overview } from '../../lib/contracts/admin';
import { asInkpickError } from '../engine/use-domain';
import { Button } from '../ui/button';
import { count } from '../ui/text';
import { toast } from '../ui/toasts';
import { OddsBar } from './charts/bars';
import { AUDIENCE_LABELS, formatDuration, formatPercent } from './descriptions';
import { CatalogueField, FIELD, Field, RadioGroup, Section, Table } from './elements';
import { type DraftFields, EMPTY_DRAFT, itemFromFields, itemsFromJson } from './item-draft';
import { useOperator } from './operator-session';

/** Exploration of an item ends when the odds that it beats the base rate reach this, or fall to 1 minus this. */
const DECIDED = 0.95;

/** Items published since the build, with their odds, and a form to publish more. */
export function NewItemsTab({ overview, onChange }: { overview: Overview; onChange: () => void }) {
  const { domains } = overview;
  const withNewItems = domains.filter(({ newItems }) => newItems.length > 0);
  return (
    <div className="space-y-8">
      {withNewItems.length === 0 && (
        <p className="text-quiet text-sm">Nothing has been published since the catalogues were built.</p>
      )}
      {withNewItems.map((domain) => (
        <DomainItems key={domain.id} domain={domain} now={overview.at} onChange={onChange} />
      ))}
      <Publish domains={domains} onChange={onChange} />
    </div>
  );
}

function DomainItems({ domain, now, onChange }: { domain: DomainOverview; now: number; onChange: () => void }) {
  const { request } = useOperator();
  const [busy, setBusy] = useState<string | null>(null);

  const withdraw = async (id: string, title: string) => {
    if (!window.confirm(`Withdraw “${title}”? Browsers remove it within a minute.`)) return;
    setBusy(id);
    try {
      await request(`/api/items/${encodeURIComponent(domain.id)}/${encodeURIComponent(id)}`, { method: 'DELETE' });
      toast(`${title} is withdrawn`);
      onChange();
    } catch (error) {
      toast(asInkpickError(error).message);
    }
    setBusy(null);
  };

  return (
    <Section
      title={domain.label}
      note={`A new item must beat ${formatPercent(domain.baseRate)}, the click rate of the whole catalogue. The marks in the bars, at ${formatPercent(1 - DECIDED)} and ${formatPercent(DECIDED)}, are where exploration ends.`}
    >
      <Table
        label={`New items of ${domain.label}`}
        head={[
          'Item',
          { name: 'Shown', right: true },
          { name: 'Clicked', right: true },
          { name: 'Click rate (estimate)', right: true },
          'Odds that it beats the catalogue',
          'State',
          'Published',
          { name: 'Action', right: true },
        ]}
      >
        {domain.newItems.map(({ id, title, publishedAt, impressions, clicks, mean, better, audience }) => (
          <tr key={id}>
            <th scope="row" className="min-w-40 max-w-72">
              <span className="line-clamp-2">{title}</span>
              <span className="block truncate font-normal text-quiet text-xs">{id}</span>
            </th>
            <td className="text-right">{count(impressions)}</td>
            <td className="text-right">{count(clicks)}</td>
            <td className="text-right">{formatPercent(mean)}</td>
            <td>
              <span className="flex items-center gap-2">
                <OddsBar value={better} decidedAt={DECIDED} />
                <span className="whitespace-nowrap">{formatPercent(better)}</span>
              </span>
            </td>
            <td className="min-w-32">{AUDIENCE_LABELS[audience]}</td>
            <td className="whitespace-nowrap">{formatDuration(now - publishedAt * 1000)} ago</td>
            <td className="text-right">
              <Button
                look="quiet"
                disabled={busy === id}
                onClick={() => void withdraw(id, title)}
                aria-label={`Withdraw ${title}`}
              >
                Withdraw
              </Button>
            </td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}

const FORMATS = [
  { value: 'fields', label: 'Form' },
  { value: 'json', label: 'JSON' },
] as const;

function Publish({ domains, onChange }: { domains: readonly DomainOverview[]; onChange: () => void }) {
  const { request } = useOperator();
  const [format, setFormat] = useState<(typeof FORMATS)[number]['value']>('fields');
  const [domain, setDomain] = useState(domains[0]?.id ?? '');
  const [fields, setFields] = useState<DraftFields>(EMPTY_DRAFT);
  const [json, setJson] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const problemId = useId();
  const set = (name: keyof DraftFields) => (event: { target: { value: string } }) =>
    setFields({ ...fields, [name]: event.target.value });

  const publish = async (event: FormEvent) => {
    event.preventDefault();
    setProblem(null);
    setBusy(true);
    try {
      const items = format === 'json' ? itemsFromJson(json) : [itemFromFields(fields)];
      await request(`/api/items/${encodeURIComponent(domain)}`, { method: 'POST', body: { items } });
      toast(`${items.length === 1 ? 'The item is' : `${count(items.length)} items are`} published`);
      setFields(EMPTY_DRAFT);
      setJson('');
      onChange();
    } catch (error) {
      setProblem(asInkpickError(error).message);
    }
    setBusy(false);
  };

  return (
    <Section title="Publish" note="Open browsers show it within a minute. Publishing an id again replaces the item.">
      <form onSubmit={publish} className="max-w-2xl space-y-4" aria-describedby={problem ? problemId : undefined}>
        <div className="flex flex-wrap items-end justify-between gap-4">
          <CatalogueField domains={domains} value={domain} onChange={setDomain} />
          <RadioGroup label="Input" value={format} options={FORMATS} onChange={setFormat} />
        </div>
        {format === 'json' ? (
          <Field label="Items" hint="one item, or a list">
            <textarea
              className={`${FIELD} min-h-48 font-mono`}
              required
              spellCheck={false}
              value={json}
              placeholder={'{"id": "new-1", "title": "…", "tags": {"genres": ["Drama"]}}'}
              onChange={(event) => setJson(event.target.value)}
            />
          </Field>
        ) : (
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label="Id">
              <input className={FIELD} required maxLength={200} value={fields.id} onChange={set('id')} />
            </Field>
            <Field label="Title">
              <input className={FIELD} required maxLength={500} value={fields.title} onChange={set('title')} />
            </Field>
            <Field label="Year" hint="optional">
              <input className={FIELD} inputMode="numeric" value={fields.year} onChange={set('year')} />
            </Field>
            <Field label="Creators" hint="separated by commas">
              <input className={FIELD} value={fields.creators} onChange={set('creators')} />
            </Field>
            <div className="sm:col-span-2">
              <Field label="Tags" hint="one field per line, such as genres: Drama, War">
                <textarea className={`${FIELD} min-h-24`} value={fields.tags} onChange={set('tags')} />
              </Field>
            </div>
          </div>
        )}
        {problem && (
          <p id={problemId} role="alert" className="border-accent border-l-4 bg-sheet px-4 py-2 text-sm">
            {problem}
          </p>
        )}
        <Button type="submit" look="solid" disabled={busy}>
          Publish
        </Button>
      </form>
    </Section>
  );
}
