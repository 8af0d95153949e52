import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ranking } from './candidates';
import { diversify, listDiversity, rankedPlaces } from './diversity';

const similarityByResidue = (a: number, b: number) => (a % 7 === b % 7 ? 0.9 : 1 / (2 + Math.abs(a - b)));
const ranking: fc.Arbitrary<Ranking> = fc.uniqueArray(fc.nat(5000), { maxLength: 700 }).chain((rows) =>
  fc.array(fc.integer({ min: -50, max: 50 }), { minLength: rows.length, maxLength: rows.length }).map((scores) => ({
    rows: Uint32Array.from(rows),
    scores: Float64Array.from(scores).sort((a, b) => b - a),
  })),
);
const topK = fc.oneof(fc.nat(20), fc.integer({ min: 90, max: 800 }));
const diversity = fc.double({ min: 0, max: 1, noNaN: true });
/** A ranking of rows 0, 1, 2, … */
const rankingOf = (scores: number[]): Ranking => ({
  rows: Uint32Array.from(scores.keys()),
  scores: Float64Array.from(scores),
});

describe('diversify', () => {
  it('returns distinct rows of the ranking, as many as requested where there are enough', () => {
    fc.assert(
      fc.property(ranking, topK, diversity, (given, count, strength) => {
        const list = diversify(given, count, strength, similarityByResidue);
        expect(list).toHaveLength(Math.min(count, given.rows.length));
        expect(new Set(list).size).toBe(list.length);
        const ranked = new Set(given.rows);
        expect(list.filter((row) => !ranked.has(row))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps the order at diversity 0, without computing similarities', () => {
    const never = () => {
      throw new Error('similarity was computed');
    };
    fc.assert(
      fc.property(ranking, topK, (given, count) => {
        expect(diversify(given, count, 0, never)).toEqual([...given.rows].slice(0, count));
      }),
      { numRuns: 60 },
    );
  });

  it('keeps the order where all rows are equally similar', () => {
    fc.assert(
      fc.property(ranking, fc.nat(40), fc.double({ min: 0, max: 0.9, noNaN: true }), (given, count, strength) => {
        const list = diversify(given, count, strength, () => 0.5);
        const rank = new Map([...given.rows].map((row, place) => [row, given.scores[place]]));
        const scores = list.map((row) => rank.get(row)!);
        expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      }),
      { numRuns: 60 },
    );
  });

  it('reads no further than the ranked places, and keeps the first row', () => {
    fc.assert(
      fc.property(ranking, fc.integer({ min: 1, max: 20 }), diversity, (given, count, strength) => {
        const list = diversify(given, count, strength, similarityByResidue);
        const needed = new Set(given.rows.subarray(0, rankedPlaces(count)));
        expect(list.filter((row) => !needed.has(row))).toEqual([]);
        const best = list.length > 0 && given.scores[given.rows.indexOf(list[0])];
        expect(best).toBe(list.length > 0 && given.scores[0]);
      }),
      { numRuns: 60 },
    );
  });

  it('moves a duplicate down the list', () => {
    const sameAsFirst = (a: number, b: number) => Number(a <= 1 && b <= 1);
    expect(diversify(rankingOf([9, 8.9, 5, 0]), 3, 0.4, sameAsFirst)).toEqual([0, 2, 1]);
  });

  it('reorders only the first 100 places', () => {
    const given = rankingOf(Array.from({ length: 600 }, (_, i) => 600 - i));
    const list = diversify(given, 300, 0.8, similarityByResidue);
    const tail = list.slice(100);
    expect(list.slice(0, 100)).not.toEqual([...given.rows.subarray(0, 100)]);
    expect(tail).toEqual(tail.toSorted((a, b) => a - b));
  });
});

describe('rankedPlaces', () => {
  it('is at least the length of the list, and never falls for longer lists', () => {
    fc.assert(
      fc.property(fc.nat(1000), (count) => {
        expect(rankedPlaces(count)).toBeGreaterThanOrEqual(count);
        expect(rankedPlaces(count + 1)).toBeGreaterThanOrEqual(rankedPlaces(count));
      }),
    );
  });
});

describe('listDiversity', () => {
  it('is 0 for identical rows and 1 for unrelated ones', () => {
    expect(listDiversity([1, 2, 3], () => 1)).toBe(0);
    expect(listDiversity([1, 2, 3], () => 0)).toBe(1);
  });

  it('is 0 for fewer than two rows', () => {
    expect(listDiversity([], () => 0)).toBe(0);
    expect(listDiversity([4], () => 0)).toBe(0);
  });

  it('is the mean of 1 − similarity over all pairs', () => {
    // Three pairs, one of them identical.
    expect(listDiversity([1, 3, 2], (a, b) => Number(a % 2 === b % 2))).toBeCloseTo(2 / 3, 12);
  });

  it('stays within [0, 1] and does not depend on the order of the list', () => {
    const similarity = (scale: number) => (a: number, b: number) => scale * similarityByResidue(a, b);
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(100), { maxLength: 12 }),
        fc.double({ min: -2, max: 2, noNaN: true }),
        (rows, scale) => {
          const found = listDiversity(rows, similarity(scale));
          expect(found).toBeGreaterThanOrEqual(0);
          expect(found).toBeLessThanOrEqual(1);
          expect(listDiversity(rows.toReversed(), similarity(scale))).toBeCloseTo(found, 12);
        },
      ),
    );
  });
});
