import type { VisitorEvent } from '../../lib/contracts/events';
import type { EventDatabase } from './database';

/** So many wait at the most: what a visitor without a network does in a day or two. */
export const MOST_WAITING = 2000;

/** The first `excess` events to give up: impressions before anything else, and the oldest first. */
export function leastWorth(events: readonly VisitorEvent[], excess: number): VisitorEvent[] {
  if (excess <= 0) return [];
  const impressions = events.filter(({ kind }) => kind === 'impression');
  const others = events.filter(({ kind }) => kind !== 'impression');
  return [...impressions, ...others].slice(0, excess);
}

/**
 * The events that the server does not have yet, oldest first. They are at hand in memory, since a page that is being left
 * has no time to read, and written to the device behind, so that they outlive the page.
 */
export class EventQueue {
  readonly #database: EventDatabase | null;
  readonly #most: number;
  #events = new Map<string, VisitorEvent>();
  #writes: Promise<void> = Promise.resolve();

  private constructor(database: EventDatabase | null, most: number) {
    this.#database = database;
    this.#most = most;
  }

  /** With what an earlier visit left. */
  static async open(database: EventDatabase | null, most = MOST_WAITING): Promise<EventQueue> {
    const queue = new EventQueue(database, most);
    const left = (await database?.read().catch(() => [])) ?? [];
    queue.#events = new Map(left.map((event) => [event.id, event]));
    return queue;
  }

  get size(): number {
    return this.#events.size;
  }

  /** The oldest `n` at the most. */
  first(n: number): VisitorEvent[] {
    return [...this.#events.values()].slice(0, n);
  }

  add(events: readonly VisitorEvent[]): void {
    for (const event of events) this.#events.set(event.id, event);
    const given = leastWorth([...this.#events.values()], this.#events.size - this.#most).map(({ id }) => id);
    for (const id of given) this.#events.delete(id);
    this.#write((database) =>
      database.change(
        events.filter(({ id }) => this.#events.has(id)),
        given,
      ),
    );
  }

  /** The server has these, or will never take them. */
  remove(events: readonly VisitorEvent[]): void {
    for (const { id } of events) this.#events.delete(id);
    this.#write((database) =>
      database.change(
        [],
        events.map(({ id }) => id),
      ),
    );
  }

  clear(): void {
    this.#events.clear();
    this.#write((database) => database.clear());
  }

  /** Resolves once all that was asked so far is on the device. */
  settled(): Promise<void> {
    return this.#writes;
  }

  /** One at a time. A device that refuses (quota, eviction) leaves what is in memory, which is sent all the same. */
  #write(task: (database: EventDatabase) => Promise<void>): void {
    const database = this.#database;
    if (database) this.#writes = this.#writes.then(() => task(database)).catch(() => undefined);
  }
}
