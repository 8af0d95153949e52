'use client';

import { useSyncExternalStore } from 'react';

/** Whether the visitor agreed that the server may know what they do here, refused, or has not said. */
export type Consent = 'yes' | 'no' | null;

const STORAGE_KEY = 'inkpick.consent';
const listeners = new Set<() => void>();
/** Where the browser keeps no storage, the word lasts as long as the page. */
let ofThisPage: Consent = null;

const asConsent = (text: string | null): Consent => (text === 'yes' || text === 'no' ? text : null);

/** What the visitor said, in this tab or another. Browser only. */
export function readConsent(): Consent {
  try {
    return asConsent(localStorage.getItem(STORAGE_KEY));
  } catch {
    return ofThisPage;
  }
}

/** Keeps what the visitor said; null is "not asked yet". */
export function setConsent(consent: Consent): void {
  ofThisPage = consent;
  try {
    if (consent) localStorage.setItem(STORAGE_KEY, consent);
    else localStorage.removeItem(STORAGE_KEY);
  } catch {
    // Kept for this page only.
  }
  for (const listener of listeners) listener();
}

/** Has `listener` told when the visitor agrees, refuses or takes it back, here or in another tab. Browser only. */
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

/** What the visitor said; undefined on the server and before the device has been asked. */
export function useConsent(): Consent | undefined {
  return useSyncExternalStore<Consent | undefined>(onConsent, readConsent, () => undefined);
}
