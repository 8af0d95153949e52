'use client';

import { startTransition, useEffect, useRef, useState } from 'react';
import { DEFAULT_TOP_K, type RecommendRequest, type RecommendResponse } from '../../lib/contracts/engine';
import type { InkpickError } from '../../lib/contracts/errors';
import type { Shared } from '../live/use-live-signals';
import { askAgainAfterCrash } from './ask-again';
import { engine } from './client';
import { asInkpickError } from './use-domain';

export type Question = Omit<RecommendRequest, 'topK' | 'live' | 'seed'>;

export interface Recommendations {
  /** The newest answer; the one before it stays while the next is on its way. Null before the first. */
  response: RecommendResponse | null;
  pending: boolean;
  error: InkpickError | null;
  retry: () => void;
}

interface Answer {
  domain: string;
  question: Question;
  attempt: number;
  response: RecommendResponse | null;
  error: InkpickError | null;
}

/**
 * Asks the engine whenever the question changes. The call before is aborted, so only the newest answer is
 * ever shown. A crashed worker is asked once more before anybody is told; `onCrash` hears of it.
 *
 * What is `shared` is taken as it is when a question is asked. News of it has the same question asked again, quietly: the list
 * shown counts as its answer until the next is there, and stays where there is none.
 */
export function useRecommendations(
  domain: string,
  question: Question | null,
  { read: readLiveSignals, news }: Shared,
  onCrash: () => void,
): Recommendations {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [attempt, setAttempt] = useState(0);
  const crashed = useRef(onCrash);
  crashed.current = onCrash;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `news` asks the same again.
  useEffect(() => {
    if (!question) return;
    const abort = new AbortController();
    const ask = () =>
      engine().recommend(domain, { ...question, ...readLiveSignals(), topK: DEFAULT_TOP_K }, { signal: abort.signal });
    // A transition: React may draw twenty cards in pieces, and lets a slider being dragged go first.
    const settle = (response: RecommendResponse | null, error: InkpickError | null) => {
      if (abort.signal.aborted) return;
      const next = { domain, question, attempt, response, error };
      const isAnswered = (now: Answer | null) => now?.response && now.question === question && now.attempt === attempt;
      startTransition(() => setAnswer((now) => (error && isAnswered(now) ? now : next)));
    };
    askAgainAfterCrash(ask, abort.signal, () => crashed.current()).then(
      (response) => settle(response, null),
      (error: unknown) => settle(null, asInkpickError(error)),
    );
    return () => abort.abort();
  }, [domain, question, attempt, readLiveSignals, news]);

  const known = answer?.domain === domain && question ? answer : null;
  const current = known?.question === question && known?.attempt === attempt;
  return {
    response: known?.response ?? null,
    pending: question !== null && !current,
    error: current ? (known?.error ?? null) : null,
    retry: () => setAttempt((n) => n + 1),
  };
}
