import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { readSettings, SETTING_NAMES, type Settings } from './settings';

interface Schema extends DBSchema {
  settings: { key: string; value: unknown };
}

/**
 * The settings that the visitor chose: one record a setting, so that two tabs never overwrite each other's.
 *
 * They have a database of their own. One more store in the database of the picks would need a new version of it, which
 * closes it for an open tab of the page's version before. That version, which the service worker may serve without a
 * network, could not open it again either, and would show no picks.
 */
export class SettingsDatabase {
  private readonly db: IDBPDatabase<Schema>;

  private constructor(db: IDBPDatabase<Schema>) {
    this.db = db;
  }

  /** Null where the browser has no IndexedDB or refuses it (private windows, blocked storage). */
  static async open(name = 'inkpick-settings'): Promise<SettingsDatabase | null> {
    try {
      const db = await openDB<Schema>(name, 1, {
        upgrade: (created) => void created.createObjectStore('settings'),
        blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
      });
      return new SettingsDatabase(db);
    } catch {
      return null;
    }
  }

  async read(): Promise<Partial<Settings>> {
    const { store } = this.db.transaction('settings');
    const values = await Promise.all(SETTING_NAMES.map(async (name) => [name, await store.get(name)] as const));
    return readSettings(Object.fromEntries(values));
  }

  /** Stores the settings given and removes those named in `drop`. One transaction: all of it or none. */
  async write(put: Partial<Settings>, drop: readonly string[] = []): Promise<void> {
    const tx = this.db.transaction('settings', 'readwrite');
    const requests = [
      ...Object.entries(put).map(([name, value]) => tx.store.put(value, name)),
      ...drop.map((name) => tx.store.delete(name)),
    ];
    // Not only once all requests have succeeded: a page that is left or reloaded before that would lose the change.
    tx.commit();
    await Promise.all([...requests, tx.done]);
  }

  close(): void {
    this.db.close();
  }
}
