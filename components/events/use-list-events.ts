'use client';

import { type RefObject, useEffect, useRef } from 'react';
import { useConsent } from '../consent/consent';
import { whenIdle } from '../ui/idle';
import { useStable } from '../ui/use-stable';
import { type Exposure, type ItemEvent, type ListEntry, placeEvent, type ShownList, showList } from './shown-list';
import { track } from './track';

/**
 * Sends what the visitor sees of a list, where they agreed to that.
 *
 * @param list the list's element
 * @param isRendered whether its cards are those of `entries`
 * @param exposure a stable object
 * @returns sends events of items with their places in the list
 */
export function useListEvents(
  domain: string,
  entries: readonly ListEntry[],
  list: RefObject<HTMLElement | null>,
  isRendered: boolean,
  exposure: Exposure,
): (...events: ItemEvent[]) => void {
  const consent = useConsent();
  const shown = useRef<ShownList | null>(null);

  useEffect(() => {
    if (!isRendered) return;
    const now = showList(shown.current, domain, entries, exposure);
    shown.current = now;
    if (consent !== 'yes') return;
    let end = () => {};
    const begin = async () => {
      const [{ watchImpressions }, { openOutbox }] = await Promise.all([import('./impressions'), import('./outbox')]);
      if (isOver || !list.current) return;
      void openOutbox();
      end = watchImpressions(list.current, now.seen, (item) =>
        track(placeEvent({ kind: 'impression', item }, domain, now)),
      );
    };
    let isOver = false;
    const cancel = whenIdle(() => void begin().catch(() => undefined));
    return () => {
      isOver = true;
      cancel();
      end();
    };
  }, [consent, domain, entries, list, isRendered, exposure]);

  return useStable((...events: ItemEvent[]) =>
    track(...events.map((event) => placeEvent(event, domain, shown.current))),
  );
}
