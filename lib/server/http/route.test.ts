import { afterEach, describe, expect, it, vi } from 'vitest';
import { InkpickError } from '../../contracts/errors';
import { requireOperator } from './operator';
import { type Call, type RouteResponse, route } from './route';

const context = { params: Promise.resolve({}) };
const request = (method = 'GET', address = '203.0.113.1') =>
  new Request('http://localhost/api/test?q=secret', { method, headers: { 'x-forwarded-for': address } });

const personal = (): RouteResponse => ({ body: { fine: true }, caching: 'personal' });
const shared = (): RouteResponse => ({ body: { fine: true }, caching: 'public' });
const fail = (error: Error) => (): RouteResponse => {
  throw error;
};

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('route', () => {
  it('responds with JSON, caching, CORS and timing', async () => {
    const { GET } = route('/api/test', { GET: personal });
    const response = await GET(request(), context);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ fine: true });
    const headers = Object.fromEntries(response.headers);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'private, no-store',
      'access-control-allow-origin': '*',
      'ratelimit-policy': '"address";q=1000;w=10',
    });
    expect(headers['server-timing']).toMatch(/^total;dur=\d+(\.\d{1,3})?$/);
  });

  it('lets shared caches store public responses, without the caller’s remaining allowance', async () => {
    const { GET } = route('/api/test', { GET: shared });
    const { headers } = await GET(request(), context);
    expect(headers.get('cache-control')).toMatch(/^public, .*s-maxage=\d+/);
    expect(headers.has('ratelimit')).toBe(false);
  });

  it('responds 304 to a caller that has the entity tag of a public response', async () => {
    const { GET } = route('/api/test', { GET: shared });
    const etag = (await GET(request(), context)).headers.get('etag')!;
    expect(etag).toMatch(/^"[\w-]+"$/);
    const ask = (ifNoneMatch: string) => {
      const again = request();
      again.headers.set('if-none-match', ifNoneMatch);
      return GET(again, context);
    };
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const response = await ask(known);
      expect([response.status, response.headers.get('etag'), await response.text()]).toEqual([304, etag, '']);
      expect(response.headers.get('cache-control')).toMatch(/^public/);
    }
    const changed = await ask('"other"');
    expect([changed.status, await changed.json()]).toEqual([200, { fine: true }]);
  });

  it('gives no entity tag to personal responses and errors', async () => {
    const refuse = fail(new InkpickError('ITEM_NOT_FOUND', 'No such film.'));
    for (const handler of [personal, refuse]) {
      const { GET } = route('/api/test', { GET: handler });
      expect((await GET(request(), context)).headers.has('etag')).toBe(false);
    }
  });

  it('passes path parameters to the handler', async () => {
    const echo = ({ params, url }: Call<{ domain: string }>): RouteResponse => ({
      body: [params.domain, url.searchParams.get('q')],
      caching: 'personal',
    });
    const { GET } = route('/api/test/[domain]', { GET: echo });
    const response = await GET(request(), { params: Promise.resolve({ domain: 'cinema' }) });
    expect(await response.json()).toEqual(['cinema', 'secret']);
  });

  it('responds 405 with Allow to other methods', async () => {
    const { POST, DELETE, OPTIONS } = route('/api/test', { GET: personal });
    for (const method of [POST, DELETE]) {
      const response = await method(request('POST'), context);
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
      expect(await response.json()).toMatchObject({ error: { code: 'METHOD_NOT_ALLOWED' } });
    }
    const preflight = await OPTIONS(request('OPTIONS'), context);
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, HEAD, OPTIONS');
    // Without `authorization`, pages of other sites cannot have a browser send the operator's token, or guesses.
    expect(preflight.headers.get('access-control-allow-headers')).toBe('Content-Type');
  });

  it('describes a caller’s mistake and names the field', async () => {
    const { GET } = route('/api/test', {
      GET: fail(new InkpickError('ITEM_NOT_FOUND', 'No such film.', { field: 'item_id', details: { nearest: [] } })),
    });
    const response = await GET(request(), context);
    expect(response.status).toBe(404);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({
      error: { code: 'ITEM_NOT_FOUND', message: 'No such film.', field: 'item_id', nearest: [] },
    });
  });

  it('hides the message of an internal error, and logs it without data of the request', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { GET } = route('/api/test', { GET: fail(new TypeError('cannot read "secret" at /srv/inkpick/lib')) });
    const response = await GET(request(), context);
    expect(response.status).toBe(500);
    const { error } = await response.json();
    expect(error.code).toBe('INTERNAL');
    expect(error.message).not.toMatch(/secret|srv|TypeError/);
    const [[line]] = log.mock.calls;
    expect(JSON.parse(line)).toMatchObject({ place: 'GET /api/test', name: 'TypeError' });
    expect(line).not.toMatch(/secret|203\.0\.113\.1/);
    expect(JSON.parse(line).frames.length).toBeGreaterThan(0);
  });

  it('gives a general message and Retry-After where a catalog cannot be read', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const { GET } = route('/api/test', {
      GET: fail(new InkpickError('ARTIFACT_MISSING', '/srv/inkpick/cinema/catalog.bin is missing')),
    });
    const response = await GET(request(), context);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('10');
    const { error } = await response.json();
    expect(error.code).toBe('ARTIFACT_MISSING');
    expect(error.message).not.toContain('/srv');
  });

  it('limits each address over all routes together', async () => {
    vi.stubEnv('INKPICK_RATE_LIMIT', '2');
    const one = route('/api/one', { GET: personal });
    const other = route('/api/other', { GET: shared });
    expect((await one.GET(request('GET', '203.0.113.2'), context)).status).toBe(200);
    expect((await other.GET(request('GET', '203.0.113.2'), context)).status).toBe(200);
    const refused = await one.GET(request('GET', '203.0.113.2'), context);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.headers.get('ratelimit')).toMatch(/^"address";r=0;t=\d+$/);
    expect(await refused.json()).toMatchObject({ error: { code: 'RATE_LIMITED' } });
    expect((await one.GET(request('GET', '203.0.113.3'), context)).status).toBe(200);
  });

  it('limits neither health nor, where the limit is 0, any other route', async () => {
    vi.stubEnv('INKPICK_RATE_LIMIT', '1');
    const health = route('/api/health', { GET: personal }, { limited: false });
    for (let i = 0; i < 3; i++) expect((await health.GET(request('GET', '203.0.113.4'), context)).status).toBe(200);
    vi.stubEnv('INKPICK_RATE_LIMIT', '0');
    const free = route('/api/free', { GET: personal });
    for (let i = 0; i < 3; i++) {
      const response = await free.GET(request('GET', '203.0.113.4'), context);
      expect(response.status).toBe(200);
      expect(response.headers.has('ratelimit')).toBe(false);
    }
  });
});

describe('the operator’s token', () => {
  const closed = ({ request }: Call<object>): RouteResponse => {
    requireOperator(request.headers);
    return { body: {}, caching: 'personal' };
  };
  const { GET } = route('/api/closed', { GET: closed });
  const guess = async (token: string, address: string) => {
    const asking = request('GET', address);
    asking.headers.set('authorization', `Bearer ${token}`);
    return (await GET(asking, context)).status;
  };

  it('cannot be guessed: after ten wrong ones an address is refused, even with the right one', async () => {
    vi.stubEnv('INKPICK_ADMIN_TOKEN', 'the token of these tests');
    expect(await guess('the token of these tests', '203.0.113.9')).toBe(200);
    for (let i = 0; i < 10; i++) expect(await guess(`wrong ${i}`, '203.0.113.9')).toBe(401);
    expect(await guess('wrong again', '203.0.113.9')).toBe(429);
    expect(await guess('the token of these tests', '203.0.113.9')).toBe(429);
    expect(await guess('the token of these tests', '203.0.113.10')).toBe(200);
    // A request without a token is not a guess.
    expect((await GET(request('GET', '203.0.113.9'), context)).status).toBe(401);
  });

  it('is not the Basic password that browsers send to a proxy with each request', async () => {
    vi.stubEnv('INKPICK_ADMIN_TOKEN', 'the token of these tests');
    const { GET } = route('/api/open', { GET: shared });
    for (let i = 0; i < 20; i++) {
      const asking = request('GET', '203.0.113.11');
      asking.headers.set('authorization', 'Basic dXNlcjpwYXNzd29yZA==');
      expect((await GET(asking, context)).status).toBe(200);
    }
    expect(await guess('the token of these tests', '203.0.113.11')).toBe(200);
  });
});
