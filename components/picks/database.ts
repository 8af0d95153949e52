import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Interest } from '../../lib/contracts/engine';
import type { Change, Choice, Entry, Saved } from './picks';

/** The entries of the lists of items, by the names of their object stores. */
export interface ListEntries {
  choices: Choice;
  saved: Saved;
}
export type ListName = keyof ListEntries;

interface ListStore<T extends Entry> {
  key: [string, string];
  value: T & { domain: string };
  indexes: { domain: string };
}

interface Schema extends DBSchema {
  choices: ListStore<Choice>;
  saved: ListStore<Saved>;
  interests: { key: string; value: { domain: string; interests: Interest[] } };
}

export type Lists = { [Name in ListName]: ListEntries[Name][] };

/** What the device stores of the visitor's taste in one domain. */
export interface StoredTaste extends Lists {
  interests: Interest[];
}

/** Stores the visitor's taste: one record an item, so that two tabs never overwrite each other's. */
export class TasteDatabase {
  private readonly db: IDBPDatabase<Schema>;

  private constructor(db: IDBPDatabase<Schema>) {
    this.db = db;
  }

  /** Null where the browser has no IndexedDB or refuses it (private windows, blocked storage). */
  static async open(name = 'inkpick'): Promise<TasteDatabase | null> {
    try {
      const db = await openDB<Schema>(name, 2, {
        upgrade(database, version) {
          if (version < 1) {
            database.createObjectStore('choices', { keyPath: ['domain', 'id'] }).createIndex('domain', 'domain');
            database.createObjectStore('interests', { keyPath: 'domain' });
          }
          database.createObjectStore('saved', { keyPath: ['domain', 'id'] }).createIndex('domain', 'domain');
        },
        blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
      });
      return new TasteDatabase(db);
    } catch {
      return null;
    }
  }

  async read(domain: string): Promise<StoredTaste> {
    const tx = this.db.transaction(['choices', 'saved', 'interests']);
    const [rows, savedRows, stated] = await Promise.all([
      tx.objectStore('choices').index('domain').getAll(domain),
      tx.objectStore('saved').index('domain').getAll(domain),
      tx.objectStore('interests').get(domain),
    ]);
    const choices = rows.map(({ id, value, at, item }) => ({ id, value, at, item }));
    const saved = savedRows.map(({ id, at, item }) => ({ id, at, item }));
    return { choices, saved, interests: stated?.interests ?? [] };
  }

  /** Writes a change of one list. One transaction: all of it or none. */
  async write<Name extends ListName>(domain: string, list: Name, change: Change<ListEntries[Name]>): Promise<void> {
    const tx = this.db.transaction<ListName, 'readwrite'>(list, 'readwrite');
    const requests = [
      ...change.drop.map((id) => tx.store.delete([domain, id])),
      ...change.put.map((entry) => tx.store.put({ ...entry, domain })),
    ];
    // Not only once all requests have succeeded: a page that is left or reloaded before that would lose the change.
    tx.commit();
    await Promise.all([...requests, tx.done]);
  }

  async writeInterests(domain: string, interests: Interest[]): Promise<void> {
    const tx = this.db.transaction('interests', 'readwrite');
    const request = tx.store.put({ domain, interests });
    tx.commit();
    await Promise.all([request, tx.done]);
  }

  close(): void {
    this.db.close();
  }
}
