'use client';

import { useSyncExternalStore } from 'react';
import { SettingsDatabase } from './settings-database';
import { type SettingsState, SettingsStore, unreadSettings } from './settings-store';

let store: SettingsStore | null = null;

/** The page's one store of settings. Browser only. */
export function settingsStore(): SettingsStore {
  store ??= new SettingsStore(SettingsDatabase.open());
  return store;
}

const subscribe = (listener: () => void) => settingsStore().subscribe(listener);
const read = () => settingsStore().getState();

/** The settings that the visitor chose; not ready on the server and until they have been read. */
export const useChosenSettings = (): SettingsState => useSyncExternalStore(subscribe, read, unreadSettings);
