'use client';

import { useMemo, useSyncExternalStore } from 'react';
import { TasteDatabase } from './database';
import { type TasteState, TasteStore, unreadTaste } from './taste-store';

let database: Promise<TasteDatabase | null> | null = null;
let channel: BroadcastChannel | null = null;
const stores = new Map<string, TasteStore>();

/** The page's one store for a domain. Browser only. */
export function tasteStore(domain: string): TasteStore {
  let store = stores.get(domain);
  if (!store) {
    database ??= TasteDatabase.open();
    channel ??= typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('inkpick');
    store = new TasteStore(domain, database, channel);
    stores.set(domain, store);
  }
  return store;
}

/** The visitor's own picks and interests in a domain; not ready on the server and until they have been read. */
export function useOwnTaste(domain: string): TasteState {
  const [subscribe, read] = useMemo(
    () => [(listener: () => void) => tasteStore(domain).subscribe(listener), () => tasteStore(domain).getState()],
    [domain],
  );
  return useSyncExternalStore(subscribe, read, unreadTaste);
}
