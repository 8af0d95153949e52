import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidate, mixFirstList, type Pools, quotas, SHARES, SLOTS, weightedOrder } from './mix';

const candidate: fc.Arbitrary<Candidate> = fc.record({
  // Few different ids, so that the pools overlap.
  id: fc.integer({ min: 0, max: 60 }).map(String),
  popularity: fc.nat(10_000),
});
const pool = fc.array(candidate, { maxLength: 40 });
const anyPools: fc.Arbitrary<Pools<Candidate>> = fc.record({
  popular: pool,
  interests: fc.array(pool, { minLength: 3, maxLength: 5 }),
  explore: pool.map((items) => [...new Map(items.map((item) => [item.id, item])).values()]),
});
const sizes = fc.integer({ min: 1, max: 100 });

const item = (id: string, popularity = 1): Candidate => ({ id, popularity });
const many = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, i) => item(`${prefix}${i}`, count - i));
const plenty: Pools<Candidate> = {
  popular: many('p', 100),
  interests: [many('a', 50), many('b', 50), many('c', 50)],
  explore: many('e', 500),
};
const countOf = (list: { slot: string }[], slot: string) => list.filter((entry) => entry.slot === slot).length;

describe('quotas', () => {
  it('are a fifth, three fifths and a fifth of twenty', () => {
    expect(quotas(20)).toEqual({ popular: 4, interest: 12, explore: 4 });
  });

  it('add up to the size, each less than one away from its share', () => {
    fc.assert(
      fc.property(sizes, (size) => {
        const result = quotas(size);
        expect(SLOTS.reduce((sum, slot) => sum + result[slot], 0)).toBe(size);
        for (const slot of SLOTS) expect(Math.abs(result[slot] - SHARES[slot] * size)).toBeLessThan(1);
      }),
    );
  });
});

describe('mixFirstList', () => {
  it('has exactly the quotas if every pool has enough items', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.string(), (size, seed) => {
        const list = mixFirstList(plenty, size, seed);
        for (const slot of SLOTS) expect(countOf(list, slot)).toBe(quotas(size)[slot]);
      }),
    );
  });

  it('is as full as the pools allow, without duplicates, each item from the pool of its slot', () => {
    fc.assert(
      fc.property(anyPools, sizes, fc.string(), (pools, size, seed) => {
        const list = mixFirstList(pools, size, seed);
        const sources = { popular: pools.popular, interest: pools.interests.flat(), explore: pools.explore };
        const available = new Set(Object.values(sources).flatMap((items) => items.map(({ id }) => id)));
        expect(list).toHaveLength(Math.min(size, available.size));
        expect(new Set(list.map(({ id }) => id)).size).toBe(list.length);
        for (const { slot, id } of list) expect(sources[slot].some((source) => source.id === id)).toBe(true);
      }),
    );
  });

  it('is the same for the same seed', () => {
    fc.assert(
      fc.property(anyPools, sizes, fc.string(), (pools, size, seed) => {
        expect(mixFirstList(pools, size, seed)).toEqual(mixFirstList(pools, size, seed));
      }),
    );
  });

  it('changes only the exploration with the seed', () => {
    const withoutExploration = (seed: string) =>
      mixFirstList(plenty, 20, seed).filter(({ slot }) => slot !== 'explore');
    expect(mixFirstList(plenty, 20, 'one')).not.toEqual(mixFirstList(plenty, 20, 'two'));
    expect(withoutExploration('one')).toEqual(withoutExploration('two'));
  });

  it('takes the interests in turn', () => {
    const interests = mixFirstList(plenty, 20, 'seed').filter(({ slot }) => slot === 'interest');
    const turns = [0, 1, 2, 3].flatMap((n) => ['a', 'b', 'c'].map((interest) => `${interest}${n}`));
    expect(interests.map(({ id }) => id)).toEqual(turns);
  });

  it('spreads the slots: every ten places have about their shares', () => {
    const list = mixFirstList(plenty, 50, 'seed');
    for (let from = 0; from < 50; from += 10) {
      const stretch = list.slice(from, from + 10);
      for (const slot of SLOTS) expect(Math.abs(countOf(stretch, slot) - SHARES[slot] * 10)).toBeLessThanOrEqual(1);
    }
  });

  it('gives the places of an empty pool to the others', () => {
    const list = mixFirstList({ ...plenty, explore: [] }, 20, 'seed');
    expect(list).toHaveLength(20);
    expect(countOf(list, 'explore')).toBe(0);
    const nothing = mixFirstList({ popular: [], interests: [[]], explore: [] }, 20, 'seed');
    expect(nothing).toEqual([]);
  });
});

describe('weightedOrder', () => {
  it('is a permutation', () => {
    fc.assert(
      fc.property(pool, fc.nat(), (items, seed) => {
        const byId = (a: Candidate, b: Candidate) => a.id.localeCompare(b.id) || a.popularity - b.popularity;
        expect(weightedOrder(items, seed).toSorted(byId)).toEqual(items.toSorted(byId));
      }),
    );
  });

  it('starts with the same items for any count', () => {
    fc.assert(
      fc.property(pool, fc.nat(), fc.nat(50), (items, seed, count) => {
        expect(weightedOrder(items, seed, count)).toEqual(weightedOrder(items, seed).slice(0, count));
      }),
    );
  });

  it('samples the first item in proportion to the square root of popularity', () => {
    const items = [item('liked', 399), item('unknown', 0), item('known', 99)];
    const samples = 4000;
    const first = Array.from({ length: samples }, (_, seed) => weightedOrder(items, seed)[0].id);
    const share = (id: string) => first.filter((sampled) => sampled === id).length / samples;
    // Weights 20, 1 and 10.
    expect(share('liked')).toBeCloseTo(20 / 31, 1);
    expect(share('known')).toBeCloseTo(10 / 31, 1);
  });
});
