import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audienceOver, fillFreshPlaces, freshPlaces, posterior, probabilityBelow, sampleRate } from './fresh-items';

const clickRate = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true });
const baseRate = fc.double({ min: 0.005, max: 0.9, noNaN: true });
const counts = fc
  .record({ impressions: fc.nat(5000), rate: clickRate })
  .map(({ impressions, rate }) => ({ impressions, clicks: Math.floor(rate * impressions) }));

describe('the posterior of an item’s click rate', () => {
  it('has the base rate as its mean before the item was shown', () => {
    fc.assert(
      fc.property(baseRate, (rate) => {
        const { a, b } = posterior({ impressions: 0, clicks: 0 }, rate);
        expect(a / (a + b)).toBeCloseTo(rate, 9);
      }),
    );
  });

  it('converges to the item’s own rate', () => {
    const { a, b } = posterior({ impressions: 100_000, clicks: 20_000 }, 0.05);
    expect(a / (a + b)).toBeCloseTo(0.2, 3);
  });

  it('is defined for base rates of 0 and 1, and for more clicks than impressions', () => {
    for (const rate of [0, 1])
      for (const counted of [
        { impressions: 0, clicks: 0 },
        { impressions: 3, clicks: 9 },
      ]) {
        expect(probabilityBelow(counted, rate)).toBeGreaterThanOrEqual(0);
        expect(probabilityBelow(counted, rate)).toBeLessThanOrEqual(1);
        expect(sampleRate('x', counted, rate, 1)).toBeGreaterThanOrEqual(0);
      }
  });
});

describe('audienceOver', () => {
  it('returns failed or proven beyond a probability of 0.95, never both', () => {
    fc.assert(
      fc.property(counts, baseRate, (counted, rate) => {
        const below = probabilityBelow(counted, rate);
        expect(audienceOver(counted, rate)).toBe(below > 0.95 ? 'failed' : below < 0.05 ? 'proven' : null);
      }),
    );
  });

  it('returns null without impressions, failed after 40 without a click, proven after many clicks', () => {
    expect(audienceOver({ impressions: 0, clicks: 0 }, 0.05)).toBeNull();
    // 1 − 0.95^(19 + n) passes 0.95 at n = 40.
    expect(audienceOver({ impressions: 39, clicks: 0 }, 0.05)).toBeNull();
    expect(audienceOver({ impressions: 40, clicks: 0 }, 0.05)).toBe('failed');
    expect(audienceOver({ impressions: 50, clicks: 10 }, 0.05)).toBe('proven');
  });

  it('is no closer to failed after a click than after an impression without one', () => {
    fc.assert(
      fc.property(counts, baseRate, ({ impressions, clicks }, rate) => {
        const shown = { impressions: impressions + 1, clicks };
        const clicked = { impressions: impressions + 1, clicks: clicks + 1 };
        expect(probabilityBelow(clicked, rate)).toBeLessThanOrEqual(probabilityBelow(shown, rate) + 1e-9);
      }),
    );
  });
});

describe('sampleRate', () => {
  it('is the same for the same seed and item, and differs for other seeds and items', () => {
    const counted = { impressions: 10, clicks: 1 };
    expect(sampleRate('a', counted, 0.05, 1)).toBe(sampleRate('a', counted, 0.05, 1));
    expect(sampleRate('a', counted, 0.05, 1)).not.toBe(sampleRate('a', counted, 0.05, 2));
    expect(sampleRate('a', counted, 0.05, 1)).not.toBe(sampleRate('b', counted, 0.05, 1));
  });
});

describe('fillFreshPlaces', () => {
  it('puts fresh items at the 6th place, the 16th and so on', () => {
    const list = Array.from({ length: 20 }, (_, i) => `old${i}`);
    const filled = fillFreshPlaces(list, ['new0', 'new1', 'new2']);
    expect(filled).toHaveLength(20);
    expect([filled[5], filled[15]]).toEqual(['new0', 'new1']);
    expect(filled.filter((item) => item.startsWith('old'))).toEqual(list.slice(0, 18));
  });

  it('fills at most one place in ten, whatever the length of the list', () => {
    fc.assert(
      fc.property(fc.nat(120), fc.nat(20), (length, fresh) => {
        const list = Array.from({ length }, (_, i) => i);
        const filled = fillFreshPlaces(
          list,
          Array.from({ length: fresh }, (_, i) => -1 - i),
        );
        expect(filled).toHaveLength(length);
        const places = filled.flatMap((item, i) => (item < 0 ? [i + 1] : []));
        expect(places).toEqual(Array.from({ length: Math.min(fresh, freshPlaces(length)) }, (_, i) => 6 + 10 * i));
        expect(places.length).toBeLessThanOrEqual(Math.ceil(length / 10));
      }),
    );
  });
});
