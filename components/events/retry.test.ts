import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRetryAfter, retryDelay } from './retry';

const backoff = { firstMs: 1000, maxMs: 60_000 };

describe('the delay before the next attempt', () => {
  it('doubles up to the maximum, half of it random', () => {
    const longest = [1, 2, 3, 7, 50].map((failures) => retryDelay(failures, backoff, 1));
    expect(longest).toEqual([1000, 2000, 4000, 60_000, 60_000]);
    expect(retryDelay(3, backoff, 0)).toBe(2000);
    expect(retryDelay(2000, backoff, 0.5)).toBe(45_000);
  });

  it('is never shorter than the server asks for, and never longer than an hour', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(),
        (n, r, retryAfterMs) => {
          const delay = retryDelay(n, backoff, r, retryAfterMs);
          expect(delay).toBeGreaterThanOrEqual(Math.min(retryAfterMs, 3_600_000));
          expect(delay).toBeLessThanOrEqual(3_600_000);
        },
      ),
    );
  });

  it('parses seconds and dates, and nothing else', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    expect(readRetryAfter('10', now)).toBe(10_000);
    expect(readRetryAfter('Thu, 01 Jan 2026 00:01:00 GMT', now)).toBe(60_000);
    expect(readRetryAfter('Wed, 31 Dec 2025 00:00:00 GMT', now)).toBe(0);
    for (const nothing of [null, '', 'soon', '99999999999999']) expect(readRetryAfter(nothing, now)).toBe(0);
  });
});
