'use client';

import { type FormEvent, useRef, useState } from 'react';
import { EXPORT_KINDS, type ExportKind, type ExportPage, type ImportReceipt } from '../../lib/contracts/admin';
import type { InkpickError } from '../../lib/contracts/errors';
import { asInkpickError } from '../engine/use-domain';
import { Button } from '../ui/button';
import { count } from '../ui/text';
import { FIELD, Field, Problem, Section } from './elements';
import { useOperator } from './operator-session';

const DESCRIPTIONS: Record<ExportKind, string> = {
  events: 'All events with their items and times. Visitors have pseudonyms that only this server can compute.',
  items: 'New items published since the build and not withdrawn. The file can be imported again.',
  trends: 'The current decayed weights, by catalogue, window and item.',
};
/** The browser reads the downloaded file after the click; only then may its address be revoked. */
const REVOKE_AFTER_MS = 60_000;

/** Exports of the server's data, and an import of new items. */
export function ImportExportTab({ onImport }: { onImport: () => void }) {
  return (
    <div className="grid gap-x-12 gap-y-8 lg:grid-cols-2">
      <Section title="Export" note="One JSON object per line (NDJSON).">
        <ul className="space-y-4">
          {EXPORT_KINDS.map((what) => (
            <Download key={what} what={what} />
          ))}
        </ul>
      </Section>
      <Section
        title="Import new items"
        note="One item per line, as in the export of items: domain, id, title and optional fields. Lines with errors are listed and the rest is published. Events and trends cannot be imported, since they belong to no visitor of this server."
      >
        <Import onImport={onImport} />
      </Section>
    </div>
  );
}

function Download({ what }: { what: ExportKind }) {
  const { request } = useOperator();
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
        const page = await request<ExportPage>(`/api/admin/export?${query}`, { signal: abort.current.signal });
        parts.push(page.rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
        done += page.rows.length;
        after = page.after;
        setRows(done);
      } while (after !== null);
      save(new Blob(parts, { type: 'application/x-ndjson' }), `inkpick-${what}.ndjson`);
    } catch (error) {
      const inkpickError = asInkpickError(error);
      if (inkpickError.code !== 'ABORTED') setProblem(inkpickError);
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
      <p className="mt-1 max-w-md text-pretty text-quiet text-sm">{DESCRIPTIONS[what]}</p>
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
  setTimeout(() => URL.revokeObjectURL(address), REVOKE_AFTER_MS);
}

function Import({ onImport }: { onImport: () => void }) {
  const { request } = useOperator();
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
      setReceipt(await request<ImportReceipt>('/api/admin/import', { method: 'POST', body: text }));
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
        {count(lines)} lines: {done || 'none'} published, {count(rejected)} rejected.
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
