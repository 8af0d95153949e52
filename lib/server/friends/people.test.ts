import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STORES } from '../../../testing/server/stores';
import { introducedVisitor } from '../../../testing/server/visitors';
import { cleanCode } from '../../contracts/friends';
import type { OpenStore } from '../store/database';
import { block, follow, visitor } from '../store/schema';
import { handleOf } from './handle';
import {
  blockPerson,
  followByCode,
  friendsOf,
  introduce,
  MAX_FOLLOWED,
  removeFollower,
  renewCode,
  unblock,
  unfollow,
} from './people';

describe.each(STORES)('people in $name', ({ open }) => {
  let store: OpenStore;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store?.close());

  const newVisitor = (name?: string) => introducedVisitor(store.db, name);
  const codeOf = async (id: string) => cleanCode((await friendsOf(store.db, id)).code!);
  const followPerson = async (me: string, other: string) => followByCode(store.db, me, await codeOf(other));
  const seen = (id: string) => friendsOf(store.db, id);
  const refused = (code: string) => expect.objectContaining({ code });
  const names = (people: { name: string | null }[]) => people.map(({ name }) => name);

  it('creates a code once, and sets the name if there is one', async () => {
    const id = randomUUID();
    await store.db.insert(visitor).values({ id });
    expect(await seen(id)).toEqual({
      code: null,
      name: null,
      following: [],
      followers: [],
      blocked: [],
      sharing: [],
    });
    await introduce(store.db, id, undefined);
    const { code, name } = await seen(id);
    expect([code, name]).toEqual([expect.stringMatching(/^\w{5}-\w{5}$/), null]);
    await introduce(store.db, id, 'Anna');
    expect(await seen(id)).toMatchObject({ code, name: 'Anna' });
    await introduce(store.db, id, undefined);
    expect(await seen(id)).toMatchObject({ code, name: 'Anna' });
    await introduce(store.db, id, null);
    expect(await seen(id)).toMatchObject({ code, name: null });
  });

  it('creates one code for simultaneous requests', async () => {
    const id = randomUUID();
    await store.db.insert(visitor).values({ id });
    const codes = await Promise.all(
      Array.from({ length: 8 }, async () => {
        await introduce(store.db, id, undefined);
        return (await seen(id)).code;
      }),
    );
    expect(new Set(codes).size).toBe(1);
  });

  it('lets one person follow another by the code, once, and not the other way round', async () => {
    const [anna, ben] = [await newVisitor('Anna'), await newVisitor('Ben')];
    const handle = await followPerson(anna, ben);
    expect(await followPerson(anna, ben)).toBe(handle);
    expect(await seen(anna)).toMatchObject({ following: [{ handle, name: 'Ben', shares: [] }], followers: [] });
    expect(await seen(ben)).toMatchObject({ following: [], followers: [{ name: 'Anna' }] });
    expect((await seen(ben)).followers[0].handle).not.toBe(handle);
  });

  it('reveals no visitor’s id', async () => {
    const [anna, ben, cleo] = [await newVisitor('Anna'), await newVisitor('Ben'), await newVisitor('Cleo')];
    await followPerson(anna, ben);
    await followPerson(cleo, anna);
    await blockPerson(store.db, anna, (await seen(anna)).followers[0].handle);
    const text = JSON.stringify(await seen(anna));
    for (const id of [anna, ben, cleo]) expect(text).not.toContain(id);
  });

  it('counts each follower once when many follow at the same time', async () => {
    const ben = await newVisitor('Ben');
    const others = await Promise.all(Array.from({ length: 12 }, () => newVisitor()));
    await Promise.all([...others, ...others].map((id) => followPerson(id, ben)));
    expect((await seen(ben)).followers).toHaveLength(others.length);
  });

  it('refuses unknown codes, one’s own, and more people than the maximum', async () => {
    const anna = await newVisitor('Anna');
    await expect(followByCode(store.db, anna, '0000000000')).rejects.toEqual(refused('NOT_FOUND'));
    await expect(followPerson(anna, anna)).rejects.toEqual(refused('INVALID_REQUEST'));
    await store.db.execute(
      sql`with made as (insert into visitor (id) select gen_random_uuid() from generate_series(1, ${MAX_FOLLOWED}) returning id)
          insert into follow (follower, followed) select ${anna}::uuid, id from made`,
    );
    const ben = await newVisitor('Ben');
    await expect(followPerson(anna, ben)).rejects.toEqual(refused('CONFLICT'));
    expect((await seen(ben)).followers).toEqual([]);
    await unfollow(store.db, anna, (await seen(anna)).following[0].handle);
    await followPerson(anna, ben);
    // Following someone again does not count.
    await followPerson(anna, ben);
  });

  it('replaces the code, and keeps the followers', async () => {
    const [anna, ben, cleo] = [await newVisitor('Anna'), await newVisitor('Ben'), await newVisitor('Cleo')];
    const old = await codeOf(ben);
    await followPerson(anna, ben);
    await renewCode(store.db, ben);
    expect(await codeOf(ben)).not.toBe(old);
    await expect(followByCode(store.db, cleo, old)).rejects.toEqual(refused('NOT_FOUND'));
    await followPerson(cleo, ben);
    expect(names((await seen(ben)).followers)).toEqual(['Cleo', 'Anna']);
  });

  it('unfollows, and removes followers, who can follow again', async () => {
    const [anna, ben] = [await newVisitor('Anna'), await newVisitor('Ben')];
    await unfollow(store.db, anna, await followPerson(anna, ben));
    expect((await seen(ben)).followers).toEqual([]);
    await followPerson(anna, ben);
    await removeFollower(store.db, ben, (await seen(ben)).followers[0].handle);
    expect((await seen(anna)).following).toEqual([]);
    await followPerson(anna, ben);
    expect(names((await seen(anna)).following)).toEqual(['Ben']);
  });

  it('blocks both ways, and responds to the blocked person as to an unknown code', async () => {
    const [anna, ben] = [await newVisitor('Anna'), await newVisitor('Ben')];
    await followPerson(anna, ben);
    await followPerson(ben, anna);
    const handle = (await seen(anna)).followers[0].handle;
    await blockPerson(store.db, anna, handle);
    // A second click.
    await blockPerson(store.db, anna, handle);
    expect(await seen(anna)).toMatchObject({ following: [], followers: [], blocked: [{ handle, name: 'Ben' }] });
    expect(await seen(ben)).toMatchObject({ following: [], followers: [], blocked: [] });

    const refusalOf = async (code: string) =>
      followByCode(store.db, ben, code).catch((error) => `${error.code} ${error.field} ${error.message}`);
    const refusal = await refusalOf(await codeOf(anna));
    expect(refusal).toContain('NOT_FOUND');
    expect(refusal).toBe(await refusalOf('0000000000'));
    await renewCode(store.db, anna);
    expect(await refusalOf(await codeOf(anna))).toBe(refusal);
    await expect(followPerson(anna, ben)).rejects.toEqual(refused('CONFLICT'));
    expect((await seen(ben)).followers).toEqual([]);

    await unblock(store.db, anna, handle);
    expect((await seen(anna)).blocked).toEqual([]);
    await followPerson(ben, anna);
    expect(names((await seen(anna)).followers)).toEqual(['Ben']);
  });

  it('blocks for good while the other tries to follow at the same time', async () => {
    const [anna, ben] = [await newVisitor('Anna'), await newVisitor('Ben')];
    const code = await codeOf(anna);
    await followByCode(store.db, ben, code);
    const handle = handleOf(anna, ben);
    const tries = Array.from({ length: 20 }, () => followByCode(store.db, ben, code).catch(() => undefined));
    await Promise.all([...tries.slice(0, 10), blockPerson(store.db, anna, handle), ...tries.slice(10)]);
    expect((await seen(anna)).followers).toEqual([]);
    expect((await seen(ben)).following).toEqual([]);
  });

  it('refuses handles of other viewers, of other relations, and unknown ones', async () => {
    const [anna, ben, cleo] = [await newVisitor('Anna'), await newVisitor('Ben'), await newVisitor('Cleo')];
    const annasOfBen = await followPerson(anna, ben);
    const cleosOfBen = await followPerson(cleo, ben);
    await followPerson(ben, cleo);
    const bensOfAnna = (await seen(ben)).followers.find(({ name }) => name === 'Anna')!.handle;
    const before = await Promise.all([anna, ben, cleo].map(seen));

    const strangers = [cleosOfBen, bensOfAnna, handleOf(anna, anna), handleOf(anna, cleo), ben, 'x'.repeat(22)];
    for (const action of [unfollow, removeFollower, blockPerson, unblock]) {
      for (const handle of strangers) {
        await expect(action(store.db, anna, handle), action.name).rejects.toEqual(refused('NOT_FOUND'));
      }
    }
    // Anna follows Ben, who neither follows her nor is blocked.
    for (const action of [removeFollower, unblock]) {
      await expect(action(store.db, anna, annasOfBen), action.name).rejects.toEqual(refused('NOT_FOUND'));
    }
    // Ben does not follow Anna, and cannot unfollow her.
    await expect(unfollow(store.db, ben, bensOfAnna)).rejects.toEqual(refused('NOT_FOUND'));
    expect(await Promise.all([anna, ben, cleo].map(seen))).toEqual(before);
  });

  it('deletes all relations of an erased visitor, and refuses their requests', async () => {
    const [anna, ben, cleo] = [await newVisitor('Anna'), await newVisitor('Ben'), await newVisitor('Cleo')];
    await followPerson(anna, ben);
    await followPerson(ben, anna);
    await followPerson(ben, cleo);
    await blockPerson(store.db, cleo, handleOf(cleo, ben));
    const annasCode = await codeOf(anna);
    for (const id of [anna, ben]) await store.db.delete(visitor).where(eq(visitor.id, id));
    for (const id of [anna, ben]) {
      expect(await store.db.select().from(follow).where(sql`${id}::uuid in (follower, followed)`)).toEqual([]);
      expect(await store.db.select().from(block).where(sql`${id}::uuid in (blocker, blocked)`)).toEqual([]);
    }
    expect((await seen(cleo)).blocked).toEqual([]);
    const cleosCode = await codeOf(cleo);
    await expect(seen(anna)).rejects.toEqual(refused('CONSENT_REQUIRED'));
    await expect(introduce(store.db, anna, 'Anna')).rejects.toEqual(refused('CONSENT_REQUIRED'));
    await expect(renewCode(store.db, anna)).rejects.toEqual(refused('CONSENT_REQUIRED'));
    for (const code of [cleosCode, annasCode, '0000000000']) {
      await expect(followByCode(store.db, anna, code)).rejects.toEqual(refused('CONSENT_REQUIRED'));
    }
    await expect(followByCode(store.db, cleo, annasCode)).rejects.toEqual(refused('NOT_FOUND'));
  });

  it('never leaves a person both blocked and following, whatever happens at the same time', async () => {
    const people = await Promise.all(Array.from({ length: 4 }, (_, i) => newVisitor(`P${i}`)));
    const codes = await Promise.all(people.map(codeOf));
    const pairs = people.flatMap((me, i) =>
      people.flatMap((other, j) => (i === j ? [] : [{ me, other, code: codes[j] }])),
    );
    const settled = await Promise.allSettled(
      pairs.flatMap(({ me, other, code }) => [
        followByCode(store.db, me, code),
        blockPerson(store.db, me, handleOf(me, other)),
        followByCode(store.db, me, code),
      ]),
    );
    // Refusals are fine, failures are not.
    for (const one of settled) {
      if (one.status === 'rejected') expect(['NOT_FOUND', 'CONFLICT']).toContain(one.reason.code);
    }
    const both = await store.db
      .select()
      .from(follow)
      .innerJoin(
        block,
        sql`(${block.blocker}, ${block.blocked}) in ((${follow.follower}, ${follow.followed}), (${follow.followed}, ${follow.follower}))`,
      );
    expect(both).toEqual([]);
  });
});
