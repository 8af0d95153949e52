import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import * as events from '@/app/api/events/route';
import * as ready from '@/app/api/health/ready/route';
import * as recommend from '@/app/api/recommend/[domain]/route';
import { getEngine } from '@/lib/server/engines';
import { call } from '@/testing/server/call';
import { startRedis } from '@/testing/server/processes';
import { embeddedFolder, REDIS } from '@/testing/server/stores';
import * as metrics from './route';

const TOKEN = 'a token that only operators know';
const OPERATOR = { authorization: `Bearer ${TOKEN}` };
const DOMAIN = 'courses';
const params = { domain: DOMAIN };
const USER = 'a user whose id is nowhere to be read';

let folder: string;
beforeAll(async () => {
  folder = await embeddedFolder();
});
beforeEach(() => {
  vi.stubEnv('INKPICK_DATA', folder);
  vi.stubEnv('INKPICK_RATE_LIMIT', '0');
  vi.stubEnv('INKPICK_ADMIN_TOKEN', TOKEN);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const scrape = async () => (await call(metrics, 'GET', { headers: OPERATOR })).text;
/** The value of a sample by its name and labels as printed; 0 if there is none. */
const rowOf = (text: string, row: string) =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${row} `))
      ?.split(' ')
      .at(-1) ?? 0,
  );

describe('GET /api/metrics', () => {
  it('counts responses, stages, caches, candidates, fallbacks, events and errors, and has no personal data', async () => {
    const before = await scrape();
    const engine = await getEngine(DOMAIN);
    const [item] = engine.popular(1);
    const at = Date.now();
    const id = crypto.randomUUID();
    const event = { id, kind: 'like', domain: DOMAIN, item: item.id, at };
    const lost = { ...event, id: crypto.randomUUID(), item: 'no such course' };
    const batch = { sent_at: at, user: USER, events: [event, lost] };
    const headers = { ...OPERATOR, 'x-forwarded-for': '203.0.113.77' };
    for (let i = 0; i < 2; i++) await call(events, 'POST', { body: batch, headers });
    for (let i = 0; i < 2; i++) await call(recommend, 'POST', { params, body: { user: USER }, headers });
    await call(recommend, 'POST', { params, body: { history: [item.id], top_k: 7 }, headers });
    await call(recommend, 'POST', { params, body: { top_k: 7 }, headers });
    await call(recommend, 'POST', { params, body: { top_k: -1 }, headers });
    const after = await scrape();
    const gained = (row: string) => rowOf(after, row) - rowOf(before, row);

    const requests = 'inkpick_http_request_duration_seconds_count';
    const recommended = `${requests}{method="POST",route="/api/recommend/[domain]",status=`;
    expect(gained(`${recommended}"2xx"}`)).toBe(4);
    expect(gained(`${recommended}"4xx"}`)).toBe(1);
    for (const stage of ['store', 'engine', 'cache'])
      expect([stage, gained(`inkpick_stage_duration_seconds_count{stage="${stage}"}`)]).not.toEqual([stage, 0]);
    expect(gained('inkpick_cache_reads_total{cache="lists",level="miss"}')).toBe(1);
    expect(gained('inkpick_cache_reads_total{cache="lists",level="memory"}')).toBe(1);
    expect(gained('inkpick_candidates_total{source="popular"}')).toBeGreaterThan(0);
    expect(gained('inkpick_fallbacks_total{level="popular"}')).toBe(7);
    const likeEvents = (outcome: string) => gained(`inkpick_events_total{kind="like",outcome="${outcome}"}`);
    expect([likeEvents('accepted'), likeEvents('duplicate'), likeEvents('unknown')]).toEqual([1, 1, 2]);
    expect(gained('inkpick_errors_total{code="INVALID_REQUEST"}')).toBe(1);
    expect(rowOf(after, 'inkpick_store_up{kind="folder"}')).toBe(1);
    expect(rowOf(after, 'inkpick_cache_up{kind="memory"}')).toBe(1);
    expect(after).toMatch(/^process_resident_memory_bytes \d+/m);
    expect(after).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
    // Neither the developer's id of the user nor the id derived from it, no item, no address.
    expect(after).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
    for (const text of [USER, '203.0.113.77', item.id, item.title]) expect(after).not.toContain(text);
  });

  it('is open without an operator’s token, and for operators only with one', async () => {
    expect((await call(metrics, 'GET')).status).toBe(401);
    expect((await call(metrics, 'GET', { headers: OPERATOR })).headers.get('content-type')).toMatch(/^text\/plain/);
    vi.stubEnv('INKPICK_ADMIN_TOKEN', '');
    expect((await call(metrics, 'GET')).status).toBe(200);
  });
});

describe.skipIf(!REDIS)('GET /api/health/ready with Redis', () => {
  it('is degraded while Redis is stopped, and says what still works', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const redis = await startRedis();
    try {
      vi.stubEnv('REDIS_URL', redis.url);
      const read = async () => {
        const { status, json } = await call(ready, 'GET');
        return { code: status, ...json<{ status: string; cache: object; notes: string[] }>() };
      };
      await vi.waitUntil(async () => (await read()).status === 'ready', 60_000);
      expect(await read()).toMatchObject({ code: 200, cache: { kind: 'redis', state: 'ready' } });
      await redis.stop('SIGKILL');
      const gone = await read();
      expect(gone).toMatchObject({ code: 200, status: 'degraded', cache: { kind: 'redis', state: 'unavailable' } });
      expect(gone.notes.join()).toContain('Redis is unavailable');
      const { status } = await call(recommend, 'POST', { params, body: { user: USER }, headers: OPERATOR });
      expect(status).toBe(200);
      await redis.start();
      await vi.waitUntil(async () => (await read()).status === 'ready', 60_000);
    } finally {
      await redis.remove();
    }
  });
});
