'use client';

import { useSyncExternalStore } from 'react';
import type { LoadProgress } from '../../lib/contracts/engine';

// A store of its own: it changes ten times a second, and only those who show it need to be drawn again.
const byDomain = new Map<string, LoadProgress>();
const listeners = new Set<() => void>();

/** Sets how far the load of a domain is; null before it has begun. */
export function setProgress(domain: string, progress: LoadProgress | null): void {
  if (progress) byDomain.set(domain, progress);
  else byDomain.delete(domain);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** How far the load of a domain is; null on the server and before it has begun. */
export function useProgress(domain: string): LoadProgress | null {
  return useSyncExternalStore(
    subscribe,
    () => byDomain.get(domain) ?? null,
    () => null,
  );
}
