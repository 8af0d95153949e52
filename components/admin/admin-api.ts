'use client';

import { InkpickError } from '../../lib/contracts/errors';

const STORAGE_KEY = 'inkpick.operator';

/** The operator's token, as long as this tab is open. */
export function readToken(): string | null {
  try {
    return sessionStorage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}

/** Keeps the token for this tab; null forgets it. */
export function keepToken(token: string | null): void {
  try {
    if (token === null) sessionStorage.removeItem(STORAGE_KEY);
    else sessionStorage.setItem(STORAGE_KEY, token);
  } catch {
    // Kept for this page only.
  }
}

export interface Call {
  method?: 'GET' | 'POST' | 'DELETE';
  /** Sent as JSON; a text is sent as it is. */
  body?: object | string;
  signal?: AbortSignal;
}

/** Asks the server as its operator. @throws `InkpickError` with a text that may be shown */
export async function askServer<T>(
  path: string,
  token: string,
  { method = 'GET', body, signal }: Call = {},
): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      signal,
      cache: 'no-store',
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  } catch (cause) {
    if (signal?.aborted) throw new InkpickError('ABORTED', 'Called off.');
    throw new InkpickError('INTERNAL', 'The server cannot be reached just now.', { cause });
  }
  const answer = await response.json().catch(() => null);
  if (response.ok && answer) return answer;
  const { code = 'INTERNAL', message = `The server answered ${response.status}.`, field } = answer?.error ?? {};
  throw new InkpickError(code, message, { field });
}
