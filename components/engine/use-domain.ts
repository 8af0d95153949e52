'use client';

import { useCallback, useEffect, useState } from 'react';
import type { LoadProgress } from '../../lib/contracts/engine';
import { InkpickError } from '../../lib/contracts/errors';
import { engine } from './client';

export type DomainState =
  | { phase: 'loading'; progress: LoadProgress | null }
  | { phase: 'ready' }
  | { phase: 'failed'; error: InkpickError };

const LOADING: DomainState = { phase: 'loading', progress: null };

export function asInkpickError(error: unknown): InkpickError {
  if (error instanceof InkpickError) return error;
  return new InkpickError('INTERNAL', error instanceof Error ? error.message : String(error), { cause: error });
}

/** Brings a domain's engine up; `retry` tries again after a failure. */
export function useDomain(domain: string): { state: DomainState; retry: () => void } {
  const [attempt, setAttempt] = useState(0);
  const key = `${domain}/${attempt}`;
  const [entry, setEntry] = useState<{ key: string; state: DomainState }>({ key, state: LOADING });

  useEffect(() => {
    const abort = new AbortController();
    const set = (state: DomainState) => {
      if (!abort.signal.aborted) setEntry({ key: `${domain}/${attempt}`, state });
    };
    engine()
      .load(domain, { signal: abort.signal, onProgress: (progress) => set({ phase: 'loading', progress }) })
      .then(
        () => set({ phase: 'ready' }),
        (error: unknown) => set({ phase: 'failed', error: asInkpickError(error) }),
      );
    return () => abort.abort();
  }, [domain, attempt]);

  const retry = useCallback(() => setAttempt((n) => n + 1), []);
  return { state: entry.key === key ? entry.state : LOADING, retry };
}
