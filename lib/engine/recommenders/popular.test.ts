import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { context, popularityData, trending } from '../../../testing/engine/context';
import { PopularRecommender } from './popular';

const none = context([]);
const of = (popularity: Uint32Array, calibrationRows: number) =>
  new PopularRecommender(popularityData(popularity, calibrationRows));

describe('popularity', () => {
  it('is the logarithm of the number of users who chose an item, without contributions of evidence', () => {
    const profile = of(Uint32Array.of(99, 9, 0), 3).profile(none);
    expect([0, 1, 2].map(profile.score)).toEqual([Math.log(100), Math.log(10), 0].map(Math.fround));
    expect(profile.contributions(0)).toBeNull();
  });

  it('has z-scores of 0 without spread, and no candidates without items', () => {
    const level = of(Uint32Array.of(5, 5, 5), 3).profile(none);
    expect((level.score(1) - level.mean) / level.deviation).toBeCloseTo(0, 6);
    expect([...of(new Uint32Array(), 0).profile(none).candidates(3)]).toEqual([]);
  });
});

describe('trending items', () => {
  const counts = Uint32Array.from({ length: 50 }, (_, row) => 1000 - 20 * row);
  const prior = of(counts, 40);
  const live = fc
    .uniqueArray(fc.tuple(fc.nat(55), fc.double({ min: 0.01, max: 5000, noNaN: true })), { selector: ([row]) => row })
    .map((entries) => new Map(entries));
  const all = Array.from({ length: 56 }, (_, row) => row);

  it('leave the prior unchanged where there are none', () => {
    expect(prior.profile(trending(new Map()))).toBe(prior.profile(none));
  });

  it('score higher the more live weight they have, and do not change the score of other items', () => {
    fc.assert(
      fc.property(live, (weights) => {
        const { score, mean, deviation } = prior.profile(trending(weights));
        expect([mean, deviation]).toEqual([prior.profile(none).mean, prior.profile(none).deviation]);
        for (const row of all) {
          const before = prior.profile(none).score(row);
          if (weights.has(row)) expect(score(row)).toBeGreaterThan(before);
          else expect(score(row)).toBe(before);
          const more = prior.profile(trending(new Map([[row, (weights.get(row) ?? 0) + 1]])));
          expect(more.score(row)).toBeGreaterThan(score(row));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('are ranked by the posterior of the shares, m · count / total + weight', () => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    fc.assert(
      fc.property(live, (weights) => {
        const posterior = (row: number) => (10_000 * (counts[row] ?? 0)) / total + (weights.get(row) ?? 0);
        const { score } = prior.profile(trending(weights));
        for (const a of all)
          for (const b of [0, 9, 30, 52])
            if (posterior(a) > posterior(b) * 1.0001) expect(score(a)).toBeGreaterThanOrEqual(score(b));
      }),
      { numRuns: 30 },
    );
  });

  it('are retrieved together with popular items, added rows included', () => {
    fc.assert(
      fc.property(live, fc.integer({ min: 1, max: 60 }), (weights, limit) => {
        const { score, candidates } = prior.profile(trending(weights));
        const rows = all.filter((row) => row < 50 || weights.has(row));
        const best = rows.sort((a, b) => score(b) - score(a) || a - b).slice(0, limit);
        expect([...candidates(limit)]).toEqual(best);
      }),
    );
  });

  it('are those with more than half of their popularity from recent events', () => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    const even = (10_000 * counts[4]) / total;
    expect(prior.isTrending(4, 1.01 * even)).toBe(true);
    expect(prior.isTrending(4, 0.99 * even)).toBe(false);
    expect(prior.isTrending(52, 1)).toBe(true);
  });
});
