import { randomUUID } from 'node:crypto';
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { VisitorEvent } from '../../lib/contracts/events';
import { EventDatabase } from './database';
import { EventQueue, leastWorth } from './queue';

const databases: (EventDatabase | null)[] = [];
async function open(max?: number) {
  const database = await EventDatabase.open();
  databases.push(database);
  return { database: database!, queue: await EventQueue.open(database, max) };
}

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});
afterEach(() => {
  for (const database of databases.splice(0)) database?.close();
});

const event = (at: number, kind: VisitorEvent['kind'] = 'like'): VisitorEvent => ({
  id: randomUUID(),
  kind,
  domain: 'cinema',
  item: '318',
  at,
});

describe('the queue of events', () => {
  it('outlives the page, in order', async () => {
    const first = await open();
    const events = [3, 1, 2].map((at) => event(at));
    first.queue.add(events);
    first.queue.remove([events[1]]);
    await first.queue.settled();
    expect((await open()).queue.first(10)).toEqual([events[2], events[0]]);
  });

  it('gives up the oldest impressions first, then the oldest', async () => {
    const events = [event(1), event(2, 'impression'), event(3, 'impression'), event(4)];
    expect(leastWorth(events, 0)).toEqual([]);
    expect(leastWorth(events, -2)).toEqual([]);
    expect(leastWorth(events, 3)).toEqual([events[1], events[2], events[0]]);

    const { queue } = await open(2);
    queue.add(events.slice(0, 3));
    queue.add(events.slice(3));
    expect(queue.first(9)).toEqual([events[0], events[3]]);
    await queue.settled();
    expect((await open()).queue.first(9)).toEqual([events[0], events[3]]);
  });

  it('clears memory and device', async () => {
    const { queue } = await open();
    queue.add([event(1), event(2)]);
    queue.clear();
    await queue.settled();
    expect([queue.size, (await open()).queue.size]).toEqual([0, 0]);
  });

  it('works from memory where the device has no storage, and where storage fails', async () => {
    const memory = await EventQueue.open(null);
    memory.add([event(1)]);
    expect(memory.size).toBe(1);

    const { queue, database } = await open();
    database.close();
    queue.add([event(1)]);
    await queue.settled();
    expect(queue.size).toBe(1);
  });
});
