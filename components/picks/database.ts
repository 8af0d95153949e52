import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Interest } from '../../lib/contracts/engine';
import type { Change, Choice } from './picks';

interface Schema extends DBSchema {
  choices: { key: [string, string]; value: Choice & { domain: string }; indexes: { domain: string } };
  interests: { key: string; value: { domain: string; interests: Interest[] } };
}

/** What one domain's visitor has said so far. */
export interface StoredTaste {
  choices: Choice[];
  interests: Interest[];
}

/** The visitor's own store: one record an item, so that two tabs never overwrite each other's. */
export class TasteDatabase {
  readonly #db: IDBPDatabase<Schema>;

  private constructor(db: IDBPDatabase<Schema>) {
    this.#db = db;
  }

  /** Null where the browser has no IndexedDB or refuses it (private windows, blocked storage). */
  static async open(name = 'inkpick'): Promise<TasteDatabase | null> {
    try {
      const db = await openDB<Schema>(name, 1, {
        upgrade(fresh) {
          fresh.createObjectStore('choices', { keyPath: ['domain', 'id'] }).createIndex('domain', 'domain');
          fresh.createObjectStore('interests', { keyPath: 'domain' });
        },
        blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
      });
      return new TasteDatabase(db);
    } catch {
      return null;
    }
  }

  async read(domain: string): Promise<StoredTaste> {
    const tx = this.#db.transaction(['choices', 'interests']);
    const [rows, stated] = await Promise.all([
      tx.objectStore('choices').index('domain').getAll(domain),
      tx.objectStore('interests').get(domain),
    ]);
    const choices = rows.map(({ id, value, at, item }) => ({ id, value, at, item }));
    return { choices, interests: stated?.interests ?? [] };
  }

  /** One transaction: all of the change or none of it. */
  async write(domain: string, change: Change): Promise<void> {
    const tx = this.#db.transaction('choices', 'readwrite');
    await Promise.all([
      ...change.drop.map((id) => tx.store.delete([domain, id])),
      ...change.put.map((entry) => tx.store.put({ ...entry, domain })),
      tx.done,
    ]);
  }

  async writeInterests(domain: string, interests: Interest[]): Promise<void> {
    await this.#db.put('interests', { domain, interests });
  }

  close(): void {
    this.#db.close();
  }
}
