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

/** A visit; its queue contains what an earlier one left. */
async function visit(options: Partial<SenderOptions> = {}) {
  const database = await EventDatabase.open();
  databases.push(database);
  const queue = await EventQueue.open(database);
  let refusals = 0;
  const sender = new EventSender(queue, {
    endpoint: server.address,
    collectMs: 1,
    backoff: { firstMs: 1, maxMs: 5 },
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
    track(...added: VisitorEvent[]) {
      queue.add(added);
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
  it('sends all events in order, at most 100 at a time, and then stores none', async () => {
    const { queue, track } = await visit();
    const sent = events(250);
    track(...sent);
    await until(() => queue.size === 0);
    expect(server.ids).toEqual(sent.map(({ id }) => id));
    expect(Math.max(...server.batches)).toBe(100);
    await queue.settled();
    expect((await visit()).queue.size).toBe(0);
  });

  it('sends what happened offline at the next visit, once', async () => {
    const offline = await visit({ isOnline: () => false });
    const sent = events(3);
    offline.track(...sent);
    await offline.queue.settled();
    offline.sender.stop();
    const { queue, sender } = await visit();
    sender.wake();
    await until(() => queue.size === 0);
    expect(server.ids).toEqual(sent.map(({ id }) => id));
  });

  it('sends when the network is back, without waiting for another event', async () => {
    let isOnline = false;
    const { queue, sender, track } = await visit({ isOnline: () => isOnline });
    track(event());
    await sender.retry();
    expect(server.batches).toEqual([]);
    isOnline = true;
    await sender.retry();
    expect([queue.size, server.events.length]).toEqual([0, 1]);
  });

  it('sends again after 429, 503 and a broken connection, and each event counts once', async () => {
    server.replies.push({ status: 429, headers: { 'Retry-After': '0' } }, { status: 503 }, 'lost');
    const { queue, track } = await visit();
    const sent = events(5);
    track(...sent);
    await until(() => queue.size === 0);
    expect(server.ids).toEqual(sent.map(({ id }) => id));
    expect(server.batches).toEqual([5, 5, 5, 5]);
  });

  it('finds events that the server cannot read, and drops only those', async () => {
    const { queue, track } = await visit();
    const sent = events(100);
    const bad = [sent[17], sent[18], sent[93]].map(({ id }) => id);
    for (const id of bad) server.unreadable.add(id);
    track(...sent);
    await until(() => queue.size === 0);
    expect(server.ids.toSorted()).toEqual(
      sent
        .map(({ id }) => id)
        .filter((id) => !bad.includes(id))
        .toSorted(),
    );
    expect(server.batches.length).toBeLessThan(50);
  });

  it('stops between the halves of a batch where the server is then unavailable', async () => {
    const { queue, track } = await visit({ backoff: { firstMs: 60_000, maxMs: 60_000 } });
    server.replies.push({ status: 400 }, { status: 503 });
    track(...events(8));
    await until(() => server.batches.length === 2);
    expect(server.batches).toEqual([8, 4]);
    expect(queue.size).toBe(8);
  });

  it('sends nothing more to a server that does not know the visitor', async () => {
    server.replies.push({ status: 403, body: { error: { code: 'CONSENT_REQUIRED', message: 'on purpose' } } });
    const { queue, sender, track, refusals } = await visit();
    track(...events(2));
    await until(() => refusals() === 1);
    sender.wake();
    await queue.settled();
    expect(server.events).toEqual([]);
    expect((await visit()).queue.size).toBe(0);
  });

  it('keeps its events after any other refusal', async () => {
    server.replies.push({ status: 403, body: { error: { code: 'FORBIDDEN', message: 'on purpose' } } });
    const { queue, track, refusals } = await visit();
    track(event());
    await until(() => queue.size === 0);
    expect([refusals(), server.events.length]).toEqual([0, 1]);
  });

  it('gives each event to the browser once on leaving, and keeps it until a response confirms it', async () => {
    const handedOver: Promise<Response>[] = [];
    const { queue, sender } = await visit({
      beacon: (endpoint, body) => {
        expect(body.type).toBe('application/json');
        handedOver.push(fetch(endpoint, { method: 'POST', body }));
        return true;
      },
    });
    const sent = events(150);
    queue.add(sent);
    sender.leave();
    sender.leave();
    await Promise.all(handedOver);
    expect(server.batches.toSorted((a, b) => a - b)).toEqual([50, 100]);
    expect(queue.size).toBe(150);

    const next = await visit();
    expect(next.queue.size).toBe(150);
    next.sender.wake();
    await until(() => next.queue.size === 0);
    expect(server.ids.toSorted()).toEqual(sent.map(({ id }) => id).toSorted());
  });
});
