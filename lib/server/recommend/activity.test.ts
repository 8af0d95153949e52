import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STORES } from '../../../testing/server/stores';
import type { OpenStore } from '../store/database';
import { event, visitor } from '../store/schema';
import { apiUserId } from '../visitors/identity';
import { readThreshold } from './activity';

const DAY_MS = 24 * 3600 * 1000;

describe.each(STORES)('the threshold of the most active users, in $name', ({ open }) => {
  let store: OpenStore;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store?.close());

  const act = async (id: string, times: number, receivedAt = new Date()) => {
    await store.db.insert(visitor).values({ id }).onConflictDoNothing();
    await store.db.insert(event).values(
      Array.from({ length: times }, () => ({
        visitor: id,
        id: randomUUID(),
        domain: 'cinema',
        item: 'any',
        kind: 'view',
        at: receivedAt,
        receivedAt,
      })),
    );
  };

  it('is null without users', async () => {
    expect(await readThreshold(store.db)).toBeNull();
  });

  it('leaves a tenth of the API users above it, by their events of 7 days', async () => {
    for (let i = 1; i <= 20; i++) await act(apiUserId(`user ${i}`), i);
    // Visitors of the page and older events do not count.
    await act(randomUUID(), 500);
    await act(apiUserId('once busy'), 500, new Date(Date.now() - 8 * DAY_MS));
    expect(await readThreshold(store.db)).toBe(18);
  });
});
