'use client';

import { InkpickError } from '../../lib/contracts/errors';

const STORAGE_KEY = 'inkpick.operator';

/** Reads the operator's token of this tab. */
export function readToken(): string | null {
  try {
    return sessionStorage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}

/** Saves the operator's token for this tab; null removes it. */
export function saveToken(token: string | null): void {
  try {
    if (token === null) sessionStorage.removeItem(STORAGE_KEY);
    else sessionStorage.setItem(STORAGE_KEY, token);
  } catch {
    // Storage is refused: the token lasts as long as the page.
  }
}

export interface Call {
  method?: 'GET' | 'POST' | 'DELETE';
  /** Sent as JSON; a string is sent as it is. */
  body?: object | string;
  signal?: AbortSignal;
}

/**
 * Sends a request with the operator's token.
 *
 * @throws InkpickError with a message that may be shown; `ABORTED` if `signal` aborted it
 */
export async function requestAdmin<T>(
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
    if (signal?.aborted) throw new InkpickError('ABORTED', 'Cancelled.');
    throw new InkpickError('INTERNAL', 'The server cannot be reached just now.', { cause });
  }
  const json = await response.json().catch(() => null);
  if (response.ok && json) return json;
  const { code = 'INTERNAL', message = `The server answered ${response.status}.`, field } = json?.error ?? {};
  throw new InkpickError(code, message, { field });
}
