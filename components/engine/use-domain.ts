'use client';

import { startTransition, useCallback, useEffect, useState } from 'react';
import { InkpickError } from '../../lib/contracts/errors';
import { load } from './client';
import { setProgress } from './progress';

export type DomainState = { phase: 'loading' } | { phase: 'ready' } | { phase: 'failed'; error: InkpickError };

const LOADING: DomainState = { phase: 'loading' };

export function asInkpickError(error: unknown): InkpickError {
  if (error instanceof InkpickError) return error;
  return new InkpickError('INTERNAL', error instanceof Error ? error.message : String(error), { cause: error });
}

/** Brings a domain's engine up; `retry` tries again after a failure. How far it is, `useProgress` says. */
export function useDomain(domain: string): { state: DomainState; retry: () => void } {
  const [attempt, setAttempt] = useState(0);
  const key = `${domain}/${attempt}`;
  const [entry, setEntry] = useState<{ key: string; state: DomainState }>({ key, state: LOADING });

  useEffect(() => {
    const abort = new AbortController();
    // Together with the first answer, which comes right behind, where there is one.
    const set = (state: DomainState) => {
      if (!abort.signal.aborted) startTransition(() => setEntry({ key: `${domain}/${attempt}`, state }));
    };
    setProgress(domain, null);
    load(domain, {
      signal: abort.signal,
      onProgress: (progress) => {
        if (!abort.signal.aborted) setProgress(domain, progress);
      },
    }).then(
      () => set({ phase: 'ready' }),
      (error: unknown) => set({ phase: 'failed', error: asInkpickError(error) }),
    );
    return () => abort.abort();
  }, [domain, attempt]);

  const retry = useCallback(() => setAttempt((n) => n + 1), []);
  return { state: entry.key === key ? entry.state : LOADING, retry };
}
