'use client';

import { useMemo } from 'react';
import type { Question } from '../engine/use-recommendations';
import type { PageState } from '../link/use-page-state';
import { isPick, toHidden, toHistory } from '../picks/picks';
import type { Settings } from '../settings/settings';
import { useSameJson } from './same-json';

interface QuestionContext {
  settings: Settings;
  /** False once the engine has failed to load. While it still loads, it answers as soon as it can. */
  canAsk: boolean;
  /** Whether an experiment has to know how diverse the list is. */
  isMeasured: boolean;
}

/**
 * What to ask the engine for the visitor's picks, interests and settings; null where the popular list that came with
 * the page is the answer. An equal question keeps its identity: it is not asked again when, for instance, a link's
 * picks get their names.
 */
export function useQuestion(
  { ready, choices, interests }: Pick<PageState, 'ready' | 'choices' | 'interests'>,
  { settings, canAsk, isMeasured }: QuestionContext,
): Question | null {
  const question = useMemo<Question | null>(() => {
    const hidden = toHidden(choices);
    const isPersonal = ready && (interests.length > 0 || choices.some(isPick));
    if (!canAsk || !(isPersonal || hidden.length > 0)) return null;
    // The page has the popular list already, but not the items that follow in place of hidden ones.
    if (!isPersonal) return { mode: 'popular', history: [], hidden };
    const { mode, alpha, diversity, discovery } = settings;
    return {
      mode,
      history: toHistory(choices),
      interests: interests.map(({ id }) => id),
      hidden,
      diversity,
      ...(mode === 'hybrid' && alpha !== null && { alpha }),
      ...(discovery !== null && { discovery }),
      ...(isMeasured && { measureDiversity: true }),
    };
  }, [ready, choices, interests, settings, canAsk, isMeasured]);
  return useSameJson(question);
}
