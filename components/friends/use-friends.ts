'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import type { InkpickError } from '../../lib/contracts/errors';
import type { Friends } from '../../lib/contracts/friends';
import { setConsent, useConsent } from '../consent/consent';
import { asInkpickError } from '../engine/use-domain';
import { friendsApi } from './friends-api';
import { saveSharedDomains } from './shared-domains';

export type FriendsState =
  | { phase: 'loading' }
  /** The visitor has not given consent, or has withdrawn it. */
  | { phase: 'no consent' }
  | { phase: 'failed'; error: InkpickError }
  | { phase: 'loaded'; friends: Friends };

/** Runs a request that resolves to the new state, and shows that state. Rejects with `InkpickError`. */
export type RunAction = <T extends Friends>(action: () => Promise<T>) => Promise<T>;

/** Loads the visitor's friends, and reloads them whenever the page becomes visible. */
export function useFriends(): { state: FriendsState; runAction: RunAction; reload: () => Promise<void> } {
  const consent = useConsent();
  const [state, setState] = useState<FriendsState>({ phase: 'loading' });
  /** Requests run one after another, so that an older response never overwrites a newer one. */
  const queue = useRef<Promise<unknown>>(Promise.resolve());

  const runAction = useCallback<RunAction>(async (action) => {
    const response = queue.current.then(action);
    queue.current = response.catch(() => undefined);
    try {
      const friends = await response;
      saveSharedDomains(friends.sharing.map(({ domain }) => domain));
      setState({ phase: 'loaded', friends });
      return friends;
    } catch (error) {
      const inkpickError = asInkpickError(error);
      if (inkpickError.code === 'CONSENT_REQUIRED') {
        saveSharedDomains([]);
        setConsent(null);
        setState({ phase: 'no consent' });
      }
      throw inkpickError;
    }
  }, []);

  const reload = useCallback(async () => {
    try {
      await runAction(friendsApi.read);
    } catch (error) {
      // Keep what is shown if a reload fails.
      setState((current) =>
        current.phase === 'loaded' || current.phase === 'no consent'
          ? current
          : { phase: 'failed', error: asInkpickError(error) },
      );
    }
  }, [runAction]);

  useEffect(() => {
    // Before hydration.
    if (consent === undefined) return;
    // Without consent nothing is sent.
    if (consent !== 'yes') return setState({ phase: 'no consent' });
    const onVisible = () => {
      if (document.visibilityState === 'visible') void reload();
    };
    void reload();
    document.addEventListener('visibilitychange', onVisible);
    return () => document.removeEventListener('visibilitychange', onVisible);
  }, [consent, reload]);

  return { state, runAction, reload };
}
