import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STORES } from '../../../testing/server/stores';
import type { OpenStore } from '../store/database';
import { rows } from '../store/rows';
import { visitor } from '../store/schema';
import { apiUserId } from '../visitors/identity';
import { deleteExpired } from './retention';
import { type AcceptedEvent, writeEvents } from './write';

const DAY_MS = 24 * 3600 * 1000;
const NOW = Date.now();

describe.each(STORES)('deletion of expired data on $name', ({ open }) => {
  let store: OpenStore;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store?.close());

  const count = async (table: string) =>
    Number((await rows<{ count: string }>(store.db, sql`select count(*) from ${sql.raw(table)}`))[0].count);

  it('removes old events, and keeps opinions and weights that still count', async () => {
    const id = randomUUID();
    await store.db.insert(visitor).values({ id, language: 'nl' });
    const like = (at: number): AcceptedEvent => ({
      visitor: id,
      id: randomUUID(),
      domain: 'cinema',
      item: `of ${at}`,
      kind: 'like',
      at,
      list: null,
      slot: null,
      source: null,
      variant: null,
      diversity: null,
    });
    await writeEvents(store.db, [like(NOW - 400 * DAY_MS)], { halfLifeDays: () => undefined, now: NOW - 400 * DAY_MS });
    await store.db.execute(sql`update event set received_at = received_at - interval '400 days'`);
    await writeEvents(store.db, [like(NOW)], { halfLifeDays: () => undefined, now: NOW });
    expect([await count('event'), await count('daily_vote'), await count('trend')]).toEqual([2, 2, 8]);
    await deleteExpired(store.db, 90, NOW);
    // The old like keeps its weight in the window `popular`.
    expect([await count('event'), await count('daily_vote'), await count('trend')]).toEqual([1, 1, 5]);
    expect([await count('opinion'), await count('segment_trend')]).toEqual([2, 1]);
    await deleteExpired(store.db, 90, NOW);
    expect(await count('event')).toBe(1);
  });

  it('removes visitors whose last cookie has expired, but no users of the API', async () => {
    const ago = (days: number) => new Date(NOW - days * DAY_MS);
    const [gone, here, user] = [randomUUID(), randomUUID(), apiUserId('a customer')];
    await store.db.insert(visitor).values([
      { id: gone, seenAt: ago(402) },
      { id: here, seenAt: ago(399) },
      { id: user, seenAt: ago(402) },
    ]);
    await deleteExpired(store.db, 90, NOW);
    const left = (await store.db.select({ id: visitor.id }).from(visitor)).map(({ id }) => id);
    expect([gone, here, user].map((id) => left.includes(id))).toEqual([false, true, true]);
  });
});
