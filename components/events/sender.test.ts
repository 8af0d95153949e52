import { randomUUID } from 'node:crypto';
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { VisitorEvent } from '../../lib/contracts/events';
import { EventDatabase } from './database';
import { EventQueue } from './queue';
import { EventSender, type SenderOptions } from './sender';
import { EventServer } from './testing/event-server';

let server: EventServer;
const senders: EventSender[] = [];
const databases: (EventDatabase | null)[] = [];

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  server = await EventServer.start();
});
afterEach(async () => {
  for (const sender of senders.splice(0)) sender.stop();
  for (const database of databases.splice(0)) database?.close();
  await server.stop();
});

let clock = 1_700_000_000_000;
const event = (kind: VisitorEvent['kind'] = 'like'): VisitorEvent => ({
  id: randomUUID(),
  kind,
  domain: 'cinema',
  item: '318',
  at: clock++,
});
const events = (n: number) => Array.from({ length: n }, () => event());

/** A visit: what an earlier one left is in its queue. */
async function visit(options: Partial<SenderOptions> = {}) {
  const database = await EventDatabase.open();
  databases.push(database);
  const queue = await EventQueue.open(database);
  let refusals = 0;
  const sender = new EventSender(queue, {
    endpoint: server.address,
    gather: 1,
    patience: { first: 1, most: 5 },
    isOnline: () => true,
    beacon: () => false,
    onRefused: () => {
      refusals++;
      queue.clear();
    },
    ...options,
  });
  senders.push(sender);
  return {
    queue,
    sender,
    tell(...told: VisitorEvent[]) {
      queue.add(told);
      sender.wake();
    },
    refusals: () => refusals,
  };
}

async function until(condition: () => boolean) {
  for (let i = 0; i < 2000 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(condition()).toBe(true);
}

describe('the sender', () => {
  it('sends all of it in order, at most 100 at a time, and keeps nothing of it', async () => {
    const { queue, tell } = await visit();
    const told = events(250);
    tell(...told);
    await until(() => queue.size === 0);
    expect(server.ids).toEqual(told.map(({ id }) => id));
    expect(Math.max(...server.batches)).toBe(100);
    await queue.settled();
    expect((await visit()).queue.size).toBe(0);
  });

  it('has what happened offline at the next visit, once', async () => {
    const offline = await visit({ isOnline: () => false });
    const told = events(3);
    offline.tell(...told);
    await offline.queue.settled();
    offline.sender.stop();
    const { queue, sender } = await visit();
    sender.wake();
    await until(() => queue.size === 0);
    expect(server.ids).toEqual(told.map(({ id }) => id));
  });

  it('sends when the network is back, without waiting for more to happen', async () => {
    let isOnline = false;
    const { queue, sender, tell } = await visit({ isOnline: () => isOnline });
    tell(event());
    await sender.retry();
    expect(server.batches).toEqual([]);
    isOnline = true;
    await sender.retry();
    expect([queue.size, server.events.length]).toEqual([0, 1]);
  });

  it('comes again after 429, 503 and a broken connection, and each event counts once', async () => {
    server.answers.push({ status: 429, headers: { 'Retry-After': '0' } }, { status: 503 }, 'lost');
    const { queue, tell } = await visit();
    const told = events(5);
    tell(...told);
    await until(() => queue.size === 0);
    expect(server.ids).toEqual(told.map(({ id }) => id));
    expect(server.batches).toEqual([5, 5, 5, 5]);
  });

  it('finds the events that the server cannot read, and drops only those', async () => {
    const { queue, tell } = await visit();
    const told = events(100);
    const bad = [told[17], told[18], told[93]].map(({ id }) => id);
    for (const id of bad) server.unreadable.add(id);
    tell(...told);
    await until(() => queue.size === 0);
    expect(server.ids.toSorted()).toEqual(
      told
        .map(({ id }) => id)
        .filter((id) => !bad.includes(id))
        .toSorted(),
    );
    expect(server.batches.length).toBeLessThan(50);
  });

  it('stops between the halves of a batch where the server then has no time', async () => {
    const { queue, tell } = await visit({ patience: { first: 60_000, most: 60_000 } });
    server.answers.push({ status: 400 }, { status: 503 });
    tell(...events(8));
    await until(() => server.batches.length === 2);
    expect(server.batches).toEqual([8, 4]);
    expect(queue.size).toBe(8);
  });

  it('sends nothing more to a server that does not know the visitor', async () => {
    server.answers.push({ status: 403, body: { error: { code: 'CONSENT_REQUIRED', message: 'on purpose' } } });
    const { queue, sender, tell, refusals } = await visit();
    tell(...events(2));
    await until(() => refusals() === 1);
    sender.wake();
    await queue.settled();
    expect(server.events).toEqual([]);
    expect((await visit()).queue.size).toBe(0);
  });

  it('keeps what another refusal is about', async () => {
    server.answers.push({ status: 403, body: { error: { code: 'FORBIDDEN', message: 'on purpose' } } });
    const { queue, tell, refusals } = await visit();
    tell(event());
    await until(() => queue.size === 0);
    expect([refusals(), server.events.length]).toEqual([0, 1]);
  });

  it('hands over on leaving, each event once, and keeps it until an answer confirms it', async () => {
    const handed: Promise<Response>[] = [];
    const { queue, sender } = await visit({
      beacon: (endpoint, body) => {
        expect(body.type).toBe('application/json');
        handed.push(fetch(endpoint, { method: 'POST', body }));
        return true;
      },
    });
    const told = events(150);
    queue.add(told);
    sender.leave();
    sender.leave();
    await Promise.all(handed);
    expect(server.batches.toSorted((a, b) => a - b)).toEqual([50, 100]);
    expect(queue.size).toBe(150);

    const next = await visit();
    expect(next.queue.size).toBe(150);
    next.sender.wake();
    await until(() => next.queue.size === 0);
    expect(server.ids.toSorted()).toEqual(told.map(({ id }) => id).toSorted());
  });
});
