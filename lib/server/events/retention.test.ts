import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STORES } from '../../../testing/server/stores';
import type { OpenStore } from '../store/database';
import { rows } from '../store/rows';
import { visitor } from '../store/schema';
import { apiUserId } from '../visitors/identity';
import { forgetOld } from './retention';
import { type AcceptedEvent, writeEvents } from './write';

const DAY = 24 * 3600 * 1000;
const NOW = Date.now();

describe.each(STORES)('forgetting on $name', ({ open }) => {
  let store: OpenStore;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store?.close());

  const count = async (table: string) =>
    Number((await rows<{ count: string }>(store.db, sql`select count(*) from ${sql.raw(table)}`))[0].count);

  it('takes what is old, and leaves opinions and what still weighs something', async () => {
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
    await writeEvents(store.db, [like(NOW - 400 * DAY)], { pace: () => undefined, now: NOW - 400 * DAY });
    await store.db.execute(sql`update event set received_at = received_at - interval '400 days'`);
    await writeEvents(store.db, [like(NOW)], { pace: () => undefined, now: NOW });
    expect([await count('event'), await count('daily_vote'), await count('trend')]).toEqual([2, 2, 8]);
    await forgetOld(store.db, 90, NOW);
    // Of the old like, what it was worth to the domain's own pace stays.
    expect([await count('event'), await count('daily_vote'), await count('trend')]).toEqual([1, 1, 5]);
    expect([await count('opinion'), await count('segment_trend')]).toEqual([2, 1]);
    await forgetOld(store.db, 90, NOW);
    expect(await count('event')).toBe(1);
  });

  it('takes visitors whose last cookie has run out, and no user of the API', async () => {
    const ago = (days: number) => new Date(NOW - days * DAY);
    const [gone, here, user] = [randomUUID(), randomUUID(), apiUserId('a customer')];
    await store.db.insert(visitor).values([
      { id: gone, seenAt: ago(402) },
      { id: here, seenAt: ago(399) },
      { id: user, seenAt: ago(402) },
    ]);
    await forgetOld(store.db, 90, NOW);
    const left = (await store.db.select({ id: visitor.id }).from(visitor)).map(({ id }) => id);
    expect([gone, here, user].map((id) => left.includes(id))).toEqual([false, true, true]);
  });
});
