import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRetryAfter, retryDelay } from './retry';

const patience = { first: 1000, most: 60_000 };

describe('when to try again', () => {
  it('doubles up to the most, half of it at random', () => {
    const longest = [1, 2, 3, 7, 50].map((failures) => retryDelay(failures, patience, 1));
    expect(longest).toEqual([1000, 2000, 4000, 60_000, 60_000]);
    expect(retryDelay(3, patience, 0)).toBe(2000);
    expect(retryDelay(2000, patience, 0.5)).toBe(45_000);
  });

  it('never comes before the server wants it, and never waits for days', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(),
        (n, r, asked) => {
          const delay = retryDelay(n, patience, r, asked);
          expect(delay).toBeGreaterThanOrEqual(Math.min(asked, 3_600_000));
          expect(delay).toBeLessThanOrEqual(3_600_000);
        },
      ),
    );
  });

  it('reads seconds and dates, and nothing else', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    expect(readRetryAfter('10', now)).toBe(10_000);
    expect(readRetryAfter('Thu, 01 Jan 2026 00:01:00 GMT', now)).toBe(60_000);
    expect(readRetryAfter('Wed, 31 Dec 2025 00:00:00 GMT', now)).toBe(0);
    for (const nothing of [null, '', 'soon', '99999999999999']) expect(readRetryAfter(nothing, now)).toBe(0);
  });
});
