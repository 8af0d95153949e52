import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STORES } from '../../../testing/server/stores';
import type { EventKind } from '../../contracts/events';
import { writeEvents } from '../events/write';
import { newItemAudiences, publish } from '../items/new-items';
import type { OpenStore } from '../store/database';
import { event, visitor } from '../store/schema';
import { MAX_FRESH } from '../trends/live-signals';
import { apiUserId } from '../visitors/identity';
import { oddsOf, recentEvents, visitorCounts } from './overview';

const NOW = Date.UTC(2026, 10, 22, 12);
const MINUTE = 60_000;

describe.each(STORES)('the operator’s overview from $name', ({ open }) => {
  let store: OpenStore;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store?.close());

  async function receive(id: string, kind: EventKind, minutesAgo: number, domain = 'cinema') {
    await store.db.insert(visitor).values({ id }).onConflictDoNothing();
    await store.db.insert(event).values({
      visitor: id,
      id: randomUUID(),
      domain,
      item: 'a',
      kind,
      // A wrong clock of a device: only the time of receipt counts.
      at: new Date(0),
      receivedAt: new Date(NOW - minutesAgo * MINUTE),
    });
  }

  it('counts visitors and API users separately', async () => {
    await store.db.execute(sql`delete from visitor`);
    await store.db.insert(visitor).values([{ id: randomUUID() }, { id: randomUUID() }, { id: apiUserId('u1') }]);
    expect(await visitorCounts(store.db)).toEqual({ agreed: 2, apiUsers: 1 });
  });

  it('counts the events of an hour and of a day by kind, and their senders', async () => {
    const [a, b] = [randomUUID(), randomUUID()];
    await receive(a, 'like', 5);
    await receive(a, 'like', 90);
    await receive(b, 'like', 23 * 60);
    await receive(b, 'impression', 61);
    await receive(b, 'click', 25 * 60);
    await receive(b, 'click', 1, 'music');
    expect(await recentEvents(store.db, 'cinema', NOW)).toEqual({
      visitors: 2,
      events: [
        { kind: 'like', hour: 1, day: 3 },
        { kind: 'impression', hour: 0, day: 1 },
      ],
    });
    expect(await recentEvents(store.db, 'courses', NOW)).toEqual({ visitors: 0, events: [] });
  });

  it('computes the odds of new items from their impressions and clicks', async () => {
    const titled = (id: string) => ({ id, title: `Title of ${id}`, creators: [], tags: {}, external: {} });
    await publish(store.db, 'cinema', ['hit', 'flop', 'unseen'].map(titled));
    for (let i = 0; i < 80; i++) {
      const id = randomUUID();
      await store.db.insert(visitor).values({ id });
      const shown = (item: string, kind: EventKind) => ({
        ...{ visitor: id, id: randomUUID(), domain: 'cinema', item, kind, at: NOW },
        ...{ list: null, slot: null, source: null, variant: null },
      });
      const events = [shown('hit', 'impression'), shown('flop', 'impression')];
      if (i % 2 === 0) events.push(shown('hit', 'click'));
      await writeEvents(store.db, events, { halfLifeDays: () => undefined, now: NOW });
    }
    const odds = oddsOf(await newItemAudiences(store.db, 'cinema', 10), 0.05);
    const of = (id: string) => odds.find((item) => item.id === id)!;
    expect(of('hit')).toMatchObject({ title: 'Title of hit', impressions: 80, clicks: 40, audience: 'proven' });
    expect(of('hit').mean).toBeCloseTo(41 / 100, 9);
    expect(of('hit').better).toBeGreaterThan(0.99);
    expect(of('flop')).toMatchObject({ impressions: 80, clicks: 0, audience: 'failed' });
    expect(of('flop').better).toBeLessThan(0.05);
    // The prior alone: its mean is the base rate, and its weight is one click.
    expect(of('unseen')).toMatchObject({ impressions: 0, clicks: 0, audience: 'looking' });
    expect(of('unseen').mean).toBeCloseTo(0.05, 9);
    expect(of('unseen').better).toBeCloseTo(0.95 ** 19, 9);
  });

  it('gives the newest items their audience first', () => {
    const items = Array.from({ length: MAX_FRESH + 2 }, (_, i) => ({
      ...{ id: `n${i}`, title: '', impressions: 0, clicks: 0 },
      publishedAt: new Date(NOW - i),
    }));
    const waiting = oddsOf(items, 0.05).flatMap(({ id, audience }) => (audience === 'waiting' ? [id] : []));
    expect(waiting).toEqual([`n${MAX_FRESH}`, `n${MAX_FRESH + 1}`]);
  });
});
