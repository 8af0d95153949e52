'use client';

import { type RefObject, useEffect, useRef } from 'react';
import { useConsent } from '../consent/consent';
import { whenIdle } from '../ui/idle';
import { useStable } from '../ui/use-stable';
import { type Done, deed, type Entry, type ShownList, showList, type Trial } from './shown-list';
import { track } from './track';

/**
 * Follows what the visitor sees and does of a list, where they agreed to that.
 *
 * @param trial a stable object; @param isDrawn whether the cards on the screen are those of `entries`, and the first list has been drawn
 * @returns tells of what was done with items, with their places in the list
 */
export function useListEvents(
  domain: string,
  entries: readonly Entry[],
  list: RefObject<HTMLElement | null>,
  isDrawn: boolean,
  trial: Trial,
): (...done: Done[]) => void {
  const consent = useConsent();
  const shown = useRef<ShownList | null>(null);

  useEffect(() => {
    if (!isDrawn) return;
    const now = showList(shown.current, domain, entries, trial);
    shown.current = now;
    if (consent !== 'yes') return;
    let end = () => {};
    const begin = async () => {
      const [{ watchImpressions }, { openOutbox }] = await Promise.all([import('./impressions'), import('./outbox')]);
      if (isOver || !list.current) return;
      void openOutbox();
      end = watchImpressions(list.current, now.seen, (item) => track(deed({ kind: 'impression', item }, domain, now)));
    };
    let isOver = false;
    const cancel = whenIdle(() => void begin().catch(() => undefined));
    return () => {
      isOver = true;
      cancel();
      end();
    };
  }, [consent, domain, entries, list, isDrawn, trial]);

  return useStable((...done: Done[]) => track(...done.map((one) => deed(one, domain, shown.current))));
}
