import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STORES } from '../../../testing/server/stores';
import { newItemSchema } from '../../contracts/live-signals';
import type { OpenStore } from '../store/database';
import { audience } from '../store/schema';
import { baseRate, deltaSince, lastRevision, newItemAudiences, publish, withdraw } from './new-items';

const item = (id: string, title = id) => newItemSchema.parse({ id, title, tags: { genres: ['Drama'] } });

describe.each(STORES)('new items on $name', ({ open }) => {
  let store: OpenStore;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store?.close());

  /** Applies the delta since a device's revision to its items. */
  async function follow(domain: string, from = { revision: 0, titles: new Map<string, string>() }) {
    const { items, withdrawn, revision } = await deltaSince(store.db, domain, from.revision);
    for (const { id, title } of items) from.titles.set(id, title);
    for (const id of withdrawn) from.titles.delete(id);
    return { revision, titles: from.titles };
  }

  it('reach devices by deltas, with changes and withdrawals', async () => {
    const domain = randomUUID();
    expect(await deltaSince(store.db, domain, 0)).toEqual({ domain, revision: 0, items: [], withdrawn: [] });
    expect(await publish(store.db, domain, [item('a'), item('b')])).toBe(2);
    let device = await follow(domain);
    expect([...device.titles]).toEqual([
      ['a', 'a'],
      ['b', 'b'],
    ]);
    await publish(store.db, domain, [item('a', 'A again'), item('c')]);
    await withdraw(store.db, domain, 'b');
    device = await follow(domain, device);
    expect([...device.titles].sort()).toEqual([
      ['a', 'A again'],
      ['c', 'c'],
    ]);
    expect(device.revision).toBe(await lastRevision(store.db, domain));
    expect(await deltaSince(store.db, domain, device.revision)).toMatchObject({ items: [], withdrawn: [] });
    // A withdrawn item that is published again is back.
    await publish(store.db, domain, [item('b', 'back')]);
    expect((await follow(domain, device)).titles.get('b')).toBe('back');
    expect((await follow(domain)).titles).toEqual((await follow(domain, device)).titles);
  });

  it('all reach a device when many are published at the same time', async () => {
    const domain = randomUUID();
    const names = Array.from({ length: 20 }, (_, i) => `item ${i}`);
    let device = await follow(domain);
    const publishing = Promise.all(names.map((id) => publish(store.db, domain, [item(id)])));
    for (let i = 0; i < 10; i++) device = await follow(domain, device);
    await publishing;
    device = await follow(domain, device);
    expect([...device.titles.keys()].sort()).toEqual(names.toSorted());
    expect(device.revision).toBe(20);
  });

  it('can be withdrawn only in the domain where they were published', async () => {
    const domain = randomUUID();
    await publish(store.db, domain, [item('a')]);
    await expect(withdraw(store.db, domain, 'b')).rejects.toMatchObject({ code: 'ITEM_NOT_FOUND', field: 'id' });
    await expect(withdraw(store.db, randomUUID(), 'a')).rejects.toMatchObject({ code: 'ITEM_NOT_FOUND' });
    await withdraw(store.db, domain, 'a');
    await expect(withdraw(store.db, domain, 'a')).rejects.toMatchObject({ code: 'ITEM_NOT_FOUND' });
  });

  it('have their impressions and clicks, and the domain a base rate', async () => {
    const domain = randomUUID();
    expect(await baseRate(store.db, domain)).toBeCloseTo(0.05, 9);
    await publish(store.db, domain, [item('a'), item('b')]);
    await store.db.insert(audience).values([
      { domain, item: 'a', impressions: 50, clicks: 20 },
      { domain, item: 'known', impressions: 750, clicks: 130 },
    ]);
    const found = await newItemAudiences(store.db, domain, 10);
    expect(found.find(({ id }) => id === 'a')).toMatchObject({ impressions: 50, clicks: 20 });
    expect(found.find(({ id }) => id === 'b')).toMatchObject({ impressions: 0, clicks: 0 });
    expect(await baseRate(store.db, domain)).toBeCloseTo((150 + 10) / (800 + 200), 9);
  });
});
