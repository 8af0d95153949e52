import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type DomainInfo, type ItemSummary, MODES, type ScoreTerm } from '@/lib/contracts/engine';
import { getEngine } from '@/lib/server/engines';
import { MAX_BODY_BYTES } from '@/lib/server/http/input';
import { tinyArtifacts } from '@/testing/tiny-artifacts';
import * as recommendAtFirstAddress from '../recommend/[domain]/route';
import { ADDRESSES } from './[[...path]]/addresses';
import * as elsewhere from './[[...path]]/route';
import * as domains from './domains/route';
import * as live from './health/live/route';
import * as ready from './health/ready/route';
import * as items from './items/[domain]/[id]/route';
import * as onboarding from './onboarding/route';
import * as popular from './popular/[domain]/route';
import * as recommend from './recommend/[domain]/route';
import * as search from './search/[domain]/route';
import * as similarItems from './similar/[domain]/[id]/route';

const DOMAIN = 'tiny';
let root: string;
let info: DomainInfo;
let catalog: ItemSummary[];

beforeAll(async () => {
  root = await tinyArtifacts();
  vi.stubEnv('INKPICK_ARTIFACTS', root);
  vi.stubEnv('INKPICK_RATE_LIMIT', '0');
  const engine = await getEngine(DOMAIN);
  info = engine.info;
  catalog = engine.popular(info.itemCount);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

afterEach(() => vi.restoreAllMocks());

interface Result {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: any JSON; each test checks its shape.
  body: any;
}

type RouteHandler<P> = (request: Request, context: { params: Promise<P> }) => Promise<Response>;

async function call<P>(handler: RouteHandler<P>, path: string, params: P, init?: RequestInit): Promise<Result> {
  const response = await handler(new Request(`http://localhost${path}`, init), { params: Promise.resolve(params) });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

const ask = (query: string, domain = DOMAIN) =>
  call(recommend.GET, `/api/recommend/${domain}${query && `?${query}`}`, { domain });
const post = (body: unknown, domain = DOMAIN) =>
  call(recommend.POST, `/api/recommend/${domain}`, { domain }, { method: 'POST', body: JSON.stringify(body) });
const onboard = (body: unknown) =>
  call(onboarding.POST, '/api/onboarding', {}, { method: 'POST', body: JSON.stringify(body) });
const find = (query: string) => call(search.GET, `/api/search/${DOMAIN}?${query}`, { domain: DOMAIN });

const ids = (results: { id: string }[]) => results.map(({ id }) => id);

describe('GET /api/recommend/[domain]', () => {
  it('recommends for one item in every mode, best first, without that item', async () => {
    for (const mode of MODES) {
      const { status, body } = await ask(`item_id=${catalog[0].id}&top_k=5&mode=${mode}`);
      expect(status).toBe(200);
      expect(body).toMatchObject({ domain: DOMAIN, mode, unknown: [] });
      expect(body.latency_ms).toBeGreaterThanOrEqual(0);
      expect(body.results).toHaveLength(5);
      expect(ids(body.results)).not.toContain(catalog[0].id);
      for (const result of body.results) {
        expect(Object.keys(result).sort()).toEqual(
          ['creators', 'id', 'links', 'reasons', 'score', 'tags', 'terms', 'title', 'year'].sort(),
        );
        const sum = result.terms.reduce((total: number, { contribution }: ScoreTerm) => total + contribution, 0);
        expect(sum).toBeCloseTo(result.score, 4);
      }
      const scores = body.results.map(({ score }: { score: number }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
    }
  });

  it('returns ten items by default', async () => {
    expect((await ask(`item_id=${catalog[0].id}`)).body.results).toHaveLength(10);
  });

  it('takes several items, and α and diversity set by hand', async () => {
    const { status, body } = await ask(
      `item_id=${catalog[0].id}&item_id=${catalog[1].id}&alpha=0.25&diversity=.5&top_k=7`,
    );
    expect(status).toBe(200);
    expect(body.alpha).toBe(0.25);
    expect(body.results).toHaveLength(7);
    expect(ids(body.results)).not.toContain(catalog[1].id);
  });

  it('accepts external ids', async () => {
    const named = catalog.find(({ external }) => Object.keys(external).length > 0)!;
    const [external] = Object.values(named.external);
    const byOwn = await ask(`item_id=${encodeURIComponent(named.id)}`);
    const byExternal = await ask(`item_id=${encodeURIComponent(external)}`);
    expect(byExternal.status).toBe(200);
    expect(byExternal.body.results).toEqual(byOwn.body.results);
  });

  it('falls back to popular items without any item, and keeps the requested mode', async () => {
    for (const mode of MODES) {
      const { status, body } = await ask(`mode=${mode}&top_k=5`);
      expect(status).toBe(200);
      expect(body.mode).toBe(mode);
      expect(ids(body.results)).toEqual(ids(catalog.slice(0, 5)));
      for (const { reasons } of body.results) expect(reasons).toEqual([expect.objectContaining({ kind: 'popular' })]);
    }
  });

  it('gives the same response at the first address, /recommend/[domain]', async () => {
    const path = `/recommend/${DOMAIN}?item_id=${catalog[0].id}`;
    const { body, status } = await call(recommendAtFirstAddress.GET, path, { domain: DOMAIN });
    expect(status).toBe(200);
    expect(body.results).toEqual((await ask(`item_id=${catalog[0].id}`)).body.results);
  });

  it('gives equal responses to equal requests, and lets no cache store them', async () => {
    const once = await ask(`item_id=${catalog[2].id}`);
    const again = await ask(`item_id=${catalog[2].id}`);
    expect(again.body).toEqual(once.body);
    expect(once.headers.get('cache-control')).toBe('private, no-store');
  });

  it('rounds numbers to six decimals', async () => {
    const { body } = await ask(`item_id=${catalog[0].id}&item_id=${catalog[3].id}&top_k=20`);
    const decimals = (value: number) => (String(value).split('.')[1] ?? '').length;
    for (const { score, reasons } of body.results) {
      expect(decimals(score)).toBeLessThanOrEqual(6);
      for (const { share = 0 } of reasons) expect(decimals(share)).toBeLessThanOrEqual(6);
    }
  });

  it('refuses unknown ids, and names the nearest titles if the id is a title', async () => {
    const { title, id, year } = catalog[0];
    const { status, body } = await ask(`item_id=${encodeURIComponent(title)}`);
    expect(status).toBe(404);
    expect(body.error).toMatchObject({ code: 'ITEM_NOT_FOUND', field: 'item_id' });
    expect(body.error.nearest[0]).toEqual({ id, title, year });
    expect((await ask(`item_id=${id}&item_id=long-gone`)).status).toBe(404);
  });

  it('lists the domains for an unknown one', async () => {
    for (const domain of ['cinemas', '__proto__', 'constructor', '..', '', '🎬', 'x'.repeat(10_000)]) {
      const { status, body } = await ask('', domain);
      expect(status).toBe(404);
      expect(body.error).toMatchObject({ code: 'DOMAIN_NOT_FOUND', domains: [DOMAIN] });
      expect(body.error.message).toContain(DOMAIN);
    }
  });

  it.each([
    ['top_k', '-1'],
    ['top_k', '0'],
    ['top_k', '101'],
    ['top_k', '1e9'],
    ['top_k', 'NaN'],
    ['top_k', ''],
    ['top_k', '2.5'],
    ['top_k', '🎬'],
    ['top_k', '5&top_k=5'],
    ['mode', 'hybird'],
    ['mode', '__proto__'],
    ['mode', 'hybrid&mode=content'],
    ['alpha', '1.5'],
    ['alpha', 'Infinity'],
    ['diversity', '-0.1'],
    ['diversity', ''],
  ])('refuses %s=%s', async (field, value) => {
    const { status, body } = await ask(`${field}=${value}`);
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code: 'INVALID_REQUEST', field });
    expect(body.error.message).toMatch(new RegExp(`^${field} must be `));
  });

  it('refuses an empty item_id and one that is too long', async () => {
    for (const value of ['', 'x'.repeat(10_000)]) {
      const { status, body } = await ask(`item_id=${value}`);
      expect(status).toBe(400);
      expect(body.error.field).toBe('item_id[0]');
    }
  });
});

describe('GET /api/similar/[domain]/[id]', () => {
  const similar = (id: string, query = '', domain = DOMAIN) =>
    call(similarItems.GET, `/api/similar/${domain}/${encodeURIComponent(id)}${query}`, { domain, id });

  it('recommends items like one item, by own or external id, without it', async () => {
    const named = catalog.find(({ external }) => Object.keys(external).length > 0)!;
    const { status, body } = await similar(named.id, '?top_k=7');
    expect(status).toBe(200);
    expect(body.results).toHaveLength(7);
    expect(ids(body.results)).not.toContain(named.id);
    expect(Object.keys(body)).toEqual(Object.keys((await ask(`item_id=${named.id}`)).body));
    for (const id of Object.values(named.external))
      expect(ids((await similar(id, '?top_k=7')).body.results)).toEqual(ids(body.results));
  });

  it('responds 404 to an unknown id, whatever it contains, and 400 to a query that it does not understand', async () => {
    for (const id of ['a/b', '..', '100%', '%2e%2e', '__proto__', '']) {
      const { status, body } = await similar(id);
      expect(status, id).toBe(id === '' ? 400 : 404);
      expect(body.error.message.length).toBeGreaterThan(0);
    }
    for (const query of ['?top_k=0', '?top_k=101', '?discovery=2', '?diversity=-1'])
      expect((await similar(catalog[0].id, query)).status, query).toBe(400);
    expect((await similar(catalog[0].id, '', 'nowhere')).status).toBe(404);
  });

  it('has better or less known items by discovery', async () => {
    const known = async (discovery: number) => {
      const { body } = await similar(catalog[3].id, `?top_k=8&discovery=${discovery}`);
      return catalog.filter(({ id }) => ids(body.results).includes(id)).reduce((sum, item) => sum + item.popularity, 0);
    };
    expect(await known(-1)).toBeGreaterThan(await known(1));
  });
});

describe('POST /api/recommend/[domain]', () => {
  it('gives the response of GET for the same history, in every form of its entries', async () => {
    const [{ id }] = catalog;
    const { results } = (await ask(`item_id=${id}`)).body;
    for (const entry of [id, { id }, { item: id }, { item: id, value: 1 }]) {
      expect((await post({ history: [entry] })).body.results).toEqual(results);
    }
  });

  it('computes equal requests once, in whatever form they are written', async () => {
    const recommend = vi.spyOn(await getEngine(DOMAIN), 'recommend');
    const { id } = catalog[7];
    const first = await ask(`item_id=${id}&top_k=9&mode=content`);
    const posted = await post({ mode: 'content', top_k: 9, history: [{ value: 1, item: id }] });
    const reordered = await post({ history: [id], top_k: 9, mode: 'content' });
    expect(recommend).toHaveBeenCalledTimes(1);
    expect([posted.body, reordered.body]).toEqual([first.body, first.body]);
  });

  it('leaves out hidden items, and ranks only the candidates if there are any', async () => {
    const [liked, hidden, ...others] = ids(catalog);
    const withHidden = await post({ history: [liked], hidden: [hidden], top_k: info.itemCount });
    expect(ids(withHidden.body.results)).not.toContain(hidden);
    const candidates = others.slice(0, 4);
    const ranked = await post({ history: [liked], candidates });
    expect(ids(ranked.body.results).sort()).toEqual([...candidates].sort());
  });

  it('ignores ids that do not exist, and lists them', async () => {
    const { status, body } = await post({ history: [catalog[0].id, 'long-gone', { item: '🎬', value: -1 }] });
    expect(status).toBe(200);
    expect(body.unknown).toEqual(['long-gone', '🎬']);
    expect(body.results).toHaveLength(10);
  });

  it('responds 404 if no item of the history exists', async () => {
    const { status, body } = await post({ history: ['long-gone', 'gone too'] });
    expect(status).toBe(404);
    expect(body.error).toMatchObject({ code: 'ITEM_NOT_FOUND', field: 'history' });
  });

  it('accepts dislikes, timestamps, interests and an empty history', async () => {
    const history = [
      { item: catalog[0].id, value: -1, timestamp: 1_700_000_000 },
      { item: catalog[1].id, value: 0.5 },
    ];
    expect((await post({ history, interests: [info.interests[0].id] })).status).toBe(200);
    expect(ids((await post({})).body.results)).toEqual(ids(catalog.slice(0, 10)));
  });

  it('accepts a history of 5,000 items, and no longer one', async () => {
    const history = Array.from({ length: 5000 }, (_, i) => catalog[i % 5].id);
    expect((await post({ history })).status).toBe(200);
    const { status, body } = await post({ history: [...history, catalog[0].id] });
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ field: 'history', message: 'history must hold at most 5,000, not 5001.' });
  });

  it.each([
    [[], undefined],
    [null, undefined],
    ['text', undefined],
    [{ history: 'x' }, 'history'],
    [{ history: [null] }, 'history[0]'],
    [{ history: [{}] }, 'history[0]'],
    [{ history: [{ item: 'a', id: 'b' }] }, 'history[0]'],
    [{ history: [1.5] }, 'history[0].item'],
    [{ history: [{ item: 'a', value: 5 }] }, 'history[0].value'],
    [{ history: [{ item: 'a', value: 'NaN' }] }, 'history[0].value'],
    [{ history: [{ item: 'a', timestamp: -1 }] }, 'history[0].timestamp'],
    [{ top_k: 1001 }, 'top_k'],
    [{ top_k: '5' }, 'top_k'],
    [{ hidden: {} }, 'hidden'],
    [{ mode: ['hybrid'] }, 'mode'],
    [{ alpha: null }, 'alpha'],
  ])('refuses %j', async (body, field) => {
    const result = await post(body);
    expect(result.status).toBe(400);
    expect(result.body.error.code).toBe('INVALID_REQUEST');
    expect(result.body.error.field).toBe(field);
  });

  it('refuses a body above a megabyte', async () => {
    const { status, body } = await post({ history: ['x'.repeat(MAX_BODY_BYTES)] });
    expect(status).toBe(413);
    expect(body.error.code).toBe('PAYLOAD_TOO_LARGE');
  });

  it('treats prototype keys like other keys', async () => {
    for (const key of ['__proto__', 'constructor', 'toString']) {
      const { status, body } = await call(
        recommend.POST,
        `/api/recommend/${DOMAIN}`,
        { domain: DOMAIN },
        { method: 'POST', body: `{"${key}": {"top_k": 3}, "history": ["${catalog[0].id}"]}` },
      );
      expect(status === 400 || body.results.length === 10).toBe(true);
    }
  });

  it('refuses an unknown field by its name', async () => {
    const { status, body } = await call(
      recommend.POST,
      `/api/recommend/${DOMAIN}`,
      { domain: DOMAIN },
      { method: 'POST', body: '{"histroy": []}' },
    );
    expect(status).toBe(400);
    expect(body.error.message).toContain('histroy');
  });
});

describe('GET /api/search/[domain]', () => {
  it('finds by title', async () => {
    const { status, body } = await find(`q=${encodeURIComponent(catalog[0].title)}&limit=3`);
    expect(status).toBe(200);
    expect(body.results[0]).toMatchObject({ id: catalog[0].id, title: catalog[0].title, match: 'exact' });
    expect(body.results.length).toBeLessThanOrEqual(3);
  });

  it('accepts queries in any script, and refuses empty ones and those that are too long', async () => {
    for (const q of ['🎬🍿', 'Крёстный отец', '教父', 'العراب', '\u0000', '%', '__proto__']) {
      expect((await find(`q=${encodeURIComponent(q)}`)).status).toBe(200);
    }
    for (const query of ['', 'q=', 'q=%20', `q=${'x'.repeat(10_000)}`, 'q=a&q=b']) {
      const { status, body } = await find(query);
      expect(status).toBe(400);
      expect(body.error.field).toBe('q');
    }
    expect((await find('q=a&limit=1e9')).body.error.field).toBe('limit');
  });
});

describe('GET /api/popular/[domain]', () => {
  const get = (query: string) => call(popular.GET, `/api/popular/${DOMAIN}?${query}`, { domain: DOMAIN });

  it('pages through the catalog', async () => {
    const { status, body, headers } = await get('limit=5&offset=5');
    expect(status).toBe(200);
    expect(body).toMatchObject({ domain: DOMAIN, total: info.itemCount, offset: 5 });
    expect(body.results).toEqual(catalog.slice(5, 10).map((item) => ({ ...item, level: 'prior' })));
    // Popular items change by the minute.
    expect(headers.get('cache-control')).toBe('public, max-age=2');
    expect((await get('offset=1000000')).body.results).toEqual([]);
  });

  it('responds 304 to a client that has the response', async () => {
    const etag = (await get('limit=3')).headers.get('etag')!;
    const init = { headers: { 'If-None-Match': etag } };
    const again = await popular.GET(new Request(`http://localhost/api/popular/${DOMAIN}?limit=3`, init), {
      params: Promise.resolve({ domain: DOMAIN }),
    });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  it.each(['limit=0', 'limit=101', 'offset=-1', 'offset=1e99'])('refuses %s', async (query) => {
    expect((await get(query)).status).toBe(400);
  });
});

describe('GET /api/items/[domain]/[id]', () => {
  const get = (id: string) => call(items.GET, `/api/items/${DOMAIN}/${encodeURIComponent(id)}`, { domain: DOMAIN, id });

  it('returns an item by its own id and by external ids', async () => {
    const named = catalog.find(({ external }) => Object.keys(external).length > 0)!;
    for (const id of [named.id, ...Object.values(named.external)]) {
      const { status, body } = await get(id);
      expect(status).toBe(200);
      expect(body).toEqual({ domain: DOMAIN, ...named });
    }
  });

  it('names the nearest titles for an unknown id', async () => {
    const { status, body } = await get(catalog[0].title);
    expect(status).toBe(404);
    expect(body.error.nearest[0].id).toBe(catalog[0].id);
    expect((await get('__proto__')).status).toBe(404);
    expect((await get('x'.repeat(10_000))).status).toBe(400);
  });
});

describe('POST /api/onboarding', () => {
  const chosen = () => info.interests.slice(0, 3).map(({ id }) => id);

  it('returns a full list, each item once, with its slot and reason', async () => {
    const { status, body } = await onboard({ domain: DOMAIN, interests: chosen(), visitor: 'v1', top_k: 10 });
    expect(status).toBe(200);
    expect(body.results).toHaveLength(10);
    expect(new Set(ids(body.results)).size).toBe(10);
    for (const { slot, reasons, title } of body.results) {
      expect(['popular', 'interest', 'explore']).toContain(slot);
      expect(reasons).toHaveLength(1);
      expect(title).not.toBe('');
    }
  });

  it('gives a visitor the same list for any order of the interests', async () => {
    const interests = chosen();
    const first = await onboard({ domain: DOMAIN, interests, visitor: 'v1' });
    const again = await onboard({ domain: DOMAIN, interests: interests.toReversed(), visitor: 'v1' });
    expect(again.body.results).toEqual(first.body.results);
  });

  it('refuses answers that are not those of the survey', async () => {
    const [a, b, c] = chosen();
    const refused: [unknown, number, string][] = [
      [{ domain: DOMAIN, interests: [a, b] }, 400, 'interests'],
      [{ domain: DOMAIN, interests: [a, b, c, a] }, 400, 'interests'],
      [{ domain: DOMAIN, interests: [a, b, c, '1', '2', '3'] }, 400, 'interests'],
      [{ domain: DOMAIN, interests: [a, b, '__proto__'] }, 400, 'interests[2]'],
      [{ domain: DOMAIN, interests: [a, b, c], visitor: 7 }, 400, 'visitor'],
      [{ domain: DOMAIN, interests: [a, b, c], top_k: 0 }, 400, 'top_k'],
      [{ interests: [a, b, c] }, 400, 'domain'],
      [{ domain: 'nowhere', interests: [a, b, c] }, 404, 'domain'],
    ];
    for (const [body, status, field] of refused) {
      const result = await onboard(body);
      expect([result.status, result.body.error.field]).toEqual([status, field]);
    }
  });
});

describe('domains, health and unknown addresses', () => {
  it('lists the domains', async () => {
    const { status, body } = await call(domains.GET, '/api/domains', {});
    expect(status).toBe(200);
    expect(body).toEqual({ domains: [info] });
  });

  it('is live and ready', async () => {
    expect((await call(live.GET, '/api/health/live', {})).body).toEqual({ status: 'live' });
    const { status, body } = await call(ready.GET, '/api/health/ready', {});
    expect(status).toBe(200);
    expect(body).toEqual({
      status: 'ready',
      domains: { [DOMAIN]: { state: 'ready', items: info.itemCount, version: info.version } },
      store: { state: 'ready', kind: 'memory', ephemeral: true, vectors: true },
      cache: { kind: 'memory', state: 'ready' },
      notes: [expect.stringContaining('DATABASE_URL')],
    });
  });

  it('responds 404 as JSON at unknown addresses, with the list of addresses, and 405 with Allow for wrong methods', async () => {
    const unknown = await call(elsewhere.DELETE, '/api/x', { path: ['x'] }, { method: 'DELETE' });
    expect(unknown.status).toBe(404);
    expect(unknown.body.error.code).toBe('NOT_FOUND');
    expect(unknown.body.error.addresses).toEqual(ADDRESSES);
    const wrong = await call(onboarding.GET, '/api/onboarding', {});
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get('allow')).toBe('OPTIONS, POST');
  });

  it('names a domain that cannot be read, and tries again at the next request', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const broken = await mkdtemp(join(tmpdir(), 'inkpick-broken-'));
    vi.stubEnv('INKPICK_ARTIFACTS', broken);
    try {
      await writeFile(join(broken, 'index.json'), JSON.stringify({ domains: [DOMAIN] }));
      const before = await call(ready.GET, '/api/health/ready', {});
      expect(before.status).toBe(503);
      expect(before.body).toMatchObject({
        status: 'unavailable',
        domains: { [DOMAIN]: { state: 'unavailable', error: 'ARTIFACT_MISSING' } },
      });
      const refused = await ask('');
      expect(refused.status).toBe(503);
      expect(refused.headers.has('retry-after')).toBe(true);
      expect(JSON.stringify(refused.body)).not.toContain(broken);
      await cp(join(root, DOMAIN), join(broken, DOMAIN), { recursive: true });
      expect((await call(ready.GET, '/api/health/ready', {})).status).toBe(200);
      expect((await ask('')).status).toBe(200);
    } finally {
      vi.stubEnv('INKPICK_ARTIFACTS', root);
      await rm(broken, { recursive: true });
    }
  });
});

describe('hostile input', () => {
  /** Every response is a success or an error of the client, never one of the server. */
  const clean = ({ status, body }: Result) => {
    expect(status).toBeLessThan(500);
    if (status >= 400) {
      expect(body.error.code).toMatch(/^[A-Z_]+$/);
      expect(body.error.message.length).toBeGreaterThan(0);
      expect(JSON.stringify(body)).not.toMatch(/node_modules|\n {4}at /);
    }
  };
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom(
      '',
      '-1',
      '1e9',
      'NaN',
      'null',
      '🎬',
      '__proto__',
      'constructor',
      '../../etc/passwd',
      '\ud800',
      '0',
    ),
  );
  const key = fc.constantFrom(
    'item_id',
    'top_k',
    'mode',
    'alpha',
    'diversity',
    'discovery',
    'q',
    'limit',
    'offset',
    '__proto__',
  );
  const query = fc.array(fc.tuple(key, text), { maxLength: 6 }).map((pairs) => new URLSearchParams(pairs).toString());

  it('in query strings never causes a 5xx', async () => {
    await fc.assert(
      fc.asyncProperty(query, async (search) => {
        clean(await ask(search));
        clean(await find(search));
        clean(await call(popular.GET, `/api/popular/${DOMAIN}?${search}`, { domain: DOMAIN }));
      }),
      { numRuns: 300 },
    );
  });

  it('in paths never causes a 5xx', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (domain, id) => {
        clean(await call(items.GET, '/api/items/x/y', { domain, id }));
        clean(await call(items.GET, '/api/items/x/y', { domain: DOMAIN, id }));
        clean(await call(similarItems.GET, '/api/similar/x/y', { domain: DOMAIN, id }));
        clean(await ask('', domain));
      }),
      { numRuns: 300 },
    );
  });

  it('in bodies never causes a 5xx', async () => {
    const entry = fc.oneof(text, fc.integer(), fc.jsonValue(), fc.record({ item: text, value: fc.double() }));
    const field = fc.oneof(fc.array(entry, { maxLength: 5 }), fc.jsonValue(), text, fc.double());
    const name = fc.constantFrom(
      ...['history', 'interests', 'hidden', 'candidates', 'top_k', 'mode', 'alpha', 'diversity', 'domain', 'visitor'],
      '__proto__',
    );
    const body = fc.oneof(fc.jsonValue(), fc.array(fc.tuple(name, field), { maxLength: 5 }).map(Object.fromEntries));
    await fc.assert(
      fc.asyncProperty(body, async (value) => {
        clean(await post(value));
        clean(await onboard(value));
        clean(
          await onboard({
            domain: DOMAIN,
            interests: info.interests.slice(0, 3).map(({ id }) => id),
            ...Object(value),
          }),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('that is not JSON is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 50 }), async (bytes) => {
        const init = { method: 'POST', body: new Uint8Array(bytes) };
        const result = await call(recommend.POST, `/api/recommend/${DOMAIN}`, { domain: DOMAIN }, init);
        clean(result);
      }),
      { numRuns: 200 },
    );
  });
});
