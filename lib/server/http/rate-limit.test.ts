import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { sign } from 'cookie-signature';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Service, startRedis } from '../../../testing/server/processes';
import { REDIS } from '../../../testing/server/stores';
import { connectRedis, type RedisClient } from '../redis';
import { RateLimit } from './rate-limit';
import type { RateLimitPolicy } from './rate-limit-policies';

const atMost = (max: number): RateLimitPolicy => ({ name: 'address', max, seconds: 10, noun: 'requests' });

describe('RateLimit', () => {
  it('counts down, then refuses with the time to wait', async () => {
    const limit = new RateLimit(atMost(2));
    const first = await limit.take('198.51.100.9');
    expect(first).toEqual({
      'RateLimit-Policy': '"address";q=2;w=10',
      RateLimit: expect.stringMatching(/^"address";r=1;t=([1-9]|10)$/),
    });
    await limit.check('198.51.100.9');
    expect((await limit.take('198.51.100.9')).RateLimit).toMatch(/^"address";r=0;/);
    const refusal = {
      code: 'RATE_LIMITED',
      message: expect.stringMatching(/^More than 2 requests in 10 seconds\. Please try again in \d+ s\.$/),
      headers: { RateLimit: expect.stringMatching(/r=0/), 'Retry-After': expect.stringMatching(/^([1-9]|10)$/) },
    };
    await expect(limit.take('198.51.100.9')).rejects.toMatchObject(refusal);
    await expect(limit.check('198.51.100.9')).rejects.toMatchObject(refusal);
  });

  it('counts each address by itself', async () => {
    const limit = new RateLimit(atMost(1));
    await limit.take('198.51.100.9');
    expect((await limit.take('198.51.100.10')).RateLimit).toMatch(/r=0/);
  });
});

describe.skipIf(!REDIS)('RateLimit with Redis', () => {
  let server: Service;
  const clients: RedisClient[] = [];
  const connect = async () => {
    const client = connectRedis([server.url]);
    clients.push(client);
    await once(client, 'ready');
    return client;
  };

  beforeAll(async () => {
    server = await startRedis();
  });
  afterEach(() => {
    vi.restoreAllMocks();
    for (const client of clients.splice(0)) client.disconnect();
  });
  afterAll(() => server?.remove());

  it('counts across instances, and puts no address into Redis', async () => {
    const [one, other] = [await connect(), await connect()];
    const [a, b] = [new RateLimit(atMost(3), one), new RateLimit(atMost(3), other)];
    expect((await a.take('198.51.100.9')).RateLimit).toMatch(/r=2/);
    expect((await b.take('198.51.100.9')).RateLimit).toMatch(/r=1/);
    expect((await a.take('198.51.100.9')).RateLimit).toMatch(/r=0/);
    for (const limit of [a, b])
      await expect(limit.take('198.51.100.9')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    expect((await b.take('198.51.100.10')).RateLimit).toMatch(/r=2/);
    const keys = await one.keys('*');
    expect(keys.filter((key) => key.startsWith('inkpick:limit:address:'))).toHaveLength(2);
    expect(keys.join()).not.toMatch(/198|51\.100/);
  });

  it('puts nothing into Redis that would sign a visitor’s cookie', async () => {
    const secret = 'a secret of more than 32 characters';
    vi.stubEnv('INKPICK_SECRET', secret);
    const client = await connect();
    const visitor = '9b2f6c1e-6a53-4d7e-8f10-0f6f4a1f2f11';
    await new RateLimit({ ...atMost(1), name: 'secret' }, client).take(visitor);
    const signature = createHmac('sha256', secret).update(visitor).digest('base64url');
    const keys = await client.keys('inkpick:limit:secret:*');
    vi.unstubAllEnvs();
    expect(keys).toHaveLength(1);
    expect(keys[0]).not.toContain(signature);
    // The cookie encodes it in another alphabet.
    expect(sign(visitor, secret).replaceAll('+', '-').replaceAll('/', '_')).toBe(`${visitor}.${signature}`);
  });

  it('counts simultaneous requests', async () => {
    const limits = [await connect(), await connect()].map((client) => new RateLimit(atMost(20), client));
    const taken = await Promise.allSettled(
      Array.from({ length: 60 }, (_, i) => limits[i % limits.length].take('198.51.100.20')),
    );
    expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
  });

  it('counts in memory while Redis is down', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const client = await connect();
    const limit = new RateLimit(atMost(2), client);
    await limit.take('198.51.100.30');
    await server.stop('SIGKILL');
    await vi.waitUntil(() => client.status !== 'ready', 20_000);
    expect((await limit.take('198.51.100.31')).RateLimit).toMatch(/r=1/);
    await limit.take('198.51.100.31');
    await expect(limit.take('198.51.100.31')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await server.start();
    await once(client, 'ready');
    expect((await limit.take('198.51.100.32')).RateLimit).toMatch(/r=1/);
    expect(await client.keys('inkpick:limit:address:*')).toHaveLength(1);
  });
});
