'use client';

import { type RefObject, useCallback, useEffect, useMemo, useState } from 'react';
import type { RecommendRequest } from '../../lib/contracts/engine';
import { readConsent, setConsent } from '../consent/consent';
import { engine } from '../engine/client';
import { whenIdle } from '../ui/idle';
import type { Follower } from './follow';

/** Kept while the visitor goes from one domain to another. */
const followers = new Map<string, Follower>();

/** Of the draws that give new items their places: another for each visit, so that they do not all fall to the same few. */
let seed: number | undefined;

/** What is shared, for the engine. */
export interface Shared {
  /** What is known by now; for the request that is about to be made. */
  read: () => Pick<RecommendRequest, 'live' | 'seed'>;
  /** Grows when the catalog was changed in a way that the list on the screen should follow. */
  news: number;
  onNews: () => void;
}

/** What is known of what the server shares of a domain; {@link useFollowing} keeps it up. */
export function useLiveSignals(domain: string): Shared {
  const [news, setNews] = useState(0);
  const read = useCallback(() => {
    const live = followers.get(domain)?.live;
    seed ??= crypto.getRandomValues(new Uint32Array(1))[0];
    return live ? { live, seed } : {};
  }, [domain]);
  const onNews = useCallback(() => setNews((n) => n + 1), []);
  return useMemo(() => ({ read, news, onNews }), [read, news, onNews]);
}

/** Whether the visitor is in the middle of a list, which should then not change under their hands. */
function isInUse(list: HTMLElement | null): boolean {
  if (!list) return false;
  return list.contains(document.activeElement) || list.matches(':hover') || list.getBoundingClientRect().top < 0;
}

/**
 * Follows what the server shares of a domain: what is popular now, new items, what friends like. It is asked while the page is
 * visible and the network there, and never before the first list; without an answer everything goes on as without a server.
 * What is learnt serves the next question. Only new items have the list asked for again: when the visitor is not in the midst of it,
 * or with the poll after that.
 *
 * @param isDrawn whether the first list has been drawn and the engine answers
 * @param onNews is called when the list should be asked for again
 */
export function useFollowing(
  domain: string,
  list: RefObject<HTMLElement | null>,
  isDrawn: boolean,
  onNews: () => void,
): void {
  useEffect(() => {
    if (!isDrawn) return;
    let end = () => {};
    let isOver = false;
    const begin = async () => {
      const { Follower, POLL_MS } = await import('./follow');
      if (isOver) return;
      const known = followers.get(domain);
      const follower =
        known ??
        new Follower(domain, {
          isKnown: () => readConsent() === 'yes',
          onStranger: () => setConsent(null),
          addItems: (items, withdrawn) => engine().addItems(domain, { items, withdrawn }),
        });
      followers.set(domain, follower);

      let abort = new AbortController();
      let askedAt = Number.NEGATIVE_INFINITY;
      /** News that waits for the visitor to be elsewhere. */
      let isHeldBack = false;
      const poll = async () => {
        if (document.hidden || !navigator.onLine) return;
        askedAt = performance.now();
        // One that had no answer in all that time will have none.
        abort.abort();
        abort = new AbortController();
        const isNews = await follower.ask(abort.signal);
        if (isOver || !(isNews || isHeldBack)) return;
        const isToWait = !isHeldBack && isInUse(list.current);
        if (!isToWait) onNews();
        isHeldBack = isToWait;
      };
      const onVisible = () => {
        if (performance.now() - askedAt >= POLL_MS) void poll();
      };
      const timer = setInterval(poll, POLL_MS);
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
  }, [domain, list, isDrawn, onNews]);
}
