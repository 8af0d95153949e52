import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { getEngine } from '@/lib/server/engines';
import { store } from '@/lib/server/store/store';
import { COOKIE } from '@/lib/server/visitors/identity';
import { POSTGRES } from '@/testing/server/stores';
import { buildTinyArtifacts } from '@/testing/tiny-domain';
import * as events from '../events/route';
import * as me from '../me/route';
import * as recommend from '../recommend/[domain]/route';
import * as experiments from './experiments/route';
import * as exporting from './export/route';
import * as importing from './import/route';
import * as metrics from './metrics/route';
import * as overview from './overview/route';
import * as why from './why/route';

const TOKEN = '0123456789abcdef0123';
const STORES: { name: string; url: () => Promise<string> | undefined }[] = [
  { name: 'PGlite', url: () => undefined },
  ...(POSTGRES ? [{ name: 'Postgres', url: POSTGRES.newDatabase }] : []),
];

type Method = 'GET' | 'POST';
type Route = Record<Method, (request: Request, context: { params: Promise<object> }) => Promise<Response>>;

interface Ask {
  method?: Method;
  body?: string;
  token?: string | null;
  headers?: Record<string, string>;
}

async function call(route: Route, path: string, { method = 'GET', body, token = TOKEN, headers }: Ask = {}) {
  const init = { method, body, headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) } };
  const response = await route[method](new Request(`http://localhost${path}`, init), { params: Promise.resolve({}) });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

const ROUTES: [string, Route, Method][] = [
  ['/api/admin/overview', overview, 'GET'],
  ['/api/admin/experiments', experiments, 'GET'],
  ['/api/admin/metrics', metrics, 'GET'],
  ['/api/admin/why?domain=tiny&user=u', why, 'GET'],
  ['/api/admin/export?what=events', exporting, 'GET'],
  ['/api/admin/import', importing, 'POST'],
];

const publish = (lines: unknown[]) =>
  call(importing, '/api/admin/import', {
    method: 'POST',
    body: lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
  });

describe.each(STORES)('the routes for operators on $name', ({ url }) => {
  let root: string;
  /** The cookie of a visitor, and the visitor's id. */
  let cookie: string;
  let visitor: string;

  beforeAll(async () => {
    vi.stubEnv('INKPICK_RATE_LIMIT', '0');
    vi.stubEnv('INKPICK_DATA', 'memory');
    vi.stubEnv('INKPICK_ADMIN_TOKEN', TOKEN);
    vi.stubEnv('INKPICK_SECRET', randomUUID());
    vi.stubEnv('DATABASE_URL', (await url()) ?? '');
    // Before the build, whose index library has PGlite take itself to be in a browser.
    expect((await store().check()).state).toBe('ready');
    root = await buildTinyArtifacts();
    vi.stubEnv('INKPICK_ARTIFACTS', root);

    const agreed = await call(me, '/api/me', { method: 'POST', body: '{"agree":true}', token: null });
    cookie = agreed.headers.get('set-cookie')!.split(';')[0];
    const { body } = await call(me, '/api/me', { token: null, headers: { cookie } });
    visitor = body.held.about.id;
    const send = (batch: object, headers: Record<string, string> = {}) =>
      call(events, '/api/events', { method: 'POST', body: JSON.stringify({ sent_at: 1000, ...batch }), headers });
    const event = (item: string, kind = 'like') => ({ id: randomUUID(), kind, domain: 'tiny', item, at: 1000 });
    await send({ events: [event('t0'), event('t2', 'impression')] }, { cookie });
    await send({ events: [event('t4'), event('t6')], user: 'shop-42' });
  });
  afterAll(async () => {
    await store().close();
    vi.unstubAllEnvs();
    await rm(root, { recursive: true });
  });

  it.each(ROUTES)('%s is closed if the server has no token, and to wrong tokens', async (path, route, method) => {
    const ask = (token: string | null) =>
      call(route, path, { method, token, ...(method === 'POST' && { body: '{}' }) });
    vi.stubEnv('INKPICK_ADMIN_TOKEN', '');
    for (const token of [null, TOKEN]) {
      const closed = await ask(token);
      expect([closed.status, closed.body.error.code]).toEqual([403, 'FORBIDDEN']);
      expect(closed.body.error.message).toContain('INKPICK_ADMIN_TOKEN');
    }
    vi.stubEnv('INKPICK_ADMIN_TOKEN', TOKEN);
    for (const token of [null, `${TOKEN}x`, TOKEN.slice(1)]) {
      const wrong = await ask(token);
      expect([wrong.status, wrong.body.error.code]).toEqual([401, 'UNAUTHORISED']);
    }
  });

  it.each(ROUTES)('%s is not cached', async (path, route, method) => {
    const { status, headers } = await call(route, path, { method, ...(method === 'POST' && { body: '{}' }) });
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('private, no-store');
  });

  it.each(ROUTES)('%s reveals no visitor’s id', async (path, route, method) => {
    const body = JSON.stringify((await call(route, path, { method, ...(method === 'POST' && { body: '{}' }) })).body);
    expect(visitor).toMatch(/^[0-9a-f-]{36}$/);
    expect(body).not.toContain(visitor);
    expect(body).not.toContain(cookie.slice(COOKIE.length + 1));
  });

  it('overview counts events and trends of each domain', async () => {
    const { body } = await call(overview, '/api/admin/overview');
    expect(body.visitors).toEqual({ agreed: 1, apiUsers: 1 });
    expect(body.store).toMatchObject({ state: 'ready' });
    expect(body.cache).toMatchObject({ state: 'ready' });
    const [tiny] = body.domains;
    expect(tiny).toMatchObject({ id: 'tiny', items: (await getEngine('tiny')).info.itemCount, visitors: 2 });
    expect(tiny.events).toEqual([
      { kind: 'like', hour: 3, day: 3 },
      { kind: 'impression', hour: 1, day: 1 },
    ]);
    for (const window of ['popular', 'day', 'week', 'month']) {
      const trending: { id: string; title: string; weight: number }[] = tiny.trending[window];
      expect(trending.map(({ id }) => id).sort()).toEqual(['t0', 't4', 't6']);
      for (const { title, id } of trending) expect(title).not.toBe(id);
    }
  });

  it('why explains an API user, but no visitor with a cookie', async () => {
    const { body } = await call(why, '/api/admin/why?domain=tiny&user=shop-42&item=t4');
    expect(body).toMatchObject({ known: true, domain: 'tiny', item: { place: 'seen' } });
    expect(body.opinions.map(({ id }: { id: string }) => id).sort()).toEqual(['t4', 't6']);
    const request = new Request('http://localhost/api/recommend/tiny', {
      method: 'POST',
      body: '{"user":"shop-42","top_k":20}',
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    const recommended = await (await recommend.POST(request, { params: Promise.resolve({ domain: 'tiny' }) })).json();
    const ids = (list: { id: string }[]) => list.map(({ id }) => id);
    expect(ids(body.list)).toEqual(ids(recommended.results));
    const other = await call(why, `/api/admin/why?domain=tiny&user=${visitor}`);
    expect(other.body).toMatchObject({ known: false, opinions: [], events: [] });
    for (const [query, status, field] of [
      ['domain=tiny', 400, 'user'],
      ['domain=tiny&user=', 400, 'user'],
      ['domain=nowhere&user=u', 404, 'domain'],
      ['domain=tiny&user=u&item=nothing', 404, 'item'],
    ] as const) {
      const refused = await call(why, `/api/admin/why?${query}`);
      expect([refused.status, refused.body.error.field]).toEqual([status, field]);
    }
  });

  it('export refuses unknown kinds and invalid cursors', async () => {
    for (const [query, field] of [
      ['', 'what'],
      ['what=visitors', 'what'],
      ['what=events&after=x', 'after'],
      ['what=events&after=', 'after'],
    ]) {
      const refused = await call(exporting, `/api/admin/export?${query}`);
      expect([refused.status, refused.body.error.field]).toEqual([400, field]);
    }
  });

  it('import publishes the valid lines and reports the others', async () => {
    const [{ id: taken }] = (await getEngine('tiny')).popular(1);
    const { status, body } = await publish([
      { domain: 'tiny', id: 'new-1', title: 'Amber News', tags: { genres: ['Even'] } },
      '',
      { domain: 'tiny', id: 'new-2' },
      '{"domain": ',
      { domain: 'tiny', id: 'new-1', title: 'Twice' },
      { domain: 'tiny', id: taken, title: 'Taken' },
      { domain: 'nowhere', id: 'new-3', title: 'Lost' },
      { domain: 'tiny', id: 'new-4', title: 'Strange', colour: 'red' },
      '{"domain":"tiny","id":"a\\u0000b","title":"Zero"}',
      { domain: 'tiny', id: 'new-5', title: 'Birch News' },
    ]);
    expect(status).toBe(200);
    expect(body).toMatchObject({ lines: 9, rejected: 7, published: [{ domain: 'tiny', items: 2 }] });
    const reasons = new Map(body.problems.map(({ line, reason }: { line: number; reason: string }) => [line, reason]));
    expect([...reasons.keys()]).toEqual([3, 4, 5, 6, 7, 8, 9]);
    expect(reasons.get(3)).toContain('title is missing');
    expect(reasons.get(4)).toContain('JSON');
    expect(reasons.get(5)).toContain('Line 1');
    expect(reasons.get(6)).toContain(taken);
    expect(reasons.get(7)).toContain('nowhere');
    expect(reasons.get(8)).toContain('colour');
    expect(reasons.get(9)).toContain('U+0000');

    const engine = await getEngine('tiny');
    expect(engine.items(['new-1', 'new-5']).map(({ title }) => title)).toEqual(['Amber News', 'Birch News']);
    const [tiny] = (await call(overview, '/api/admin/overview')).body.domains;
    expect(tiny.newItems).toHaveLength(2);
    expect(tiny.newItems[0]).toMatchObject({ impressions: 0, clicks: 0, audience: 'looking' });
  });

  it('import of exported items changes nothing', async () => {
    const before = (await call(exporting, '/api/admin/export?what=items')).body.rows;
    expect(before.length).toBeGreaterThan(0);
    const { body } = await publish(before);
    expect(body).toMatchObject({ rejected: 0, published: [{ domain: 'tiny', items: before.length }] });
    expect((await call(exporting, '/api/admin/export?what=items')).body.rows).toEqual(before);
  });

  it('import refuses a body without lines and one above a megabyte', async () => {
    expect((await publish(['', ' '])).status).toBe(400);
    expect((await publish(['x'.repeat(1_000_001)])).status).toBe(413);
  });
});
