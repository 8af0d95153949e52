import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { VisitorEvent } from '../../lib/contracts/events';

interface Schema extends DBSchema {
  events: { key: string; value: VisitorEvent };
}

/** Stores events until the server has them. Tabs share it; an event sent by two tabs counts once. */
export class EventDatabase {
  private readonly db: IDBPDatabase<Schema>;

  private constructor(db: IDBPDatabase<Schema>) {
    this.db = db;
  }

  /** Null where the browser has no IndexedDB or refuses it: events then wait in memory only. */
  static async open(name = 'inkpick-events'): Promise<EventDatabase | null> {
    try {
      const db = await openDB<Schema>(name, 1, {
        upgrade: (created) => void created.createObjectStore('events', { keyPath: 'id' }),
        blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
      });
      return new EventDatabase(db);
    } catch {
      return null;
    }
  }

  /** All waiting events, oldest first. */
  async read(): Promise<VisitorEvent[]> {
    return (await this.db.getAll('events')).sort((a, b) => a.at - b.at);
  }

  /** One transaction: all of it or nothing. */
  async change(put: readonly VisitorEvent[], drop: readonly string[]): Promise<void> {
    const tx = this.db.transaction('events', 'readwrite');
    await Promise.all([...put.map((event) => tx.store.put(event)), ...drop.map((id) => tx.store.delete(id)), tx.done]);
  }

  async clear(): Promise<void> {
    await this.db.clear('events');
  }

  close(): void {
    this.db.close();
  }
}
