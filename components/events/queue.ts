import type { VisitorEvent } from '../../lib/contracts/events';
import type { EventDatabase } from './database';

/** About what a visitor without a network does in a day or two. */
export const MAX_WAITING = 2000;

/** The first `excess` events to give up: impressions before all others, and the oldest first. */
export function leastWorth(events: readonly VisitorEvent[], excess: number): VisitorEvent[] {
  if (excess <= 0) return [];
  const impressions = events.filter(({ kind }) => kind === 'impression');
  const others = events.filter(({ kind }) => kind !== 'impression');
  return [...impressions, ...others].slice(0, excess);
}

/**
 * The events that the server does not have yet, oldest first. They are in memory, because a page that is being left has
 * no time to read them, and are also written to the device to outlive the page.
 */
export class EventQueue {
  private readonly database: EventDatabase | null;
  private readonly max: number;
  private events = new Map<string, VisitorEvent>();
  private writes: Promise<void> = Promise.resolve();

  private constructor(database: EventDatabase | null, max: number) {
    this.database = database;
    this.max = max;
  }

  /** Contains what an earlier visit left. */
  static async open(database: EventDatabase | null, max = MAX_WAITING): Promise<EventQueue> {
    const queue = new EventQueue(database, max);
    const left = (await database?.read().catch(() => [])) ?? [];
    queue.events = new Map(left.map((event) => [event.id, event]));
    return queue;
  }

  get size(): number {
    return this.events.size;
  }

  /** The oldest `n` at the most. */
  first(n: number): VisitorEvent[] {
    return [...this.events.values()].slice(0, n);
  }

  add(events: readonly VisitorEvent[]): void {
    for (const event of events) this.events.set(event.id, event);
    const dropped = leastWorth([...this.events.values()], this.events.size - this.max).map(({ id }) => id);
    for (const id of dropped) this.events.delete(id);
    this.write((database) =>
      database.change(
        events.filter(({ id }) => this.events.has(id)),
        dropped,
      ),
    );
  }

  /** Removes events that the server has, or will never take. */
  remove(events: readonly VisitorEvent[]): void {
    for (const { id } of events) this.events.delete(id);
    this.write((database) =>
      database.change(
        [],
        events.map(({ id }) => id),
      ),
    );
  }

  clear(): void {
    this.events.clear();
    this.write((database) => database.clear());
  }

  /** Resolves once all changes so far are on the device. */
  settled(): Promise<void> {
    return this.writes;
  }

  /** One at a time. Where the device refuses (quota, eviction), the events in memory are sent all the same. */
  private write(task: (database: EventDatabase) => Promise<void>): void {
    const { database } = this;
    if (database) this.writes = this.writes.then(() => task(database)).catch(() => undefined);
  }
}
