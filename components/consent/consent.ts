'use client';

import { useSyncExternalStore } from 'react';

/** The visitor's answer to whether the server may store what they do here; null is "not asked yet". */
export type Consent = 'yes' | 'no' | null;

const STORAGE_KEY = 'inkpick.consent';
const listeners = new Set<() => void>();
/** The answer if the browser refuses storage: it lasts as long as the page. */
let pageConsent: Consent = null;

const asConsent = (text: string | null): Consent => (text === 'yes' || text === 'no' ? text : null);

/** Reads the visitor's answer, given in this tab or another. Browser only. */
export function readConsent(): Consent {
  try {
    return asConsent(localStorage.getItem(STORAGE_KEY));
  } catch {
    return pageConsent;
  }
}

/** Stores the visitor's answer and notifies listeners. */
export function setConsent(consent: Consent): void {
  pageConsent = consent;
  try {
    if (consent) localStorage.setItem(STORAGE_KEY, consent);
    else localStorage.removeItem(STORAGE_KEY);
  } catch {
    // Storage is refused: `pageConsent` has it.
  }
  for (const listener of listeners) listener();
}

/**
 * Calls `listener` when consent changes, in this tab or another. Browser only.
 *
 * @returns unsubscribes the listener
 */
export function onConsent(listener: () => void): () => void {
  const onStorage = ({ key }: StorageEvent) => {
    if (key === STORAGE_KEY || key === null) listener();
  };
  listeners.add(listener);
  window.addEventListener('storage', onStorage);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', onStorage);
  };
}

/** The visitor's answer; undefined on the server and before hydration. */
export function useConsent(): Consent | undefined {
  return useSyncExternalStore<Consent | undefined>(onConsent, readConsent, () => undefined);
}
