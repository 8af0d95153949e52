'use client';

import { useSyncExternalStore } from 'react';
import type { LoadProgress } from '../../lib/contracts/engine';

// A store of its own, because it changes ten times a second: only components that show it render again.
const byDomain = new Map<string, LoadProgress>();
const listeners = new Set<() => void>();

/** Sets the progress of a domain's load; null before it has begun. */
export function setProgress(domain: string, progress: LoadProgress | null): void {
  if (progress) byDomain.set(domain, progress);
  else byDomain.delete(domain);
  for (const listener of listeners) listener();
}

/** Whether the engine chooses from all items of a domain, and no longer from those with interactions alone. */
export const isCatalogWhole = (domain: string): boolean => byDomain.get(domain)?.stage === 'whole';

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** The progress of a domain's load; null on the server and before the load has begun. */
export function useProgress(domain: string): LoadProgress | null {
  return useSyncExternalStore(
    subscribe,
    () => byDomain.get(domain) ?? null,
    () => null,
  );
}

/** {@link isCatalogWhole} as it changes. */
export function useIsCatalogWhole(domain: string): boolean {
  return useSyncExternalStore(
    subscribe,
    () => isCatalogWhole(domain),
    () => false,
  );
}
