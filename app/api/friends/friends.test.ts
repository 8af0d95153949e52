import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import * as me from '@/app/api/me/route';
import * as sharing from '@/app/api/sharing/[domain]/route';
import type { Friends, SharingReceipt } from '@/lib/contracts/friends';
import { type LiveSignals, liveSignalsSchema } from '@/lib/contracts/live-signals';
import { getEngine } from '@/lib/server/engines';
import { call, cookieOf } from '@/testing/server/call';
import * as blockedOne from './blocked/[handle]/route';
import * as blocked from './blocked/route';
import * as code from './code/route';
import * as follow from './follow/route';
import * as follower from './followers/[handle]/route';
import * as followed from './following/[handle]/route';
import * as likes from './likes/[domain]/route';
import * as friends from './route';

const DOMAIN = 'courses';
const DAY_MS = 24 * 3600 * 1000;

type Route = Parameters<typeof call>[0];
type Method = Parameters<typeof call>[1];

let addresses = 0;
/** Each test has its own address, because attempts are counted by address. */
let address: string;

beforeEach(() => {
  vi.stubEnv('INKPICK_DATA', 'memory');
  vi.stubEnv('INKPICK_RATE_LIMIT', '0');
  address = `2001:db8::${(++addresses).toString(16)}`;
});

const ask = (
  route: Route,
  method: Method,
  cookie?: string,
  { body, params }: { body?: unknown; params?: object } = {},
) =>
  call(route, method, {
    body,
    params: params as Record<string, string>,
    headers: { 'x-forwarded-for': address, ...(cookie !== undefined && { cookie }) },
  });
const errorOf = (answer: Awaited<ReturnType<typeof ask>>) =>
  answer.json<{ error: { code: string; message: string; field?: string } }>().error;

const agree = async (name?: string) => {
  const cookie = cookieOf((await ask(me, 'POST', undefined, { body: { agree: true } })).headers)!;
  if (name !== undefined) await ask(friends, 'POST', cookie, { body: { name } });
  return cookie;
};
const seen = async (cookie: string) => (await ask(friends, 'GET', cookie)).json<Friends>();
const followBy = (cookie: string, code: unknown) => ask(follow, 'POST', cookie, { body: { code } });
const followPerson = async (cookie: string, other: string) => {
  const answer = await followBy(cookie, (await seen(other)).code);
  expect(answer.status).toBe(200);
  return answer.json<{ followed: string }>().followed;
};
const someItems = async (count: number) => (await getEngine(DOMAIN)).popular(count).map(({ id }) => id);
const share = (cookie: string, body: object, domain = DOMAIN) =>
  ask(sharing, 'PUT', cookie, { body: { sent_at: Date.now(), ...body }, params: { domain } });
const social = async (cookie: string) =>
  (await ask(likes, 'GET', cookie, { params: { domain: DOMAIN } })).json<{ friends: LiveSignals['friends'] }>().friends;

const EVERY: [string, Route, Method, { body?: unknown; params?: object }][] = [
  ['friends', friends, 'GET', {}],
  ['a name', friends, 'POST', { body: { name: 'Anna' } }],
  ['a code', code, 'POST', {}],
  ['following', follow, 'POST', { body: { code: '00000-00000' } }],
  ['unfollowing', followed, 'DELETE', { params: { handle: 'x'.repeat(22) } }],
  ['removing', follower, 'DELETE', { params: { handle: 'x'.repeat(22) } }],
  ['blocking', blocked, 'POST', { body: { handle: 'x'.repeat(22) } }],
  ['unblocking', blockedOne, 'DELETE', { params: { handle: 'x'.repeat(22) } }],
  ['likes', likes, 'GET', { params: { domain: DOMAIN } }],
  ['sharing', sharing, 'PUT', { body: { items: [], sent_at: 0 }, params: { domain: DOMAIN } }],
  ['stopping', sharing, 'DELETE', { params: { domain: DOMAIN } }],
];

describe('every route of friends', () => {
  it.each(EVERY)('%s: requires consent', async (_, route, method, more) => {
    const forged = `inkpick=${encodeURIComponent(`${randomUUID()}.forged`)}`;
    for (const cookie of [undefined, forged]) {
      const answer = await ask(route, method, cookie, more);
      expect([answer.status, errorOf(answer).code]).toEqual([403, 'CONSENT_REQUIRED']);
    }
  });

  it.each(EVERY)('%s: is not cached, and refuses pages of other sites', async (_, route, method, more) => {
    const cookie = await agree('Anna');
    const { headers } = await ask(route, method, cookie, more);
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('cache-control')).toMatch(/no-store/);
    if (method === 'GET') return;
    const foreign = await call(route, method, {
      body: more.body,
      params: more.params as Record<string, string>,
      headers: { cookie, 'sec-fetch-site': 'cross-site' },
    });
    expect([foreign.status, errorOf(foreign).code]).toEqual([403, 'FORBIDDEN']);
  });

  it.each(EVERY)('%s: never responds 5xx, whatever is sent', async (_, route, method, more) => {
    const cookie = await agree('Anna');
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.constantFrom('\0', '__proto__', 'null'));
    const any = fc.oneof(text, fc.jsonValue({ maxDepth: 2 }));
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom('name', 'code', 'handle', 'items', 'sent_at', 'renewal'), any),
        text,
        async (body, word) => {
          const params = more.params && Object.fromEntries(Object.keys(more.params).map((key) => [key, word]));
          // From many addresses, so that the rate limit is not reached.
          address = `2001:db8:1::${(++addresses).toString(16)}`;
          for (const at of [params, more.params]) {
            const sends = method !== 'GET' && method !== 'DELETE';
            const { status } = await ask(route, method, cookie, { params: at, ...(sends && { body }) });
            expect(status).toBeLessThan(500);
          }
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('/api/friends', () => {
  it('creates a code at the first request, and keeps it', async () => {
    const cookie = await agree();
    expect((await seen(cookie)).code).toBeNull();
    const made = (await ask(friends, 'POST', cookie, { body: {} })).json<Friends>();
    expect(made.code).toMatch(/^[0-9A-Z]{5}-[0-9A-Z]{5}$/);
    const named = (await ask(friends, 'POST', cookie, { body: { name: '  Zoë \n' } })).json<Friends>();
    expect(named).toMatchObject({ code: made.code, name: 'Zoë' });
    const renewed = (await ask(code, 'POST', cookie)).json<Friends>();
    expect(renewed.code).not.toBe(made.code);
    const other = await agree();
    expect((await followBy(other, made.code)).status).toBe(404);
    expect((await followBy(other, renewed.code)).status).toBe(200);
  });

  it('accepts names of 1 to 40 characters in one line, and says so for others', async () => {
    const cookie = await agree();
    const name = (name: unknown) => ask(friends, 'POST', cookie, { body: { name } });
    for (const good of ['A', '名'.repeat(40), '🎬'.repeat(40), 'O’Brien-Smith', 'محمد', '<b>&amp;']) {
      expect((await name(good)).json<Friends>().name).toBe(good);
    }
    for (const bad of [
      '',
      '   ',
      'x'.repeat(41),
      'a\0b',
      'a\nb',
      'a\u202eb',
      'a\u0007',
      '\u200b',
      'An\u200bna',
      '\u3164',
      7,
      ['Anna'],
    ]) {
      const answer = await name(bad);
      expect([answer.status, errorOf(answer).field], JSON.stringify(bad)).toEqual([400, 'name']);
      expect(errorOf(answer).message).toMatch(/^name must be /);
    }
    expect((await seen(cookie)).name).toBe('<b>&amp;');
  });

  it('follows by a code in any spelling, and says what is wrong with others', async () => {
    const [anna, ben] = [await agree('Anna'), await agree('Ben')];
    const bens = (await seen(ben)).code!;
    const answer = await followBy(anna, ` ${bens.toLowerCase().replace('-', ' ')} `);
    expect(answer.json()).toMatchObject({ following: [{ name: 'Ben' }] });
    const refusals = [
      ['123', 400, 'INVALID_REQUEST'],
      ['UUUUU-UUUUU', 400, 'INVALID_REQUEST'],
      [(await seen(anna)).code, 400, 'INVALID_REQUEST'],
      ['00000-00000', 404, 'NOT_FOUND'],
    ];
    for (const [typed, ...refusal] of refusals) {
      const refused = await followBy(anna, typed);
      expect([refused.status, errorOf(refused).code]).toEqual(refusal);
      expect(errorOf(refused).field).toBe('code');
    }
  });

  it('unfollows, removes, blocks and unblocks for the visitor of the cookie only', async () => {
    const [anna, ben, cleo] = [await agree('Anna'), await agree('Ben'), await agree('Cleo')];
    const handle = await followPerson(anna, ben);
    const anyOther = async (route: Route, method: Method, more: object) => {
      for (const stranger of [ben, cleo]) expect((await ask(route, method, stranger, more)).status).toBe(404);
    };
    await anyOther(followed, 'DELETE', { params: { handle } });
    await anyOther(follower, 'DELETE', { params: { handle } });
    await anyOther(blocked, 'POST', { body: { handle } });
    expect((await seen(anna)).following).toHaveLength(1);
    expect((await ask(followed, 'DELETE', anna, { params: { handle } })).json()).toMatchObject({ following: [] });

    await followPerson(anna, ben);
    const annaForBen = (await seen(ben)).followers[0].handle;
    await ask(follower, 'DELETE', ben, { params: { handle: annaForBen } });
    expect((await seen(anna)).following).toEqual([]);
    await followPerson(anna, ben);
    await ask(blocked, 'POST', ben, { body: { handle: annaForBen } });
    const refused = await followBy(anna, (await seen(ben)).code);
    const unknown = await followBy(anna, '00000-00000');
    expect([refused.status, refused.json()]).toEqual([unknown.status, unknown.json()]);
    await anyOther(blockedOne, 'DELETE', { params: { handle } });
    await ask(blockedOne, 'DELETE', ben, { params: { handle: annaForBen } });
    await followPerson(anna, ben);
  });

  it('limits attempts to guess codes, by visitor and by address', async () => {
    // New visitors have a stricter limit by address: these have all been created before.
    const others = await Promise.all(Array.from({ length: 70 }, () => agree()));
    const anna = others[0];
    vi.stubEnv('INKPICK_RATE_LIMIT', '100000');
    const statuses = async (times: number, cookie: () => Promise<string> | string) => {
      const found: number[] = [];
      for (let i = 0; i < times; i++) found.push((await followBy(await cookie(), '00000-00000')).status);
      return found;
    };
    expect(await statuses(20, () => anna)).toEqual(Array(20).fill(404));
    const [refused] = [await followBy(anna, '00000-00000')];
    expect([refused.status, errorOf(refused).code]).toEqual([429, 'RATE_LIMITED']);
    expect(errorOf(refused).message).toMatch(/again in \d+ s/);
    address = '2001:db8:2::1';
    expect((await followBy(anna, '00000-00000')).status).toBe(429);
    let next = 1;
    expect(await statuses(69, () => others[next++])).toContain(429);
    address = '2001:db8:3::1';
    expect((await followBy(await agree(), '00000-00000')).status).toBe(404);
  });
});

describe('/api/sharing/[domain]', () => {
  it('shows followers the likes, dated by this server’s clock, while they are shared', async () => {
    const [anna, ben] = [await agree('Anna'), await agree('Ben')];
    const handle = await followPerson(anna, ben);
    const [one, two, old] = await someItems(3);
    // The device's clock is years behind.
    const clock = Date.UTC(2001, 0, 1);
    const items = [
      { id: one, at: clock },
      { id: two, at: clock - 10 * DAY_MS },
      { id: old, at: clock - 31 * DAY_MS },
      { id: 'no such course', at: clock },
    ];
    const receipt = (await share(ben, { items, sent_at: clock })).json<SharingReceipt>();
    expect(receipt).toEqual({ domain: DOMAIN, sharing: true, likes: 2, unknown: 1 });
    const found = await social(anna);
    expect(liveSignalsSchema.parse({ friends: found }).friends).toEqual(found);
    expect(found.map(({ id, names }) => [id, names])).toEqual([
      [one, ['Ben']],
      [two, ['Ben']],
    ]);
    expect(found[0].weight).toBeCloseTo(1, 3);
    expect(found[1].weight).toBeCloseTo(1 / 2, 3);
    expect((await seen(anna)).following).toMatchObject([{ handle, shares: [DOMAIN] }]);
    expect(await social(ben)).toEqual([]);

    await ask(sharing, 'DELETE', ben, { params: { domain: DOMAIN } });
    expect(await social(anna)).toEqual([]);
    const renewal = await share(ben, { items, sent_at: clock, renewal: true });
    expect(renewal.json()).toMatchObject({ sharing: false, likes: 0 });
    expect(await social(anna)).toEqual([]);
  });

  it('accepts any id of an item, and counts each item once', async () => {
    const engine = await getEngine(DOMAIN);
    const item = engine.popular(200).find(({ external }) => Object.values(external).length > 0);
    const [anna, ben] = [await agree('Anna'), await agree('Ben')];
    await followPerson(anna, ben);
    const at = Date.now();
    const ids = item ? [item.id, ...Object.values(item.external)] : await someItems(1);
    const receipt = await share(ben, { items: [...ids, ...ids].map((id) => ({ id, at })), sent_at: at });
    expect(receipt.json()).toMatchObject({ likes: 1 });
    expect((await social(anna)).map(({ id }) => id)).toEqual([ids[0]]);
  });

  it('says what is wrong with a body', async () => {
    const cookie = await agree();
    const like = { id: 'x', at: 0 };
    const bad: [object, number, string | undefined][] = [
      [{ items: Array(5001).fill(like) }, 400, 'items'],
      [{ items: [{ id: 'x' }] }, 400, 'items[0].at'],
      [{ items: [{ id: '', at: 0 }] }, 400, 'items[0].id'],
      [{ items: [like], sent_at: 'now' }, 400, 'sent_at'],
      [{ items: [like], visitor: randomUUID() }, 400, undefined],
    ];
    for (const [body, status, field] of bad) {
      const answer = await share(cookie, body);
      expect([answer.status, errorOf(answer).field]).toEqual([status, field]);
    }
    const elsewhere = await share(cookie, { items: [] }, 'no-such-domain');
    expect([elsewhere.status, errorOf(elsewhere).code]).toEqual([404, 'DOMAIN_NOT_FOUND']);
    expect((await seen(cookie)).sharing).toEqual([]);
  });

  it('limits how often likes are shared, but not how often sharing is stopped', async () => {
    const [anna, ben] = [await agree('Anna'), await agree('Ben')];
    vi.stubEnv('INKPICK_RATE_LIMIT', '100000');
    const statuses: number[] = [];
    for (let i = 0; i < 30; i++) statuses.push((await share(ben, { items: [] })).status);
    expect(statuses).toEqual(Array(30).fill(200));
    const refused = await share(ben, { items: [] });
    expect([refused.status, errorOf(refused).code]).toEqual([429, 'RATE_LIMITED']);
    expect((await share(anna, { items: [] })).status).toBe(200);
    expect((await ask(sharing, 'DELETE', ben, { params: { domain: DOMAIN } })).status).toBe(200);
    expect((await seen(ben)).sharing).toEqual([]);
  });

  it('is part of the visitor’s stored data, and is erased with it', async () => {
    const [anna, ben] = [await agree('Anna'), await agree('Ben')];
    await followPerson(anna, ben);
    const [id] = await someItems(1);
    await share(ben, { items: [{ id, at: Date.now() }] });
    const { held } = (await ask(me, 'GET', ben)).json<{ held: Record<string, unknown> }>();
    expect(held).toMatchObject({ sharing: [DOMAIN], sharedLikes: [{ item: id }], followers: 1 });
    await ask(me, 'DELETE', ben);
    expect(await social(anna)).toEqual([]);
    expect(await seen(anna)).toMatchObject({ following: [] });
    expect((await share(ben, { items: [] })).status).toBe(403);
    expect((await ask(friends, 'GET', ben)).status).toBe(403);
  });
});
