import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Service, startRedis } from '../../../testing/server/processes';
import { REDIS } from '../../../testing/server/stores';
import { metrics } from '../metrics/metrics';
import { connectRedis, connectSubscriber, type RedisClient } from '../redis';
import { Cache, type CacheName } from './cache';

/** Far more than it takes, in milliseconds. */
const LONG = 20_000;

/** How often a value was found where, so far. */
async function reads(cache: CacheName): Promise<Record<string, number>> {
  const { values } = await metrics().cacheReads.get();
  return Object.fromEntries(
    values.filter(({ labels }) => labels.cache === cache).map((v) => [v.labels.level, v.value]),
  );
}

describe('the cache without Redis', () => {
  const cache = new Cache();
  afterAll(() => cache.close());

  it('makes a value once for 50 who ask at once', async () => {
    const make = vi.fn(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return ['a', 'b'];
    });
    const got = await Promise.all(Array.from({ length: 50 }, () => cache.get('candidates', 'stampede', make)));
    expect(make).toHaveBeenCalledTimes(1);
    for (const value of got) expect(value).toEqual(['a', 'b']);
    expect(await reads('candidates')).toEqual({ miss: 1, memory: 49 });
  });

  it('gives each its own value, which others cannot change', async () => {
    const first = await cache.get('factors', 'mine', () => [1]);
    first.push(2);
    expect(await cache.get('factors', 'mine', () => [3])).toEqual([1]);
    expect(await cache.get('lists', 'mine', () => [4])).toEqual([4]);
  });

  it('makes a forgotten value anew', async () => {
    await cache.get('lists', 'gone', () => 'old');
    await cache.forget('lists', 'gone');
    expect(await cache.get('lists', 'gone', () => 'new')).toBe('new');
  });

  it('throws what making a value threw, and tries again at the next call', async () => {
    const fail = () => {
      throw new RangeError('not to be had');
    };
    await expect(cache.get('lists', 'failing', fail)).rejects.toThrow(RangeError);
    expect(await cache.get('lists', 'failing', () => 'there')).toBe('there');
  });

  it('gives what is out of date where no new value can be had', async () => {
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

  /** Resolves once `a` is told what `b` forgets. */
  async function hears(a: Cache, b: Cache): Promise<void> {
    let round = 0;
    await vi.waitUntil(async () => {
      round++;
      await a.get('revisions', 'heard', () => round);
      await b.forget('revisions', 'heard');
      await new Promise((resolve) => setTimeout(resolve, 10));
      return (await a.get('revisions', 'heard', () => 'gone')) === 'gone';
    }, LONG);
    await b.forget('revisions', 'heard');
  }

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.remove());
  beforeEach(async () => {
    caches = [new Cache(await connect()), new Cache(await connect())];
    for (const [a, b] of [caches, caches.toReversed()]) await hears(a, b);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await Promise.all(caches.map((cache) => cache.close()));
    for (const client of clients.splice(0)) client.disconnect();
  });

  it('give each other what they made', async () => {
    const [a, b] = caches;
    const before = await reads('factors');
    await a.get('factors', 'shared', () => [0.5, -1]);
    expect(await b.get('factors', 'shared', () => [])).toEqual([0.5, -1]);
    expect(await b.get('factors', 'shared', () => [])).toEqual([0.5, -1]);
    const after = await reads('factors');
    const gained = (level: string) => (after[level] ?? 0) - (before[level] ?? 0);
    expect([gained('miss'), gained('redis'), gained('memory')]).toEqual([1, 1, 1]);
  });

  it('forget together', async () => {
    const [a, b] = caches;
    await a.get('lists', 'together', () => 'old');
    expect(await b.get('lists', 'together', () => 'other')).toBe('old');
    await a.forget('lists', 'together');
    await vi.waitUntil(async () => (await b.get('lists', 'together', () => 'new')) === 'new', LONG);
    await vi.waitUntil(async () => (await a.get('lists', 'together', () => 'newer')) === 'new', LONG);
  });

  it('forget what was forgotten elsewhere before they could hear of it', async () => {
    const [a] = caches;
    const { commands, subscriptions } = await connect();
    subscriptions.disconnect();
    await once(subscriptions, 'end');
    const late = new Cache({ commands, subscriptions });
    caches.push(late);
    await late.get('lists', 'unheard', () => 'old');
    await a.forget('lists', 'unheard');
    expect(await late.get('lists', 'unheard', () => 'new')).toBe('old');
    await subscriptions.connect();
    await vi.waitUntil(async () => (await late.get('lists', 'unheard', () => 'new')) === 'new', LONG);
  });

  it('go on from memory while Redis is gone, and share again when it is back', async () => {
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
    await vi.waitUntil(async () => (await a.state()).state === 'ready' && (await b.state()).state === 'ready', LONG);
    await a.get('lists', 'again', () => 'shared');
    expect(await b.get('lists', 'again', () => 'own')).toBe('shared');
    // Two connections a cache, and many commands: each place has said it once.
    const places = log.mock.calls.map(([line]) => JSON.parse(line).place);
    expect(new Set(places).size).toBe(places.length);
  });

  it('forget, once Redis is back, what it could not be told to forget', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const [a, b] = caches;
    await a.get('lists', 'unforgotten', () => 'old');
    await b.get('lists', 'unforgotten', () => 'old');
    // As when the network is cut: Redis lives on with what it holds, and does not hear.
    server.pause();
    try {
      await a.forget('lists', 'unforgotten');
    } finally {
      server.resume();
    }
    await vi.waitUntil(async () => (await b.get('lists', 'unforgotten', () => 'new')) === 'new', LONG);
    expect(await a.get('lists', 'unforgotten', () => 'newer')).toBe('new');
  });
});
