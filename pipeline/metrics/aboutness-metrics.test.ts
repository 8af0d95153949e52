import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  distribution,
  jensenShannon,
  miscalibration,
  overlap,
  popularityGroups,
  stratifiedNdcg,
} from './aboutness-metrics';
import { ndcg } from './ranking-metrics';

const ids = fc.uniqueArray(fc.constantFrom(...'abcdefghij'), { maxLength: 8 });
const shares = fc
  .array(fc.nat(9), { minLength: 4, maxLength: 4 })
  .filter((counts) => counts.some((count) => count > 0))
  .map((counts) => counts.map((count) => count / counts.reduce((sum, value) => sum + value, 0)));

describe('overlap', () => {
  it('is 1 for the same items in any order, 0 for none in common, and symmetric', () => {
    expect(overlap(['a', 'b'], ['b', 'a'])).toBe(1);
    expect(overlap(['a', 'b'], ['b', 'c'])).toBeCloseTo(1 / 3, 12);
    expect(overlap([], [])).toBe(0);
    fc.assert(
      fc.property(ids, ids, (a, b) => {
        expect(overlap(a, b)).toBe(overlap(b, a));
      }),
    );
  });
});

describe('popularityGroups', () => {
  it('puts the most popular items with a fifth of the interactions first', () => {
    const groups = popularityGroups(
      new Map([
        ['mid', 30],
        ['hit', 50],
        ['low', 10],
        ['rare', 10],
      ]),
    );
    expect(groups).toEqual(
      new Map([
        ['hit', 0],
        ['mid', 1],
        ['low', 2],
        ['rare', 2],
      ]),
    );
  });
});

describe('divergences', () => {
  it('are 0 for equal distributions, and above 0 for different ones', () => {
    fc.assert(
      fc.property(shares, shares, (p, q) => {
        expect(jensenShannon(p, p)).toBeCloseTo(0, 9);
        expect(miscalibration(p, p)).toBeCloseTo(0, 9);
        expect(jensenShannon(p, q)).toBeCloseTo(jensenShannon(q, p), 9);
        expect(jensenShannon(p, q)).toBeLessThanOrEqual(1 + 1e-9);
        const differs = p.some((value, i) => Math.abs(value - q[i]) > 1e-9);
        if (differs) expect(Math.min(jensenShannon(p, q), miscalibration(p, q))).toBeGreaterThan(0);
      }),
    );
  });

  it('take shares of any values', () => {
    expect(distribution(['x', 'y', 'x', 'z'], ['x', 'y'])).toEqual([0.5, 0.25]);
    expect(distribution([], [0, 1])).toEqual([0, 0]);
  });
});

describe('stratifiedNdcg', () => {
  const relevant = fc.uniqueArray(fc.tuple(fc.constantFrom(...'abcdefghij'), fc.nat(500)), {
    selector: ([id]) => id,
    maxLength: 6,
  });

  it('is NDCG at β = 0, and 1 for the relevant items by falling worth', () => {
    fc.assert(
      fc.property(ids, relevant, fc.integer({ min: 1, max: 10 }), (ranking, pairs, k) => {
        const wanted = new Map(pairs);
        expect(stratifiedNdcg(ranking, wanted, k, 0)).toBeCloseTo(ndcg(ranking, new Set(wanted.keys()), k), 9);
        const best = [...pairs].sort(([, a], [, b]) => a - b).map(([id]) => id);
        if (best.length > 0) expect(stratifiedNdcg(best, wanted, k, 1)).toBeCloseTo(1, 9);
      }),
    );
  });

  it('rewards the rarer of two items more', () => {
    const wanted = new Map([
      ['hit', 900],
      ['rare', 3],
    ]);
    expect(stratifiedNdcg(['rare'], wanted, 1, 0.5)).toBe(1);
    expect(stratifiedNdcg(['hit'], wanted, 1, 0.5)).toBeLessThan(0.1);
  });
});
