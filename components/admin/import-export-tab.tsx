'use client';

import { type FormEvent, useRef, useState } from 'react';
import { EXPORT_KINDS, type ExportKind, type ExportPage, type ImportReceipt } from '../../lib/contracts/admin';
import type { InkpickError } from '../../lib/contracts/errors';
import { asInkpickError } from '../engine/use-domain';
import { Button } from '../ui/button';
import { count } from '../ui/text';
import { FIELD, Field, Part, Problem } from './elements';
import { useSession } from './operator-session';

const WHAT: Record<ExportKind, string> = {
  events:
    'What was done with which item and when. Visitors are told apart by a code that only this server’s store can make.',
  items: 'All that was published since the build and not withdrawn, as it can be imported again.',
  trends: 'The decayed weights as they are now, by catalogue, window and item.',
};

/** Takes data out, and new items in. */
export function Transfer({ onImport }: { onImport: () => void }) {
  return (
    <div className="grid gap-x-12 gap-y-8 lg:grid-cols-2">
      <Part title="Export" note="A JSON object a line (NDJSON).">
        <ul className="space-y-4">
          {EXPORT_KINDS.map((what) => (
            <Download key={what} what={what} />
          ))}
        </ul>
      </Part>
      <Part
        title="Import new items"
        note="A line for each item, as the export of items has them: its domain, id, title, and what else is known. Lines that cannot be published are named; the others are. Events and trends cannot be imported: they would be voices of nobody."
      >
        <Import onImport={onImport} />
      </Part>
    </div>
  );
}

function Download({ what }: { what: ExportKind }) {
  const { ask } = useSession();
  const [rows, setRows] = useState<number | null>(null);
  const [problem, setProblem] = useState<InkpickError | null>(null);
  const abort = useRef<AbortController | null>(null);

  const download = async () => {
    abort.current = new AbortController();
    setProblem(null);
    setRows(0);
    try {
      const parts: string[] = [];
      let [done, after] = [0, null as string | null];
      do {
        const query = new URLSearchParams({ what, ...(after !== null && { after }) });
        const page = await ask<ExportPage>(`/api/admin/export?${query}`, { signal: abort.current.signal });
        parts.push(page.rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
        done += page.rows.length;
        after = page.after;
        setRows(done);
      } while (after !== null);
      save(new Blob(parts, { type: 'application/x-ndjson' }), `inkpick-${what}.ndjson`);
    } catch (error) {
      const known = asInkpickError(error);
      if (known.code !== 'ABORTED') setProblem(known);
    }
    setRows(null);
  };

  return (
    <li>
      <div className="flex flex-wrap items-center gap-3">
        <Button onClick={() => void download()} disabled={rows !== null} aria-label={`Download ${what}`}>
          Download {what}
        </Button>
        {rows !== null && (
          <>
            <span role="status" className="text-quiet text-sm tabular-nums">
              {count(rows)} rows
            </span>
            <Button look="quiet" onClick={() => abort.current?.abort()}>
              Stop
            </Button>
          </>
        )}
      </div>
      <p className="mt-1 max-w-md text-pretty text-quiet text-sm">{WHAT[what]}</p>
      {problem && <Problem error={problem} />}
    </li>
  );
}

function save(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // Browsers read it after the click.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function Import({ onImport }: { onImport: () => void }) {
  const { ask } = useSession();
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [receipt, setReceipt] = useState<ImportReceipt | null>(null);
  const [problem, setProblem] = useState<InkpickError | null>(null);

  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setReceipt(null);
    setProblem(null);
    try {
      setReceipt(await ask<ImportReceipt>('/api/admin/import', { method: 'POST', body: text }));
      onImport();
    } catch (error) {
      setProblem(asInkpickError(error));
    }
    setBusy(false);
  };

  return (
    <form onSubmit={send} className="space-y-4">
      <Field label="File" hint="at most 1 MB">
        <input
          type="file"
          accept=".ndjson,.jsonl,.json,.txt"
          className={FIELD}
          onChange={async ({ target }) => setText((await target.files?.[0]?.text()) ?? '')}
        />
      </Field>
      <Field label="Lines">
        <textarea
          className={`${FIELD} min-h-40 font-mono`}
          required
          spellCheck={false}
          value={text}
          placeholder={'{"domain": "cinema", "id": "new-1", "title": "…", "tags": {"genres": ["Drama"]}}'}
          onChange={(event) => setText(event.target.value)}
        />
      </Field>
      <Button type="submit" look="solid" disabled={busy}>
        Import
      </Button>
      {problem && <Problem error={problem} />}
      {receipt && <Receipt receipt={receipt} />}
    </form>
  );
}

function Receipt({ receipt: { lines, published, rejected, problems } }: { receipt: ImportReceipt }) {
  const done = published.map(({ domain, items }) => `${count(items)} in ${domain}`).join(', ');
  return (
    <div role="status" className="text-sm">
      <p className="font-medium">
        Of {count(lines)} lines: {done || 'none'} published, {count(rejected)} refused.
      </p>
      {problems.length > 0 && (
        <ul className="mt-2 space-y-1">
          {problems.map(({ line, reason }) => (
            <li key={line}>
              <span className="tabular-nums">Line {line}:</span> {reason}
            </li>
          ))}
          {rejected > problems.length && <li>and {count(rejected - problems.length)} more</li>}
        </ul>
      )}
    </div>
  );
}
