'use client';

import { type FormEvent, useId, useState } from 'react';
import type { DomainOverview, Overview } from '../../lib/contracts/admin';
import { asInkpickError } from '../engine/use-domain';
import { Button } from '../ui/button';
import { count } from '../ui/text';
import { toast } from '../ui/toasts';
import { OddsBar } from './charts/bars';
import { type DraftFields, EMPTY_DRAFT, itemOfFields, itemsOfJson } from './item-draft';
import { CatalogueField, Choice, FIELD, Field, Part, Table } from './elements';
import { useSession } from './operator-session';
import { AUDIENCES, percent, span } from './descriptions';

/** At these odds, either way, an item has had its first audience. */
const DECIDED = 0.95;

/** Items published since the build, with their odds; and the form to publish more. */
export function NewItems({ overview, onChange }: { overview: Overview; onChange: () => void }) {
  const { domains } = overview;
  const some = domains.filter(({ newItems }) => newItems.length > 0);
  return (
    <div className="space-y-8">
      {some.length === 0 && (
        <p className="text-quiet text-sm">Nothing has been published since the catalogues were built.</p>
      )}
      {some.map((domain) => (
        <DomainItems key={domain.id} domain={domain} now={overview.at} onChange={onChange} />
      ))}
      <Publish domains={domains} onChange={onChange} />
    </div>
  );
}

function DomainItems({ domain, now, onChange }: { domain: DomainOverview; now: number; onChange: () => void }) {
  const { ask } = useSession();
  const [busy, setBusy] = useState<string | null>(null);

  const withdraw = async (id: string, title: string) => {
    if (!window.confirm(`Withdraw “${title}”? Browsers forget it within a minute.`)) return;
    setBusy(id);
    try {
      await ask(`/api/items/${encodeURIComponent(domain.id)}/${encodeURIComponent(id)}`, { method: 'DELETE' });
      toast(`${title} is withdrawn`);
      onChange();
    } catch (error) {
      toast(asInkpickError(error).message);
    }
    setBusy(null);
  };

  return (
    <Part
      title={domain.label}
      note={`An item must beat ${percent(domain.baseRate)}, the clicks per card shown of everything here. The strokes in the bars are at ${percent(1 - DECIDED)} and ${percent(DECIDED)}, where it is decided.`}
    >
      <Table
        label={`New items of ${domain.label}`}
        head={[
          'Item',
          { name: 'Shown', right: true },
          { name: 'Clicked', right: true },
          { name: 'Rate, at a guess', right: true },
          'Odds that it is better',
          'Audience',
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
            <td className="text-right">{percent(mean)}</td>
            <td>
              <span className="flex items-center gap-2">
                <OddsBar value={better} decidedAt={DECIDED} />
                <span className="whitespace-nowrap">{percent(better)}</span>
              </span>
            </td>
            <td className="min-w-32">{AUDIENCES[audience]}</td>
            <td className="whitespace-nowrap">{span(now - publishedAt * 1000)} ago</td>
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
    </Part>
  );
}

const WAYS = [
  { value: 'fields', label: 'By fields' },
  { value: 'json', label: 'As JSON' },
] as const;

function Publish({ domains, onChange }: { domains: readonly DomainOverview[]; onChange: () => void }) {
  const { ask } = useSession();
  const [way, setWay] = useState<(typeof WAYS)[number]['value']>('fields');
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
      const items = way === 'json' ? itemsOfJson(json) : [itemOfFields(fields)];
      await ask(`/api/items/${encodeURIComponent(domain)}`, { method: 'POST', body: { items } });
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
    <Part
      title="Publish"
      note="Open browsers have it within a minute. The same id again replaces what was published under it."
    >
      <form onSubmit={publish} className="max-w-2xl space-y-4" aria-describedby={problem ? problemId : undefined}>
        <div className="flex flex-wrap items-end justify-between gap-4">
          <CatalogueField domains={domains} value={domain} onChange={setDomain} />
          <Choice label="How to write it" value={way} options={WAYS} onChange={setWay} />
        </div>
        {way === 'json' ? (
          <Field label="Items" hint="one, or a list">
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
            <Field label="Creators" hint="with commas">
              <input className={FIELD} value={fields.creators} onChange={set('creators')} />
            </Field>
            <div className="sm:col-span-2">
              <Field label="Tags" hint="a group a line, as genres: Drama, War">
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
    </Part>
  );
}
