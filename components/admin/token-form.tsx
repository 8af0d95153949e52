'use client';

import { type FormEvent, useState } from 'react';
import type { InkpickError } from '../../lib/contracts/errors';
import { asInkpickError } from '../engine/use-domain';
import { Button } from '../ui/button';
import { requestAdmin } from './admin-api';
import { FIELD, Field } from './elements';

/**
 * Form for the operator's token.
 *
 * @param refusal why the server refused the token before, if it did
 * @param onToken called with a token that the server accepts
 */
export function TokenForm({ refusal, onToken }: { refusal: InkpickError | null; onToken: (token: string) => void }) {
  const [token, setToken] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(refusal);

  const enter = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await requestAdmin('/api/admin/metrics', token.trim());
      onToken(token.trim());
    } catch (error) {
      setProblem(asInkpickError(error));
      setBusy(false);
    }
  };

  return (
    <form onSubmit={enter} className="mt-6 max-w-md space-y-4">
      <p className="text-pretty text-quiet">
        For the operator of this server. The token stays in this tab and is sent to this server only.
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
          {problem.code === 'FORBIDDEN' ? <Closed /> : <p>{messageOf(problem)}</p>}
        </div>
      )}
      <Button type="submit" look="solid" disabled={busy}>
        Open
      </Button>
    </form>
  );
}

const messageOf = ({ code, message }: InkpickError) =>
  code === 'UNAUTHORISED' ? 'This is not the token of this server.' : message;

/** Explains how to set the token of a server that has none. */
function Closed() {
  return (
    <>
      <p className="font-semibold">This page is off: the server has no operator token.</p>
      <p className="mt-1">
        Set INKPICK_ADMIN_TOKEN (at least 16 characters), restart the server, and enter the token here. To make a token
        and start the server with it:
      </p>
      <pre className="mt-2 overflow-x-auto bg-wash px-3 py-2 text-xs">
        {'openssl rand -hex 24\nINKPICK_ADMIN_TOKEN=… npm run up'}
      </pre>
    </>
  );
}
