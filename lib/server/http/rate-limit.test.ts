import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { sign } from 'cookie-signature';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Service, startRedis } from '../../../testing/server/processes';
import { REDIS } from '../../../testing/server/stores';
import { connectRedis, type RedisClient } from '../redis';
import { clientAddress, type Policy, RateLimit, takeNewcomer, withinEvents } from './rate-limit';

const forwarded = (value: string) => new Headers({ 'x-forwarded-for': value });
const atMost = (most: number): Policy => ({ name: 'address', most, seconds: 10, what: 'requests' });

describe('clientAddress', () => {
  it('is what the last of our own proxies saw, however much a client puts before it', () => {
    expect(clientAddress(forwarded('198.51.100.9'), 0)).toBe('198.51.100.9');
    expect(clientAddress(forwarded('6.6.6.6, 198.51.100.9'), 1)).toBe('198.51.100.9');
    expect(clientAddress(forwarded('6.6.6.6, 198.51.100.9, 10.0.0.1'), 2)).toBe('198.51.100.9');
  });

  it('is the network of 64 bits in IPv6, of which one customer has all addresses', () => {
    const network = clientAddress(forwarded('2001:db8:0:7::1'), 1);
    expect(network).toBe('2001:db8:0:7::/64');
    expect(clientAddress(forwarded('2001:0DB8:0:7:ffff:ffff:ffff:ffff'), 1)).toBe(network);
    expect(clientAddress(forwarded('2001:db8:0:7:0:0:198.51.100.9'), 1)).toBe(network);
    expect(clientAddress(forwarded('2001:db8:0:8::1'), 1)).not.toBe(network);
    expect(clientAddress(forwarded('::1'), 0)).toBe('0:0:0:0::/64');
    expect(clientAddress(forwarded('fe80::1%eth0'), 0)).toBe(clientAddress(forwarded('fe80::2%eth1'), 0));
  });

  it('is that of IPv4 where a socket of IPv6 tells it', () => {
    expect(clientAddress(forwarded('::ffff:198.51.100.9'), 0)).toBe('198.51.100.9');
    expect(clientAddress(forwarded('::FFFF:c633:6409'), 0)).toBe('198.51.100.9');
  });

  it('is one address for all that cannot be told', () => {
    expect(clientAddress(new Headers(), 0)).toBe('unknown');
    expect(clientAddress(forwarded('x'.repeat(10_000)), 0)).toBe('unknown');
    expect(clientAddress(forwarded('198.51.100.9'), 2)).toBe('unknown');
  });
});

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

  it('keeps addresses apart', async () => {
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

  it('holds across instances, without an address leaving them', async () => {
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

  it('tells of no visitor what would sign their cookie', async () => {
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
    // The cookie has it in another alphabet.
    expect(sign(visitor, secret).replaceAll('+', '-').replaceAll('/', '_')).toBe(`${visitor}.${signature}`);
  });

  it('counts all of many at once', async () => {
    const limits = [await connect(), await connect()].map((client) => new RateLimit(atMost(20), client));
    const taken = await Promise.allSettled(
      Array.from({ length: 60 }, (_, i) => limits[i % limits.length].take('198.51.100.20')),
    );
    expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
  });

  it('goes on in memory while Redis is gone', async () => {
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

describe('takeNewcomer', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('lets 30 an hour in from one address', async () => {
    for (let i = 0; i < 30; i++) await takeNewcomer('198.51.100.40');
    await expect(takeNewcomer('198.51.100.40')).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      message: expect.stringContaining('30 new visitors'),
    });
    await takeNewcomer('198.51.100.41');
    vi.stubEnv('INKPICK_RATE_LIMIT', '0');
    await takeNewcomer('198.51.100.40');
  });
});

describe('withinEvents', () => {
  const kept = (accepted: number) => async () => ({ accepted });

  it('lets a visitor have 20,000 events a day kept, and does not count what was not', async () => {
    const busy = { visitor: 'busy', address: '198.51.100.50' };
    for (let i = 0; i < 10; i++) await withinEvents(busy, 2000, kept(1900));
    // What was there before, and what could not be written.
    await withinEvents(busy, 1000, kept(0));
    const failing = withinEvents(busy, 1000, async () => {
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    await withinEvents(busy, 1000, kept(1000));
    await expect(withinEvents(busy, 1, kept(1))).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      message: expect.stringContaining('20000 events'),
    });
    await withinEvents({ ...busy, visitor: 'calm' }, 1, kept(1));
  });

  it('lets all at one address have 500,000, so that nobody has more by being many', async () => {
    const address = '198.51.100.51';
    for (let i = 0; i < 25; i++) await withinEvents({ visitor: `one of many ${i}`, address }, 20_000, kept(20_000));
    await expect(withinEvents({ visitor: 'another', address }, 1, kept(1))).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      message: expect.stringContaining('500000 events of one network'),
    });
    // It is not held against the visitor, who may be elsewhere later.
    await withinEvents({ visitor: 'another', address: '198.51.100.52' }, 20_000, kept(20_000));
  });
});
