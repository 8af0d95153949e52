import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Signal } from '../contracts/engine';
import {
  CandidatePool,
  candidateCount,
  poolSize,
  proposers,
  rankRows,
  ScoreTable,
  type WeightedSignal,
  zScore,
} from './candidates';
import type { SignalProfile } from './recommenders/recommender';

const SIZE = 60;
/** A signal of the given scores, by row. */
const profileOf = (scores: readonly number[]): SignalProfile => ({
  mean: 1,
  deviation: 2,
  coherence: 1,
  score: (row) => scores[row],
  contributions: () => null,
  candidates: (limit) =>
    Uint32Array.from([...scores.keys()].sort((a, b) => scores[b] - scores[a] || a - b).slice(0, limit)),
});
const scores = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: SIZE, maxLength: SIZE });
const signals = fc
  .uniqueArray(
    fc.tuple(
      fc.constantFrom<Signal>('content', 'latent', 'neighbours', 'popular'),
      scores,
      fc.integer({ min: -3, max: 3 }),
    ),
    {
      selector: ([signal]) => signal,
    },
  )
  .map((list) =>
    list.map(([signal, values, weight]): WeightedSignal => ({ signal, weight, profile: profileOf(values) })),
  );
const excluded = fc.uniqueArray(fc.nat(SIZE - 1), { maxLength: SIZE });

describe('the pool', () => {
  it('holds enough distinct rows, none that is excluded, and the best of every signal', () => {
    const buffers = new CandidatePool(SIZE);
    fc.assert(
      fc.property(signals, fc.integer({ min: 0, max: 80 }), excluded, (given, size, out) => {
        // The buffers of one pool serve every draw.
        const pool = [...buffers.draw(given, size, out)];
        expect(new Set(pool).size).toBe(pool.length);
        expect(pool.filter((row) => out.includes(row))).toEqual([]);
        expect(pool.length).toBeGreaterThanOrEqual(Math.min(size, SIZE - out.length));
        // Shares are rounded up.
        expect(pool.length).toBeLessThanOrEqual(Math.min(size + given.length, SIZE - out.length));
        if (size === 0 || out.length === SIZE) return;
        for (const { profile } of given) {
          const best = [...profile.candidates(SIZE)].find((row) => !out.includes(row))!;
          expect(pool).toContain(best);
        }
      }),
    );
  });

  it('gives the share of a signal that proposes nothing to the most popular items', () => {
    const silent = { ...profileOf(Array(SIZE).fill(0)), candidates: () => new Uint32Array() };
    const pool = new CandidatePool(SIZE);
    expect([...pool.draw([{ signal: 'neighbours', profile: silent }], 5, [0, 3])]).toEqual([1, 2, 4, 5, 6]);
    expect([...pool.draw([], 3, [])]).toEqual([0, 1, 2]);
  });
});

describe('the ranking', () => {
  it('is by the weighted sum of z-scores, the more popular first among equals', () => {
    fc.assert(
      fc.property(signals, fc.shuffledSubarray([...Array(SIZE).keys()]), fc.nat(SIZE), (given, rows, limit) => {
        const scoreOf = (row: number) =>
          given.reduce((sum, { profile, weight }) => sum + weight * ((profile.score(row) - 1) / 2), 0);
        const expected = [...rows].sort((a, b) => scoreOf(b) - scoreOf(a) || a - b).slice(0, limit);
        const table = new ScoreTable(Uint32Array.from(rows));
        // A table remembers what was asked of it.
        for (let round = 0; round < 2; round++) {
          const ranked = rankRows(table, given, limit);
          expect([...ranked.rows]).toEqual(expected);
          expect([...ranked.scores]).toEqual(expected.map(scoreOf));
        }
      }),
    );
  });

  it('measures in standard deviations above the mean', () => {
    expect(zScore(profileOf([5]), 0)).toBe(2);
  });
});

describe('the candidate stage', () => {
  it('lets no signal propose that counts against what it finds', () => {
    fc.assert(
      fc.property(signals, (given) => {
        const named = proposers(given).map(({ signal }) => signal);
        expect(named).toEqual(given.flatMap(({ signal, weight }) => (weight > 0 ? [signal] : [])));
      }),
    );
  });

  it('scores no more rows than its budget, however large the catalog', () => {
    const large = 50_000;
    let scored = 0;
    const counting = (signal: Signal): WeightedSignal => ({
      signal,
      weight: 1,
      profile: {
        ...profileOf([]),
        score: (row) => {
          scored++;
          return row;
        },
        candidates: (limit) => Uint32Array.from({ length: limit }, (_, i) => large - 1 - 3 * i),
      },
    });
    const given = [counting('content'), counting('latent'), counting('neighbours'), counting('popular')];
    const rows = new CandidatePool(large).draw(given, poolSize(20), []);
    rankRows(new ScoreTable(rows), given, 100);
    expect(rows.length).toBeLessThanOrEqual(1504);
    expect(scored).toBe(4 * rows.length);
  });

  it('is longer for a longer list, and long enough for one that is diversified', () => {
    expect(candidateCount(20)).toBeGreaterThanOrEqual(500);
    expect(candidateCount(1000)).toBeGreaterThan(candidateCount(20));
  });
});
