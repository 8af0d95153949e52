'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import type { InkpickError } from '../../lib/contracts/errors';
import type { Friends } from '../../lib/contracts/friends';
import { setConsent, useConsent } from '../consent/consent';
import { asInkpickError } from '../engine/use-domain';
import { friendsApi } from './friends-api';
import { rememberShared } from './shared-domains';

export type FriendsState =
  | { phase: 'asking' }
  /** The server knows nobody here: the visitor has not agreed to it, or took it back. */
  | { phase: 'stranger' }
  | { phase: 'failed'; error: InkpickError }
  | { phase: 'known'; friends: Friends };

/** Does something on the server, which answers how things stand then. Resolves to that, and rejects with `InkpickError`. */
export type Act = <T extends Friends>(action: () => Promise<T>) => Promise<T>;

/** How things stand with friends; asked again whenever the page comes back into view. */
export function useFriends(): { state: FriendsState; act: Act; reload: () => Promise<void> } {
  const consent = useConsent();
  const [state, setState] = useState<FriendsState>({ phase: 'asking' });
  /** One request after another, so that no answer undoes a later one. */
  const queue = useRef<Promise<unknown>>(Promise.resolve());

  const act = useCallback<Act>(async (action) => {
    const answer = queue.current.then(action);
    queue.current = answer.catch(() => undefined);
    try {
      const friends = await answer;
      rememberShared(friends.sharing.map(({ domain }) => domain));
      setState({ phase: 'known', friends });
      return friends;
    } catch (error) {
      const known = asInkpickError(error);
      if (known.code === 'CONSENT_REQUIRED') {
        rememberShared([]);
        setConsent(null);
        setState({ phase: 'stranger' });
      }
      throw known;
    }
  }, []);

  const reload = useCallback(async () => {
    try {
      await act(friendsApi.read);
    } catch (error) {
      // What is shown stays where it cannot be asked again just now.
      setState((now) =>
        now.phase === 'known' || now.phase === 'stranger' ? now : { phase: 'failed', error: asInkpickError(error) },
      );
    }
  }, [act]);

  useEffect(() => {
    // Not known yet: the page is still as the server made it.
    if (consent === undefined) return;
    // Nothing is asked in the name of who has not agreed.
    if (consent !== 'yes') return setState({ phase: 'stranger' });
    const onVisible = () => {
      if (document.visibilityState === 'visible') void reload();
    };
    void reload();
    document.addEventListener('visibilitychange', onVisible);
    return () => document.removeEventListener('visibilitychange', onVisible);
  }, [consent, reload]);

  return { state, act, reload };
}
