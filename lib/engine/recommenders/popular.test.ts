import { describe, expect, it } from 'vitest';
import { PopularRecommender } from './popular';

describe('popularity', () => {
  it('is the logarithm of how many chose an item, for everyone alike', () => {
    const profile = new PopularRecommender(Uint32Array.of(99, 9, 0), 3).profile();
    expect([0, 1, 2].map(profile.score)).toEqual([Math.log(100), Math.log(10), 0].map(Math.fround));
    expect(profile.contributions(0)).toBeNull();
  });

  it('without spread or without items has z-scores of 0', () => {
    const level = new PopularRecommender(Uint32Array.of(5, 5, 5), 3).profile();
    expect((level.score(1) - level.mean) / level.deviation).toBeCloseTo(0, 6);
    expect([...new PopularRecommender(new Uint32Array(), 0).profile().candidates(3)]).toEqual([]);
  });
});
