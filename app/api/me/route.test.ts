import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import * as users from '@/app/api/admin/users/[user]/route';
import * as events from '@/app/api/events/route';
import * as me from '@/app/api/me/route';
import type { EventBatch, EventKind } from '@/lib/contracts/events';
import { getEngine } from '@/lib/server/engines';
import { call, cookieOf } from '@/testing/server/call';

const TOKEN = 'a token that only operators know';
const DOMAIN = 'courses';

beforeEach(() => {
  vi.stubEnv('INKPICK_DATA', 'memory');
  vi.stubEnv('INKPICK_RATE_LIMIT', '0');
  vi.stubEnv('INKPICK_ADMIN_TOKEN', TOKEN);
});

const agree = async (profile?: object) => {
  const answer = await call(me, 'POST', { body: { agree: true, profile } });
  expect(answer.status).toBe(200);
  return cookieOf(answer.headers)!;
};
const held = async (cookie: string) =>
  (await call(me, 'GET', { headers: { cookie } })).json<{
    agreed: boolean;
    held?: { about: Record<string, unknown>; events: { id: string; at: string }[]; opinions: unknown[] };
  }>();
const item = async () => (await getEngine(DOMAIN)).popular(1)[0].id;
const batchOf = async (kind: EventKind = 'like', more: object = {}): Promise<EventBatch> => {
  const at = Date.now();
  return { sent_at: at, events: [{ id: randomUUID(), kind, domain: DOMAIN, item: await item(), at, ...more }] };
};
const send = (body: unknown, headers: Record<string, string> = {}) => call(events, 'POST', { body, headers });

describe('what is held of a visitor', () => {
  it('is nothing before they agree', async () => {
    expect((await call(me, 'GET')).json()).toEqual({ agreed: false });
    const refused = await send(await batchOf());
    expect([refused.status, refused.json<{ error: { code: string } }>().error.code]).toEqual([403, 'CONSENT_REQUIRED']);
    expect((await call(me, 'POST', { body: { agree: false } })).status).toBe(400);
    expect((await call(me, 'POST', { body: {} })).status).toBe(400);
  });

  it('hangs on a cookie that scripts cannot read and other sites cannot send', async () => {
    const { headers } = await call(me, 'POST', { body: { agree: true } });
    const [cookie] = headers.getSetCookie();
    expect(cookie).toMatch(/; HttpOnly/i);
    expect(cookie).toMatch(/; SameSite=Lax/i);
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(cookie).toMatch(/^inkpick=/);
    expect(cookie).not.toMatch(/; Secure/i);
  });

  it('lasts from the last time that a cookie was given, whatever else is said with it', async () => {
    const cookie = await agree();
    const seenAt = async () => Date.parse(String((await held(cookie)).held!.about.seenAt));
    for (const profile of [undefined, { language: 'nl' }]) {
      const before = await seenAt();
      await new Promise((resolve) => setTimeout(resolve, 10));
      expect((await call(me, 'POST', { body: { agree: true, profile }, headers: { cookie } })).status).toBe(200);
      expect(await seenAt()).toBeGreaterThan(before);
    }
  });

  it('hangs behind TLS on a cookie that this host alone can set', async () => {
    for (const proto of ['https', 'https, http']) {
      const encrypted = { 'x-forwarded-proto': proto };
      for (const method of ['POST', 'DELETE']) {
        const { headers } = await call(me, method, {
          headers: encrypted,
          body: method === 'POST' ? { agree: true } : undefined,
        });
        // What browsers ask of the prefix: else they refuse the cookie.
        const [cookie] = headers.getSetCookie();
        expect(cookie).toMatch(/^__Host-inkpick=/);
        expect(cookie).toMatch(/; Secure/i);
        expect(cookie).toMatch(/; Path=\/(;|$)/i);
        expect(cookie).not.toMatch(/; Domain/i);
      }
    }
  });

  it('takes no cookie behind TLS that another host of the domain may have set', async () => {
    const encrypted = { 'x-forwarded-proto': 'https' };
    const seen = async (cookie: string) =>
      (await call(me, 'GET', { headers: { ...encrypted, cookie } })).json<{ held?: { about: { language: string } } }>();
    const visitor = async (language: string) => {
      const body = { agree: true, profile: { language } };
      return cookieOf((await call(me, 'POST', { headers: encrypted, body })).headers)!;
    };
    const [mine, theirs] = [await visitor('nl'), await visitor('fr')];
    // Of an attacker's own visit, and so rightly signed; by the name that any host of the domain may set.
    const tossed = theirs.replace('__Host-', '');
    expect(await seen(tossed)).toEqual({ agreed: false });
    for (const cookie of [`${tossed}; ${mine}`, `${mine}; ${tossed}`]) {
      expect((await seen(cookie)).held?.about.language).toBe('nl');
    }
    // Nor by names that only look like it.
    for (const look of [
      `__host-${tossed}`,
      `__Host-inkpick =x; \u00a0__Host-${tossed}`,
      `"__Host-${tossed}"`,
      `=__Host-${tossed}`,
    ]) {
      expect(await seen(look), look).toEqual({ agreed: false });
    }
    // Without TLS it is the other way round.
    expect(await held(mine)).toEqual({ agreed: false });
  });

  it('can be seen, taken along and erased', async () => {
    const cookie = await agree({ language: 'nl' });
    const batch = await batchOf();
    expect((await send(batch, { cookie })).json()).toEqual({ accepted: 1, duplicates: 0, unknown: 0 });
    const before = await held(cookie);
    expect(before.held!.about).toMatchObject({ language: 'nl' });
    expect(before.held!.events.map(({ id }) => id)).toEqual([batch.events[0].id]);
    expect(before.held!.opinions).toHaveLength(1);
    const erased = await call(me, 'DELETE', { headers: { cookie } });
    expect(cookieOf(erased.headers)).toBeUndefined();
    expect(await held(cookie)).toEqual({ agreed: false });
    // A batch that was on its way comes too late.
    expect((await send(await batchOf(), { cookie })).status).toBe(403);
    // Nor does a copy of the cookie stand for whoever agrees by it again.
    const again = await call(me, 'POST', { body: { agree: true }, headers: { cookie } });
    expect(await held(cookie)).toEqual({ agreed: false });
    expect((await held(cookieOf(again.headers)!)).held!.events).toEqual([]);
    expect((await held(cookieOf(again.headers)!)).held!.about.id).not.toBe(before.held!.about.id);
  });

  it('takes events by ids in capitals as by the same in small letters, and those that come with them', async () => {
    const [a, b, c] = [await agree(), await agree(), await agree()];
    const shouted = await batchOf();
    shouted.events[0].id = shouted.events[0].id.toUpperCase();
    const answers = await Promise.all([
      send(await batchOf(), { cookie: a }),
      send(shouted, { cookie: b }),
      send(await batchOf(), { cookie: c }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers.map((answer) => answer.json<{ accepted: number }>().accepted)).toEqual([1, 1, 1]);
    expect((await send(shouted, { cookie: b })).json()).toEqual({ accepted: 0, duplicates: 1, unknown: 0 });
    expect((await held(b)).held!.events.map(({ id }) => id)).toEqual([shouted.events[0].id.toLowerCase()]);
  });

  it('is told of experiments only under those that there are', async () => {
    const cookie = await agree();
    const list = randomUUID();
    const made = Array.from({ length: 30 }, (_, i) => `e${i}:v`).join();
    await send(await batchOf('impression', { list, variant: made, diversity: 0.5 }), { cookie });
    await send(await batchOf('impression', { list, variant: `made:up,diversity:varied,diversity:usual` }), { cookie });
    const { experiments } = (await held(cookie)).held as unknown as { experiments: { experiment: string }[] };
    expect(experiments.map(({ experiment }) => experiment)).toEqual(['diversity']);
  });

  it('does not give another voice to whoever has everything erased and agrees by the same cookie again', async () => {
    vi.stubEnv('INKPICK_RATE_LIMIT', '100000');
    const headers = { 'x-forwarded-for': '198.51.100.77' };
    const again = async (cookie?: string) =>
      call(me, 'POST', { body: { agree: true }, headers: { ...headers, ...(cookie && { cookie }) } });
    const cookie = cookieOf((await again()).headers)!;
    // Whoever is known may say so as often as they like.
    for (let i = 0; i < 40; i++) expect((await again(cookie)).status).toBe(200);
    const statuses = new Set<number>();
    for (let i = 0; i < 40; i++) {
      await call(me, 'DELETE', { headers: { ...headers, cookie } });
      statuses.add((await again(cookie)).status);
    }
    expect([...statuses]).toEqual([200, 429]);
    expect(await held(cookie)).toEqual({ agreed: false });
  });

  it('may be looked at as often as anybody wants to, and not without end', async () => {
    const [cookie, other] = [await agree(), await agree()];
    vi.stubEnv('INKPICK_RATE_LIMIT', '100000');
    const look = async (cookie: string, address: string) =>
      (await call(me, 'GET', { headers: { cookie, 'x-forwarded-for': address } })).status;
    const statuses: number[] = [];
    for (let i = 0; i < 30; i++) statuses.push(await look(cookie, '198.51.100.78'));
    expect(statuses).toEqual(Array(30).fill(200));
    // By the visitor, wherever they are, and theirs alone.
    expect(await look(cookie, '198.51.100.79')).toBe(429);
    expect(await look(other, '198.51.100.78')).toBe(200);
    expect((await call(me, 'DELETE', { headers: { cookie } })).status).toBe(200);
    // Nor by being many.
    for (let i = 0; i < 3; i++) {
      vi.stubEnv('INKPICK_RATE_LIMIT', '0');
      const another = await agree();
      vi.stubEnv('INKPICK_RATE_LIMIT', '100000');
      for (let j = 0; j < 30; j++) await look(another, '198.51.100.78');
    }
    expect(await look(other, '198.51.100.78')).toBe(429);
    expect(await look(other, '198.51.100.79')).toBe(200);
  });

  it('is its visitor’s alone: no other cookie, altered cookie or made-up one shows or changes it', async () => {
    const [mine, other] = [await agree(), await agree()];
    await send(await batchOf(), { cookie: mine });
    expect((await held(other)).held!.events).toEqual([]);
    const [name, value] = mine.split('=');
    const [id, signature] = decodeURIComponent(value).split(/\.(.*)/s);
    for (const forged of [
      id,
      `${id}.`,
      `${randomUUID()}.${signature}`,
      `${id}.${signature.slice(0, -2)}`,
      `${id}.x`,
      'x.y',
    ]) {
      const cookie = `${name}=${encodeURIComponent(forged)}`;
      expect(await held(cookie)).toEqual({ agreed: false });
      expect((await send(await batchOf(), { cookie })).status).toBe(403);
      await call(me, 'DELETE', { headers: { cookie } });
    }
    expect((await held(mine)).held!.events).toHaveLength(1);
  });

  it('cannot be touched by pages of other sites', async () => {
    const cookie = await agree();
    const foreign: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://elsewhere.example' },
      { origin: 'null' },
    ];
    for (const headers of foreign) {
      expect((await send(await batchOf(), { cookie, ...headers })).status).toBe(403);
      expect((await call(me, 'DELETE', { headers: { cookie, ...headers } })).status).toBe(403);
      expect((await call(me, 'POST', { body: { agree: true }, headers })).status).toBe(403);
      expect((await call(me, 'GET', { headers: { cookie, ...headers } })).status).toBe(403);
    }
    expect((await call(me, 'GET')).headers.get('cross-origin-resource-policy')).toBe('same-origin');
    // By its address, as the visitor may have typed it.
    expect((await call(me, 'GET', { headers: { cookie, 'sec-fetch-site': 'none' } })).status).toBe(200);
    expect((await held(cookie)).agreed).toBe(true);
    const own = { cookie, origin: 'http://inkpick.example', 'sec-fetch-site': 'same-origin' };
    expect((await send(await batchOf(), own)).status).toBe(200);
  });
});

describe('events', () => {
  it('count once, though the same batch comes ten times', async () => {
    const cookie = await agree();
    const batch = await batchOf();
    const receipts = await Promise.all(Array.from({ length: 10 }, () => send(batch, { cookie })));
    expect(receipts.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect((await send(batch, { cookie })).json()).toEqual({ accepted: 0, duplicates: 1, unknown: 0 });
    expect((await held(cookie)).held!.events).toHaveLength(1);
  });

  it('have the time of this server, though the clock of the device is off by a year', async () => {
    const cookie = await agree();
    const year = 365 * 24 * 3600 * 1000;
    const began = Date.now();
    for (const offset of [-year, year]) {
      const at = Date.now() + offset;
      const events = [{ id: randomUUID(), kind: 'view', domain: DOMAIN, item: await item(), at: at - 60_000 }];
      expect((await send({ sent_at: at, events }, { cookie })).json()).toMatchObject({ accepted: 1 });
    }
    const times = (await held(cookie)).held!.events.map(({ at }) => Date.parse(at));
    for (const at of times) {
      expect(at).toBeGreaterThanOrEqual(began - 60_000);
      expect(at).toBeLessThanOrEqual(Date.now() - 59_000);
    }
  });

  it('of what is not there are told apart, and keep nothing from the others', async () => {
    const cookie = await agree();
    const batch = await batchOf();
    const strange = (await batchOf('like', { item: 'no such course' })).events[0];
    const elsewhere = (await batchOf('like', { domain: 'nowhere' })).events[0];
    const answer = await send({ ...batch, events: [...batch.events, strange, elsewhere] }, { cookie });
    expect(answer.json()).toEqual({ accepted: 1, duplicates: 0, unknown: 2 });
  });

  it('say what is wrong with them', async () => {
    const cookie = await agree();
    const wrong = await send(await batchOf('like', { kind: 'likes' }), { cookie });
    expect(wrong.status).toBe(400);
    expect(wrong.json<{ error: { message: string } }>().error.message).toMatch(
      /events\[0\]\.kind must be one of impression, /,
    );
    const none = await send({ events: [] }, { cookie });
    expect(none.json<{ error: { message: string } }>().error.message).toMatch(/sent_at is missing/);
  });

  it('are sent for users of the API by operators alone', async () => {
    const batch = { ...(await batchOf()), user: 'customer 7' };
    expect((await send(batch)).status).toBe(401);
    expect((await send(batch, { authorization: `Bearer ${TOKEN}x` })).status).toBe(401);
    expect((await send(batch, { authorization: `Bearer ${TOKEN}` })).json()).toMatchObject({ accepted: 1 });
    const eraseUser = (headers: Record<string, string>) =>
      call(users, 'DELETE', { params: { user: 'customer 7' }, headers });
    expect((await eraseUser({})).status).toBe(401);
    expect((await send(batch, { authorization: `Bearer ${TOKEN}` })).json()).toMatchObject({ duplicates: 1 });
    expect((await eraseUser({ authorization: `Bearer ${TOKEN}` })).status).toBe(200);
    expect((await send(batch, { authorization: `Bearer ${TOKEN}` })).json()).toMatchObject({ accepted: 1 });
    vi.stubEnv('INKPICK_ADMIN_TOKEN', '');
    expect((await send(batch, { authorization: `Bearer ${TOKEN}` })).status).toBe(403);
  });
});
