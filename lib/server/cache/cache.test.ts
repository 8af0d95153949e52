import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Service, startRedis } from '../../../testing/server/processes';
import { REDIS } from '../../../testing/server/stores';
import { metrics } from '../metrics/metrics';
import { connectRedis, connectSubscriber, type RedisClient } from '../redis';
import { Cache, type CacheName } from './cache';

/** Far longer than it takes. */
const TIMEOUT_MS = 20_000;

/** The reads of a cache so far, by level. */
async function reads(cache: CacheName): Promise<Record<string, number>> {
  const { values } = await metrics().cacheReads.get();
  return Object.fromEntries(
    values.filter(({ labels }) => labels.cache === cache).map((v) => [v.labels.level, v.value]),
  );
}

describe('the cache without Redis', () => {
  const cache = new Cache();
  afterAll(() => cache.close());

  it('computes a value once for 50 simultaneous callers', async () => {
    const compute = vi.fn(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return ['a', 'b'];
    });
    const got = await Promise.all(Array.from({ length: 50 }, () => cache.get('candidates', 'stampede', compute)));
    expect(compute).toHaveBeenCalledTimes(1);
    for (const value of got) expect(value).toEqual(['a', 'b']);
    expect(await reads('candidates')).toEqual({ miss: 1, memory: 49 });
  });

  it('gives each caller a copy, which others cannot change', async () => {
    const first = await cache.get('factors', 'mine', () => [1]);
    first.push(2);
    expect(await cache.get('factors', 'mine', () => [3])).toEqual([1]);
    expect(await cache.get('lists', 'mine', () => [4])).toEqual([4]);
  });

  it('recomputes a forgotten value', async () => {
    await cache.get('lists', 'gone', () => 'old');
    await cache.forget('lists', 'gone');
    expect(await cache.get('lists', 'gone', () => 'new')).toBe('new');
  });

  it('throws what computing threw, and tries again at the next call', async () => {
    const fail = () => {
      throw new RangeError('on purpose');
    };
    await expect(cache.get('lists', 'failing', fail)).rejects.toThrow(RangeError);
    expect(await cache.get('lists', 'failing', () => 'there')).toBe('there');
  });

  it('serves a stale value where computing fails', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    try {
      await cache.get('candidates', 'stale', () => 'old');
      vi.setSystemTime(Date.now() + 6 * 60_000);
      const value = await cache.get('candidates', 'stale', () => {
        throw new Error('store unavailable');
      });
      expect(value).toBe('old');
    } finally {
      vi.useRealTimers();
    }
  });
});

describe.skipIf(!REDIS)('two instances with Redis', () => {
  let server: Service;
  const clients: RedisClient[] = [];
  let caches: Cache[] = [];

  async function connect() {
    const connections = { commands: connectRedis([server.url]), subscriptions: connectSubscriber([server.url]) };
    const both = Object.values(connections);
    clients.push(...both);
    await Promise.all(both.map((client) => once(client, 'ready')));
    return connections;
  }

  /** Resolves once `a` receives the invalidations of `b`. */
  async function receives(a: Cache, b: Cache): Promise<void> {
    let round = 0;
    await vi.waitUntil(async () => {
      round++;
      await a.get('revisions', 'probe', () => round);
      await b.forget('revisions', 'probe');
      await new Promise((resolve) => setTimeout(resolve, 10));
      return (await a.get('revisions', 'probe', () => 'gone')) === 'gone';
    }, TIMEOUT_MS);
    await b.forget('revisions', 'probe');
  }

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.remove());
  beforeEach(async () => {
    caches = [new Cache(await connect()), new Cache(await connect())];
    for (const [a, b] of [caches, caches.toReversed()]) await receives(a, b);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await Promise.all(caches.map((cache) => cache.close()));
    for (const client of clients.splice(0)) client.disconnect();
  });

  it('share computed values', async () => {
    const [a, b] = caches;
    const before = await reads('factors');
    await a.get('factors', 'shared', () => [0.5, -1]);
    expect(await b.get('factors', 'shared', () => [])).toEqual([0.5, -1]);
    expect(await b.get('factors', 'shared', () => [])).toEqual([0.5, -1]);
    const after = await reads('factors');
    const gained = (level: string) => (after[level] ?? 0) - (before[level] ?? 0);
    expect([gained('miss'), gained('redis'), gained('memory')]).toEqual([1, 1, 1]);
  });

  it('forget a value together', async () => {
    const [a, b] = caches;
    await a.get('lists', 'together', () => 'old');
    expect(await b.get('lists', 'together', () => 'other')).toBe('old');
    await a.forget('lists', 'together');
    await vi.waitUntil(async () => (await b.get('lists', 'together', () => 'new')) === 'new', TIMEOUT_MS);
    await vi.waitUntil(async () => (await a.get('lists', 'together', () => 'newer')) === 'new', TIMEOUT_MS);
  });

  it('forget what was invalidated before they subscribed', async () => {
    const [a] = caches;
    const { commands, subscriptions } = await connect();
    subscriptions.disconnect();
    await once(subscriptions, 'end');
    const late = new Cache({ commands, subscriptions });
    caches.push(late);
    await late.get('lists', 'missed', () => 'old');
    await a.forget('lists', 'missed');
    expect(await late.get('lists', 'missed', () => 'new')).toBe('old');
    await subscriptions.connect();
    await vi.waitUntil(async () => (await late.get('lists', 'missed', () => 'new')) === 'new', TIMEOUT_MS);
  });

  it('continue from memory while Redis is down, and share again when it is back', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const [a, b] = caches;
    await a.get('lists', 'kept', () => 'from before');
    await server.stop('SIGKILL');
    expect(await a.get('lists', 'kept', () => 'anew')).toBe('from before');
    for (let i = 0; i < 20; i++) expect(await a.get('lists', `alone ${i}`, () => i)).toBe(i);
    expect(await b.get('lists', 'alone 0', () => 'own')).toBe('own');
    expect(await a.state()).toEqual({ kind: 'redis', state: 'unavailable' });
    await a.forget('lists', 'kept');
    expect(await a.get('lists', 'kept', () => 'after')).toBe('after');
    await server.start();
    await vi.waitUntil(
      async () => (await a.state()).state === 'ready' && (await b.state()).state === 'ready',
      TIMEOUT_MS,
    );
    await a.get('lists', 'again', () => 'shared');
    expect(await b.get('lists', 'again', () => 'own')).toBe('shared');
    // Two connections per cache and many commands: each place logged one line.
    const places = log.mock.calls.map(([line]) => JSON.parse(line).place);
    expect(new Set(places).size).toBe(places.length);
  });

  it('delete from Redis, once it is back, what could not be deleted before', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const [a, b] = caches;
    await a.get('lists', 'unforgotten', () => 'old');
    await b.get('lists', 'unforgotten', () => 'old');
    // As when the network is cut: Redis keeps its data and receives nothing.
    server.pause();
    try {
      await a.forget('lists', 'unforgotten');
    } finally {
      server.resume();
    }
    await vi.waitUntil(async () => (await b.get('lists', 'unforgotten', () => 'new')) === 'new', TIMEOUT_MS);
    expect(await a.get('lists', 'unforgotten', () => 'newer')).toBe('new');
  });
});
