import { describe, expect, it } from 'vitest';
import { clientAddress, RateLimit } from './rate-limit';

const forwarded = (value: string) => new Headers({ 'x-forwarded-for': value });

describe('clientAddress', () => {
  it('is what the last of our own proxies saw, however much a client puts before it', () => {
    expect(clientAddress(forwarded('198.51.100.9'), 0)).toBe('198.51.100.9');
    expect(clientAddress(forwarded('6.6.6.6, 198.51.100.9'), 1)).toBe('198.51.100.9');
    expect(clientAddress(forwarded('6.6.6.6, 198.51.100.9, 10.0.0.1'), 2)).toBe('198.51.100.9');
    expect(clientAddress(forwarded('2001:db8::1'), 1)).toBe('2001:db8::1');
  });

  it('is one address for all that cannot be told', () => {
    expect(clientAddress(new Headers(), 0)).toBe('unknown');
    expect(clientAddress(forwarded('x'.repeat(10_000)), 0)).toBe('unknown');
    expect(clientAddress(forwarded('198.51.100.9'), 2)).toBe('unknown');
  });
});

describe('RateLimit', () => {
  it('counts down, then refuses with the time to wait', async () => {
    const limit = new RateLimit(2);
    const first = await limit.take('198.51.100.9');
    expect(first).toEqual({
      'RateLimit-Policy': '"address";q=2;w=10',
      RateLimit: expect.stringMatching(/^"address";r=1;t=([1-9]|10)$/),
    });
    expect((await limit.take('198.51.100.9')).RateLimit).toMatch(/^"address";r=0;/);
    await expect(limit.take('198.51.100.9')).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      headers: { RateLimit: expect.stringMatching(/r=0/), 'Retry-After': expect.stringMatching(/^([1-9]|10)$/) },
    });
  });

  it('keeps addresses apart', async () => {
    const limit = new RateLimit(1);
    await limit.take('198.51.100.9');
    expect((await limit.take('198.51.100.10')).RateLimit).toMatch(/r=0/);
  });
});
