'use client';

import { startTransition, useEffect, useRef, useState } from 'react';
import { DEFAULT_TOP_K, type RecommendRequest, type RecommendResponse } from '../../lib/contracts/engine';
import type { InkpickError } from '../../lib/contracts/errors';
import type { LiveSignalsSource } from '../live/use-live-signals';
import { engine } from './client';
import { isCatalogWhole, useIsCatalogWhole } from './progress';
import { retryAfterCrash } from './retry-after-crash';
import { asInkpickError } from './use-domain';

/** What the page asks the engine for; the rest of the request is the same for all lists. */
export type Question = Omit<RecommendRequest, 'topK' | 'live' | 'seed'>;

export interface Recommendations {
  /** The newest response; it stays until the next one arrives. Null before the first. */
  response: RecommendResponse | null;
  /** True where the response was chosen before the whole catalog was loaded, from the items with interactions alone. */
  isPartial: boolean;
  pending: boolean;
  error: InkpickError | null;
  retry: () => void;
}

interface Result {
  domain: string;
  question: Question;
  attempt: number;
  response: RecommendResponse | null;
  isPartial: boolean;
  error: InkpickError | null;
}

/**
 * Asks the engine whenever the question changes. The call before is aborted, so that only the newest response is ever
 * shown. After a crash of the worker it asks once more before it reports an error.
 *
 * Live signals are read when a question is asked. News of them, and with `wantsWhole` the rest of the catalog, make it
 * ask the same question again, quietly: the list shown counts as the answer until the next arrives, and stays if that
 * fails.
 *
 * @param wantsWhole a partial list is to be replaced once the whole catalog is loaded
 * @param onCrash called when the worker has crashed
 */
export function useRecommendations(
  domain: string,
  question: Question | null,
  { read: readLiveSignals, news }: LiveSignalsSource,
  wantsWhole: boolean,
  onCrash: () => void,
): Recommendations {
  const [result, setResult] = useState<Result | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [completions, setCompletions] = useState(0);
  const newestOnCrash = useRef(onCrash);
  newestOnCrash.current = onCrash;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `news` and `completions` ask the same question again.
  useEffect(() => {
    if (!question) return;
    const abort = new AbortController();
    const ask = () =>
      engine().recommend(domain, { ...question, ...readLiveSignals(), topK: DEFAULT_TOP_K }, { signal: abort.signal });
    // A transition: React may render twenty cards in pieces, and handles a slider being dragged first.
    const settle = (response: RecommendResponse | null, error: InkpickError | null) => {
      if (abort.signal.aborted) return;
      // The worker reports that the catalog is whole ahead of the first response that was chosen from all of it.
      const next = { domain, question, attempt, response, isPartial: !isCatalogWhole(domain), error };
      const hasResponse = (now: Result | null) => now?.response && now.question === question && now.attempt === attempt;
      startTransition(() => setResult((now) => (error && hasResponse(now) ? now : next)));
    };
    retryAfterCrash(ask, abort.signal, () => newestOnCrash.current()).then(
      (response) => settle(response, null),
      (error: unknown) => settle(null, asInkpickError(error)),
    );
    return () => abort.abort();
  }, [domain, question, attempt, readLiveSignals, news, completions]);

  const known = result?.domain === domain && question ? result : null;
  const isCurrent = known?.question === question && known?.attempt === attempt;
  const isPartial = known !== null && known.response !== null && known.isPartial;
  const canComplete = useIsCatalogWhole(domain) && wantsWhole && isPartial && isCurrent;
  useEffect(() => {
    if (canComplete) setCompletions((n) => n + 1);
  }, [canComplete]);

  return {
    response: known?.response ?? null,
    isPartial,
    pending: question !== null && !isCurrent,
    error: isCurrent ? (known?.error ?? null) : null,
    retry: () => setAttempt((n) => n + 1),
  };
}
