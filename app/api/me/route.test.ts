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
const readData = async (cookie: string) =>
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

describe('the stored data of a visitor', () => {
  it('is empty before they agree', async () => {
    expect((await call(me, 'GET')).json()).toEqual({ agreed: false });
    const refused = await send(await batchOf());
    expect([refused.status, refused.json<{ error: { code: string } }>().error.code]).toEqual([403, 'CONSENT_REQUIRED']);
    expect((await call(me, 'POST', { body: { agree: false } })).status).toBe(400);
    expect((await call(me, 'POST', { body: {} })).status).toBe(400);
  });

  it('belongs to a cookie that scripts cannot read and other sites cannot send', async () => {
    const { headers } = await call(me, 'POST', { body: { agree: true } });
    const [cookie] = headers.getSetCookie();
    expect(cookie).toMatch(/; HttpOnly/i);
    expect(cookie).toMatch(/; SameSite=Lax/i);
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(cookie).toMatch(/^inkpick=/);
    expect(cookie).not.toMatch(/; Secure/i);
  });

  it('expires counting from the last cookie that was set, whatever else the request has', async () => {
    const cookie = await agree();
    const seenAt = async () => Date.parse(String((await readData(cookie)).held!.about.seenAt));
    for (const profile of [undefined, { language: 'nl' }]) {
      const before = await seenAt();
      await new Promise((resolve) => setTimeout(resolve, 10));
      expect((await call(me, 'POST', { body: { agree: true, profile }, headers: { cookie } })).status).toBe(200);
      expect(await seenAt()).toBeGreaterThan(before);
    }
  });

  it('belongs, behind TLS, to a cookie that only this host can set', async () => {
    for (const proto of ['https', 'https, http']) {
      const encrypted = { 'x-forwarded-proto': proto };
      for (const method of ['POST', 'DELETE']) {
        const { headers } = await call(me, method, {
          headers: encrypted,
          body: method === 'POST' ? { agree: true } : undefined,
        });
        // Browsers require these of the prefix and refuse the cookie otherwise.
        const [cookie] = headers.getSetCookie();
        expect(cookie).toMatch(/^__Host-inkpick=/);
        expect(cookie).toMatch(/; Secure/i);
        expect(cookie).toMatch(/; Path=\/(;|$)/i);
        expect(cookie).not.toMatch(/; Domain/i);
      }
    }
  });

  it('is not available, behind TLS, by a cookie that another host of the domain may have set', async () => {
    const encrypted = { 'x-forwarded-proto': 'https' };
    const seen = async (cookie: string) =>
      (await call(me, 'GET', { headers: { ...encrypted, cookie } })).json<{ held?: { about: { language: string } } }>();
    const visitor = async (language: string) => {
      const body = { agree: true, profile: { language } };
      return cookieOf((await call(me, 'POST', { headers: encrypted, body })).headers)!;
    };
    const [mine, theirs] = [await visitor('nl'), await visitor('fr')];
    // The attacker's own cookie, which has a valid signature, under the name that any host of the domain can set.
    const tossed = theirs.replace('__Host-', '');
    expect(await seen(tossed)).toEqual({ agreed: false });
    for (const cookie of [`${tossed}; ${mine}`, `${mine}; ${tossed}`]) {
      expect((await seen(cookie)).held?.about.language).toBe('nl');
    }
    // Nor under similar names.
    for (const look of [
      `__host-${tossed}`,
      `__Host-inkpick =x; \u00a0__Host-${tossed}`,
      `"__Host-${tossed}"`,
      `=__Host-${tossed}`,
    ]) {
      expect(await seen(look), look).toEqual({ agreed: false });
    }
    // Without TLS only the name without the prefix counts.
    expect(await readData(mine)).toEqual({ agreed: false });
  });

  it('can be read, exported and erased', async () => {
    const cookie = await agree({ language: 'nl' });
    const batch = await batchOf();
    expect((await send(batch, { cookie })).json()).toEqual({ accepted: 1, duplicates: 0, unknown: 0 });
    const before = await readData(cookie);
    expect(before.held!.about).toMatchObject({ language: 'nl' });
    expect(before.held!.events.map(({ id }) => id)).toEqual([batch.events[0].id]);
    expect(before.held!.opinions).toHaveLength(1);
    const erased = await call(me, 'DELETE', { headers: { cookie } });
    expect(cookieOf(erased.headers)).toBeUndefined();
    expect(await readData(cookie)).toEqual({ agreed: false });
    // A batch sent before is refused.
    expect((await send(await batchOf(), { cookie })).status).toBe(403);
    // A copy of the old cookie stays invalid when they agree again.
    const again = await call(me, 'POST', { body: { agree: true }, headers: { cookie } });
    expect(await readData(cookie)).toEqual({ agreed: false });
    expect((await readData(cookieOf(again.headers)!)).held!.events).toEqual([]);
    expect((await readData(cookieOf(again.headers)!)).held!.about.id).not.toBe(before.held!.about.id);
  });

  it('has events whose ids are in capitals under the ids in small letters, and the other events of their batch', async () => {
    const [a, b, c] = [await agree(), await agree(), await agree()];
    const inCapitals = await batchOf();
    inCapitals.events[0].id = inCapitals.events[0].id.toUpperCase();
    const answers = await Promise.all([
      send(await batchOf(), { cookie: a }),
      send(inCapitals, { cookie: b }),
      send(await batchOf(), { cookie: c }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers.map((answer) => answer.json<{ accepted: number }>().accepted)).toEqual([1, 1, 1]);
    expect((await send(inCapitals, { cookie: b })).json()).toEqual({ accepted: 0, duplicates: 1, unknown: 0 });
    expect((await readData(b)).held!.events.map(({ id }) => id)).toEqual([inCapitals.events[0].id.toLowerCase()]);
  });

  it('has exposures of existing experiments only', async () => {
    const cookie = await agree();
    const list = randomUUID();
    const made = Array.from({ length: 30 }, (_, i) => `e${i}:v`).join();
    await send(await batchOf('impression', { list, variant: made, diversity: 0.5 }), { cookie });
    await send(await batchOf('impression', { list, variant: `made:up,diversity:varied,diversity:usual` }), { cookie });
    const { experiments } = (await readData(cookie)).held as unknown as { experiments: { experiment: string }[] };
    expect(experiments.map(({ experiment }) => experiment)).toEqual(['diversity']);
  });

  it('does not give another daily vote to a visitor who has it erased and agrees again by the same cookie', async () => {
    vi.stubEnv('INKPICK_RATE_LIMIT', '100000');
    const headers = { 'x-forwarded-for': '198.51.100.77' };
    const again = async (cookie?: string) =>
      call(me, 'POST', { body: { agree: true }, headers: { ...headers, ...(cookie && { cookie }) } });
    const cookie = cookieOf((await again()).headers)!;
    // A known visitor can agree any number of times.
    for (let i = 0; i < 40; i++) expect((await again(cookie)).status).toBe(200);
    const statuses = new Set<number>();
    for (let i = 0; i < 40; i++) {
      await call(me, 'DELETE', { headers: { ...headers, cookie } });
      statuses.add((await again(cookie)).status);
    }
    expect([...statuses]).toEqual([200, 429]);
    expect(await readData(cookie)).toEqual({ agreed: false });
  });

  it('can be read often, up to a limit', async () => {
    const [cookie, other] = [await agree(), await agree()];
    vi.stubEnv('INKPICK_RATE_LIMIT', '100000');
    const look = async (cookie: string, address: string) =>
      (await call(me, 'GET', { headers: { cookie, 'x-forwarded-for': address } })).status;
    const statuses: number[] = [];
    for (let i = 0; i < 30; i++) statuses.push(await look(cookie, '198.51.100.78'));
    expect(statuses).toEqual(Array(30).fill(200));
    // The limit is that of one visitor, from any address.
    expect(await look(cookie, '198.51.100.79')).toBe(429);
    expect(await look(other, '198.51.100.78')).toBe(200);
    expect((await call(me, 'DELETE', { headers: { cookie } })).status).toBe(200);
    // Many visitors at one address share a limit.
    for (let i = 0; i < 3; i++) {
      vi.stubEnv('INKPICK_RATE_LIMIT', '0');
      const another = await agree();
      vi.stubEnv('INKPICK_RATE_LIMIT', '100000');
      for (let j = 0; j < 30; j++) await look(another, '198.51.100.78');
    }
    expect(await look(other, '198.51.100.78')).toBe(429);
    expect(await look(other, '198.51.100.79')).toBe(200);
  });

  it('belongs to one visitor: no other, altered or invented cookie reads or changes it', async () => {
    const [mine, other] = [await agree(), await agree()];
    await send(await batchOf(), { cookie: mine });
    expect((await readData(other)).held!.events).toEqual([]);
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
      expect(await readData(cookie)).toEqual({ agreed: false });
      expect((await send(await batchOf(), { cookie })).status).toBe(403);
      await call(me, 'DELETE', { headers: { cookie } });
    }
    expect((await readData(mine)).held!.events).toHaveLength(1);
  });

  it('is not accessible to pages of other sites', async () => {
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
    // The address bar: the visitor may have typed the address.
    expect((await call(me, 'GET', { headers: { cookie, 'sec-fetch-site': 'none' } })).status).toBe(200);
    expect((await readData(cookie)).agreed).toBe(true);
    const own = { cookie, origin: 'http://inkpick.example', 'sec-fetch-site': 'same-origin' };
    expect((await send(await batchOf(), own)).status).toBe(200);
  });
});

describe('events', () => {
  it('count once when the same batch is sent ten times', async () => {
    const cookie = await agree();
    const batch = await batchOf();
    const receipts = await Promise.all(Array.from({ length: 10 }, () => send(batch, { cookie })));
    expect(receipts.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect((await send(batch, { cookie })).json()).toEqual({ accepted: 0, duplicates: 1, unknown: 0 });
    expect((await readData(cookie)).held!.events).toHaveLength(1);
  });

  it('get a time by this server’s clock when that of the device is off by a year', async () => {
    const cookie = await agree();
    const year = 365 * 24 * 3600 * 1000;
    const began = Date.now();
    for (const offset of [-year, year]) {
      const at = Date.now() + offset;
      const events = [{ id: randomUUID(), kind: 'view', domain: DOMAIN, item: await item(), at: at - 60_000 }];
      expect((await send({ sent_at: at, events }, { cookie })).json()).toMatchObject({ accepted: 1 });
    }
    const times = (await readData(cookie)).held!.events.map(({ at }) => Date.parse(at));
    for (const at of times) {
      expect(at).toBeGreaterThanOrEqual(began - 60_000);
      expect(at).toBeLessThanOrEqual(Date.now() - 59_000);
    }
  });

  it('of unknown items and domains are counted as such, and the others are accepted', async () => {
    const cookie = await agree();
    const batch = await batchOf();
    const strange = (await batchOf('like', { item: 'no such course' })).events[0];
    const elsewhere = (await batchOf('like', { domain: 'nowhere' })).events[0];
    const answer = await send({ ...batch, events: [...batch.events, strange, elsewhere] }, { cookie });
    expect(answer.json()).toEqual({ accepted: 1, duplicates: 0, unknown: 2 });
  });

  it('are refused with the field that is wrong', async () => {
    const cookie = await agree();
    const wrong = await send(await batchOf('like', { kind: 'likes' }), { cookie });
    expect(wrong.status).toBe(400);
    expect(wrong.json<{ error: { message: string } }>().error.message).toMatch(
      /events\[0\]\.kind must be one of impression, /,
    );
    const none = await send({ events: [] }, { cookie });
    expect(none.json<{ error: { message: string } }>().error.message).toMatch(/sent_at is missing/);
  });

  it('of API users are accepted from operators only', async () => {
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
