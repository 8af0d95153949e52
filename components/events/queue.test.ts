import { randomUUID } from 'node:crypto';
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { VisitorEvent } from '../../lib/contracts/events';
import { EventDatabase } from './database';
import { EventQueue, leastWorth } from './queue';

const databases: (EventDatabase | null)[] = [];
async function open(most?: number) {
  const database = await EventDatabase.open();
  databases.push(database);
  return { database: database!, queue: await EventQueue.open(database, most) };
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
    const told = [3, 1, 2].map((at) => event(at));
    first.queue.add(told);
    first.queue.remove([told[1]]);
    await first.queue.settled();
    expect((await open()).queue.first(10)).toEqual([told[2], told[0]]);
  });

  it('gives up the oldest impressions first, then the oldest', async () => {
    const told = [event(1), event(2, 'impression'), event(3, 'impression'), event(4)];
    expect(leastWorth(told, 0)).toEqual([]);
    expect(leastWorth(told, -2)).toEqual([]);
    expect(leastWorth(told, 3)).toEqual([told[1], told[2], told[0]]);

    const { queue } = await open(2);
    queue.add(told.slice(0, 3));
    queue.add(told.slice(3));
    expect(queue.first(9)).toEqual([told[0], told[3]]);
    await queue.settled();
    expect((await open()).queue.first(9)).toEqual([told[0], told[3]]);
  });

  it('forgets everything at once', async () => {
    const { queue } = await open();
    queue.add([event(1), event(2)]);
    queue.clear();
    await queue.settled();
    expect([queue.size, (await open()).queue.size]).toEqual([0, 0]);
  });

  it('works from memory where the device keeps nothing, and where it stops keeping', async () => {
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
