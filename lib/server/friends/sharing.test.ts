import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STORES } from '../../../testing/server/stores';
import { introducedVisitor } from '../../../testing/server/visitors';
import { cleanCode } from '../../contracts/friends';
import { liveSignalsSchema } from '../../contracts/live-signals';
import type { OpenStore } from '../store/database';
import { rows } from '../store/rows';
import { sharedLike, sharing, visitor } from '../store/schema';
import { handleOf } from './handle';
import { blockPerson, followByCode, friendsOf, removeFollower, unfollow } from './people';
import { type Like, likesOfFriends, share, stopSharing } from './sharing';

const NOW = Date.UTC(2026, 10, 22, 12);
const DAY_MS = 24 * 3600 * 1000;

describe.each(STORES)('sharing in $name', ({ open }) => {
  let store: OpenStore;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store?.close());

  const newVisitor = (name?: string) => introducedVisitor(store.db, name);
  const followPerson = async (me: string, other: string) =>
    followByCode(store.db, me, cleanCode((await friendsOf(store.db, other)).code!));
  const like = (item: string, days = 0): Like => ({ item, at: NOW - days * DAY_MS });
  const give = (me: string, likes: Like[], { domain = 'cinema', renewal = false, now = NOW } = {}) =>
    share(store.db, me, domain, likes, { renewal, now });
  const social = (me: string, { domain = 'cinema', now = NOW } = {}) => likesOfFriends(store.db, me, domain, now);
  const itemsFor = async (me: string) => (await social(me)).map(({ id }) => id);
  /** Anna follows Ben, who shares one like. */
  const pair = async () => {
    const [anna, ben] = [await newVisitor('Anna'), await newVisitor('Ben')];
    await followPerson(anna, ben);
    await give(ben, [like('film')]);
    expect(await itemsFor(anna)).toEqual(['film']);
    return { anna, ben };
  };

  it('adds up the decayed likes of followed people, highest first, with their names', async () => {
    const anna = await newVisitor('Anna');
    const friends = [await newVisitor('Ben'), await newVisitor('Cleo'), await newVisitor(), await newVisitor('Dora')];
    const [ben, cleo, nameless, dora] = friends;
    for (const friend of friends) await followPerson(anna, friend);
    await give(ben, [like('both', 10), like('old', 20), like('gone', 30.001)]);
    await give(cleo, [like('both', 0), like('many', 3)]);
    await give(nameless, [like('alone', 5), like('many', 1)]);
    await give(dora, [like('many', 2)]);
    await give(ben, [like('both', 10), like('old', 20), like('many', 4), like('gone', 30.001)]);
    const found = await social(anna);
    expect(liveSignalsSchema.parse({ friends: found }).friends).toEqual(found);
    expect(found.map(({ id, names }) => [id, names])).toEqual([
      ['many', ['Dora', 'Cleo', 'Ben']],
      ['both', ['Cleo', 'Ben']],
      ['alone', []],
      ['old', ['Ben']],
    ]);
    const weights = Object.fromEntries(found.map(({ id, weight }) => [id, weight]));
    expect(weights.both).toBeCloseTo(1 + 1 / 2, 6);
    expect(weights.old).toBeCloseTo(1 / 4, 6);
    expect(weights.alone).toBeCloseTo(2 ** -0.5, 6);
    expect(weights.many).toBeCloseTo(2 ** -0.1 + 2 ** -0.2 + 2 ** -0.3 + 2 ** -0.4, 6);
    // Ten days later each weighs half, and likes older than thirty days are left out.
    const later = await social(anna, { now: NOW + 10 * DAY_MS + 1000 });
    expect(later.map(({ id }) => id)).toEqual(['many', 'both', 'alone']);
    expect(later[1].weight).toBeCloseTo(weights.both / 2, 5);
  });

  it('has at most three names an item, and at most 200 items', async () => {
    const anna = await newVisitor('Anna');
    for (let i = 0; i < 5; i++) {
      const friend = await newVisitor(`Friend ${i}`);
      await followPerson(anna, friend);
      await give(friend, [like('same', i), ...Array.from({ length: 60 }, (_, k) => like(`own-${i}-${k}`, i + 1))]);
    }
    const found = await social(anna);
    expect(found).toHaveLength(200);
    expect(found[0]).toMatchObject({ id: 'same', names: ['Friend 0', 'Friend 1', 'Friend 2'] });
    const weights = found.map(({ weight }) => weight);
    expect(weights).toEqual([...weights].sort((a, b) => b - a));
  });

  it('is off by default, and separate for each domain', async () => {
    const { anna, ben } = await pair();
    expect(await social(anna, { domain: 'music' })).toEqual([]);
    await give(ben, [like('song')], { domain: 'music' });
    expect(await itemsFor(anna)).toEqual(['film']);
    expect((await friendsOf(store.db, ben)).sharing).toEqual([
      { domain: 'cinema', likes: 1 },
      { domain: 'music', likes: 1 },
    ]);
    expect((await friendsOf(store.db, anna)).following).toMatchObject([{ shares: ['cinema', 'music'] }]);
    await stopSharing(store.db, ben, 'cinema');
    expect(await itemsFor(anna)).toEqual([]);
    expect((await social(anna, { domain: 'music' })).map(({ id }) => id)).toEqual(['song']);
  });

  it('replaces the old likes, each item once, without expired ones', async () => {
    const { anna, ben } = await pair();
    expect(await give(ben, [like('a', 2), like('b', 1), like('a', 0), like('old', 30)])).toBe(2);
    const found = await social(anna);
    expect(found.map(({ id, weight }) => [id, Number(weight.toFixed(4))])).toEqual([
      ['a', 1],
      ['b', Number((2 ** -0.1).toFixed(4))],
    ]);
    expect(await give(ben, [])).toBe(0);
    expect(await itemsFor(anna)).toEqual([]);
    expect((await friendsOf(store.db, ben)).sharing).toEqual([{ domain: 'cinema', likes: 0 }]);
  });

  it('writes only what is new or changed', async () => {
    const { anna, ben } = await pair();
    /** The physical place of each row, which an update changes. */
    const places = async () => {
      const found = await rows<{ item: string; place: string }>(
        store.db,
        sql`select item, ctid::text as place from shared_like where visitor = ${ben}`,
      );
      return new Map(found.map(({ item, place }) => [item, place]));
    };
    const likes = Array.from({ length: 50 }, (_, i) => like(`item ${i}`, i / 10));
    expect(await give(ben, likes)).toBe(50);
    const before = await places();
    // The same likes a little later, some of them changed.
    const late = likes.map(({ item, at }, i) => ({ item, at: at + (i % 2 ? 59_000 : -59_000) }));
    late[7].at = NOW;
    late.splice(20, 5);
    expect(await give(ben, [...late, like('another')])).toBe(46);
    const after = await places();
    expect(after.size).toBe(46);
    const same = [...after].filter(([item, place]) => before.get(item) === place).map(([item]) => item);
    expect(same.sort()).toEqual(
      late
        .map(({ item }) => item)
        .filter((item) => item !== 'item 7')
        .sort(),
    );
    expect((await itemsFor(anna)).slice(0, 3).sort()).toEqual(['another', 'item 0', 'item 7']);
  });

  it('is visible to followers only', async () => {
    const { anna, ben } = await pair();
    const stranger = await newVisitor('Cleo');
    await give(anna, [like('of Anna')]);
    expect(await itemsFor(stranger)).toEqual([]);
    expect(await itemsFor(ben)).toEqual([]);
    expect(await itemsFor(anna)).toEqual(['film']);
  });

  it.each([
    ['unfollowing', (anna: string, ben: string) => unfollow(store.db, anna, handleOf(anna, ben))],
    ['removing the follower', (anna: string, ben: string) => removeFollower(store.db, ben, handleOf(ben, anna))],
    ['being blocked', (anna: string, ben: string) => blockPerson(store.db, ben, handleOf(ben, anna))],
    ['blocking', (anna: string, ben: string) => blockPerson(store.db, anna, handleOf(anna, ben))],
    ['the other’s stopping', (_: string, ben: string) => stopSharing(store.db, ben, 'cinema')],
    ['the other’s erasure', (_: string, ben: string) => store.db.delete(visitor).where(eq(visitor.id, ben))],
  ])('ends at once by %s', async (_, end) => {
    const { anna, ben } = await pair();
    await end(anna, ben);
    expect(await itemsFor(anna)).toEqual([]);
  });

  it('deletes the likes of visitors who stop sharing or are erased', async () => {
    for (const end of [
      (id: string) => stopSharing(store.db, id, 'cinema'),
      (id: string) => store.db.delete(visitor).where(eq(visitor.id, id)),
    ]) {
      const { ben } = await pair();
      await end(ben);
      expect(await store.db.select().from(sharedLike).where(eq(sharedLike.visitor, ben))).toEqual([]);
      expect(await store.db.select().from(sharing).where(eq(sharing.visitor, ben))).toEqual([]);
    }
  });

  it('renews what is shared, and does not start sharing by a renewal', async () => {
    const { anna, ben } = await pair();
    expect(await give(ben, [like('newer')], { renewal: true })).toBe(1);
    expect(await itemsFor(anna)).toEqual(['newer']);
    await stopSharing(store.db, ben, 'cinema');
    expect(await give(ben, [like('newer')], { renewal: true })).toBeUndefined();
    expect(await itemsFor(anna)).toEqual([]);
    expect((await friendsOf(store.db, ben)).sharing).toEqual([]);
  });

  it('stays stopped when renewals arrive later', async () => {
    const { anna, ben } = await pair();
    const renew = () => give(ben, [like('newer')], { renewal: true });
    await Promise.all([renew(), renew(), stopSharing(store.db, ben, 'cinema'), renew(), renew()]);
    expect(await itemsFor(anna)).toEqual([]);
    expect(await store.db.select().from(sharedLike).where(eq(sharedLike.visitor, ben))).toEqual([]);
  });

  it('stores one complete list when several are sent at the same time', async () => {
    const { anna, ben } = await pair();
    await Promise.all(['x', 'y', 'z'].map((word) => give(ben, [like(`${word}1`), like(`${word}2`), like('always')])));
    const items = (await itemsFor(anna)).filter((item) => item !== 'always');
    expect(new Set(items.map((item) => item[0])).size).toBe(1);
    expect(items).toHaveLength(2);
  });

  it('accepts as many likes as a device can have', async () => {
    const { anna, ben } = await pair();
    expect(
      await give(
        ben,
        Array.from({ length: 5000 }, (_, i) => like(`item ${i}`, i / 1000)),
      ),
    ).toBe(5000);
    expect((await itemsFor(anna)).slice(0, 3)).toEqual(['item 0', 'item 1', 'item 2']);
  });

  it('refuses unknown visitors', async () => {
    const stranger = randomUUID();
    await expect(give(stranger, [like('film')])).rejects.toMatchObject({ code: 'CONSENT_REQUIRED' });
    await expect(social(stranger)).rejects.toMatchObject({ code: 'CONSENT_REQUIRED' });
    await stopSharing(store.db, stranger, 'cinema');
    expect(await store.db.select().from(sharedLike).where(eq(sharedLike.visitor, stranger))).toEqual([]);
  });
});
