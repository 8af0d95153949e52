'use client';

import { type RefObject, useCallback, useEffect, useMemo, useState } from 'react';
import type { RecommendRequest } from '../../lib/contracts/engine';
import { readConsent, setConsent } from '../consent/consent';
import { engine } from '../engine/client';
import { whenIdle } from '../ui/idle';
import type { LiveSignalsPoller } from './live-signals-poller';

/** One a domain, for the life of the page. */
const pollers = new Map<string, LiveSignalsPoller>();

/**
 * Seed of the sampling that fills the places for new items: another one each visit, so that it does not favour a few.
 */
let seed: number | undefined;

/** The live signals of a domain, for the engine's requests. */
export interface LiveSignalsSource {
  /** The part of a request that carries them; empty before the server's first response. */
  read: () => Pick<RecommendRequest, 'live' | 'seed'>;
  /** Grows when the catalog has changed in a way that the list on the screen should follow. */
  news: number;
  onNews: () => void;
}

/** The live signals of a domain; {@link usePolling} keeps them up to date. */
export function useLiveSignals(domain: string): LiveSignalsSource {
  const [news, setNews] = useState(0);
  const read = useCallback(() => {
    const live = pollers.get(domain)?.live;
    seed ??= crypto.getRandomValues(new Uint32Array(1))[0];
    return live ? { live, seed } : {};
  }, [domain]);
  const onNews = useCallback(() => setNews((n) => n + 1), []);
  return useMemo(() => ({ read, news, onNews }), [read, news, onNews]);
}

/** Whether the visitor is using a list, which should then not change under their hands. */
function isInUse(list: HTMLElement | null): boolean {
  if (!list) return false;
  return list.contains(document.activeElement) || list.matches(':hover') || list.getBoundingClientRect().top < 0;
}

/**
 * Polls the server for a domain's live signals: what is popular now, new items, what friends like. It does so while the
 * page is visible and online, and only after the first list; without responses the page works as it does without a
 * server. The next request uses what was learned. Only a changed catalog makes the page ask for its list again: at once
 * unless the visitor is using the list, else with the poll after that.
 *
 * @param isRendered whether the first list has been rendered and the engine is ready
 * @param onNews called when the list should be asked for again
 */
export function usePolling(
  domain: string,
  list: RefObject<HTMLElement | null>,
  isRendered: boolean,
  onNews: () => void,
): void {
  useEffect(() => {
    if (!isRendered) return;
    let end = () => {};
    let isOver = false;
    const begin = async () => {
      const { LiveSignalsPoller, POLL_INTERVAL_MS } = await import('./live-signals-poller');
      if (isOver) return;
      const known = pollers.get(domain);
      const poller =
        known ??
        new LiveSignalsPoller(domain, {
          hasConsent: () => readConsent() === 'yes',
          onUnknownVisitor: () => setConsent(null),
          addItems: (items, withdrawn) => engine().addItems(domain, { items, withdrawn }),
        });
      pollers.set(domain, poller);

      let abort = new AbortController();
      let polledAt = Number.NEGATIVE_INFINITY;
      /** News that waits because the list was in use. */
      let isHeldBack = false;
      const poll = async () => {
        if (document.hidden || !navigator.onLine) return;
        polledAt = performance.now();
        // A poll without a response for a whole interval will have none.
        abort.abort();
        abort = new AbortController();
        const isNews = await poller.poll(abort.signal);
        if (isOver || !(isNews || isHeldBack)) return;
        const mustWait = !isHeldBack && isInUse(list.current);
        if (!mustWait) onNews();
        isHeldBack = mustWait;
      };
      const onVisible = () => {
        if (performance.now() - polledAt >= POLL_INTERVAL_MS) void poll();
      };
      const timer = setInterval(poll, POLL_INTERVAL_MS);
      document.addEventListener('visibilitychange', onVisible);
      end = () => {
        clearInterval(timer);
        document.removeEventListener('visibilitychange', onVisible);
        abort.abort();
      };
      void poll();
    };
    const cancel = whenIdle(() => void begin().catch(() => undefined));
    return () => {
      isOver = true;
      cancel();
      end();
    };
  }, [domain, list, isRendered, onNews]);
}
