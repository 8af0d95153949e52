'use client';

import { type FormEvent, useState } from 'react';
import type { InkpickError } from '../../lib/contracts/errors';
import { asInkpickError } from '../engine/use-domain';
import { Button } from '../ui/button';
import { askServer } from './admin-api';
import { FIELD, Field } from './elements';

/** Asks for the operator's token, and tries it. `refused` is why the one before was not taken. */
export function TokenForm({ refused, onToken }: { refused: InkpickError | null; onToken: (token: string) => void }) {
  const [token, setToken] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(refused);

  const enter = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await askServer('/api/admin/metrics', token.trim());
      onToken(token.trim());
    } catch (error) {
      setProblem(asInkpickError(error));
      setBusy(false);
    }
  };

  return (
    <form onSubmit={enter} className="mt-6 max-w-md space-y-4">
      <p className="text-pretty text-quiet">
        For whoever runs this server. The token stays in this tab and goes nowhere but to this server.
      </p>
      <Field label="Token">
        <input
          type="password"
          name="token"
          autoComplete="off"
          required
          className={FIELD}
          value={token}
          onChange={(event) => setToken(event.target.value)}
        />
      </Field>
      {problem && (
        <div role="alert" className="border-accent border-l-4 bg-sheet px-4 py-3 text-sm">
          {problem.code === 'FORBIDDEN' ? <Closed /> : <p>{wordsFor(problem)}</p>}
        </div>
      )}
      <Button type="submit" look="solid" disabled={busy}>
        Open
      </Button>
    </form>
  );
}

const wordsFor = ({ code, message }: InkpickError) =>
  code === 'UNAUTHORISED' ? 'This is not the token of this server.' : message;

/** How a server is opened to its operator. */
function Closed() {
  return (
    <>
      <p className="font-semibold">This server is closed to operators: it has no token.</p>
      <p className="mt-1">
        Give it one of at least 16 characters in its environment, start it again, and enter the same here. A good one,
        and a start with it:
      </p>
      <pre className="mt-2 overflow-x-auto bg-wash px-3 py-2 text-xs">
        {'openssl rand -hex 24\nINKPICK_ADMIN_TOKEN=… npm run up'}
      </pre>
    </>
  );
}
