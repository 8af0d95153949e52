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

/** Loads a domain and reports its progress (`useProgress`), which goes on after the load has resolved. */
function loadAndReport(domain: string, signal: AbortSignal): Promise<void> {
  setProgress(domain, null);
  return load(domain, {
    signal,
    onProgress: (progress) => {
      if (!signal.aborted) setProgress(domain, progress);
    },
  });
}

interface DomainLoad {
  state: DomainState;
  /** Loads again after a failure. */
  retry: () => void;
  /**
   * To be called when the worker crashed: the one in its place loads the domain anew, which is not shown but reported.
   */
  onCrash: () => void;
}

/** Loads a domain's engine. */
export function useDomain(domain: string): DomainLoad {
  const [attempt, setAttempt] = useState(0);
  const [crashes, setCrashes] = useState(0);
  const key = `${domain}/${attempt}`;
  const [entry, setEntry] = useState<{ key: string; state: DomainState }>({ key, state: LOADING });

  useEffect(() => {
    const abort = new AbortController();
    // A transition: it then renders together with the first response, which follows at once where there is one.
    const set = (state: DomainState) => {
      if (!abort.signal.aborted) startTransition(() => setEntry({ key: `${domain}/${attempt}`, state }));
    };
    loadAndReport(domain, abort.signal).then(
      () => set({ phase: 'ready' }),
      (error: unknown) => set({ phase: 'failed', error: asInkpickError(error) }),
    );
    return () => abort.abort();
  }, [domain, attempt]);

  useEffect(() => {
    if (crashes === 0) return;
    const abort = new AbortController();
    // The call that crashed reports what is wrong with the new worker.
    loadAndReport(domain, abort.signal).catch(() => undefined);
    return () => abort.abort();
  }, [domain, crashes]);

  const retry = useCallback(() => setAttempt((n) => n + 1), []);
  const onCrash = useCallback(() => setCrashes((n) => n + 1), []);
  return { state: entry.key === key ? entry.state : LOADING, retry, onCrash };
}
