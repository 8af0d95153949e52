import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScoreSignal, Signal } from '../../contracts/engine';
import type { SignalProfile } from '../recommenders/recommender';
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

const SIZE = 60;
const QUOTAS: Record<ScoreSignal, WeightedSignal['quota']> = {
  content: { strategy: 'similar', share: 1 },
  latent: { strategy: 'factors', share: 1 },
  neighbours: { strategy: 'similar', share: 3 },
  related: { strategy: 'similar', share: 3 },
  popular: { strategy: 'popular', share: 1 },
  social: { strategy: 'social', share: 1 },
};
/** A profile with the given scores, by row. */
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
    list.map(
      ([signal, values, weight]): WeightedSignal => ({
        signal,
        weight,
        profile: profileOf(values),
        quota: QUOTAS[signal],
      }),
    ),
  );
const excluded = fc.uniqueArray(fc.nat(SIZE - 1), { maxLength: SIZE });

describe('CandidatePool.retrieve', () => {
  it('returns enough distinct rows, no excluded ones, and the best of every signal', () => {
    const buffers = new CandidatePool(SIZE);
    fc.assert(
      fc.property(signals, fc.integer({ min: 0, max: 80 }), excluded, (given, size, out) => {
        // All retrievals share the buffers of one pool.
        const pool = [...buffers.retrieve(given, size, out).rows];
        expect(new Set(pool).size).toBe(pool.length);
        expect(pool.filter((row) => out.includes(row))).toEqual([]);
        expect(pool.length).toBeGreaterThanOrEqual(Math.min(size, SIZE - out.length));
        // Quotas are rounded up.
        expect(pool.length).toBeLessThanOrEqual(Math.min(size + given.length, SIZE - out.length));
        if (size === 0 || out.length === SIZE) return;
        for (const { profile } of given) {
          const best = [...profile.candidates(SIZE)].find((row) => !out.includes(row))!;
          expect(pool).toContain(best);
        }
      }),
    );
  });

  it('takes 40 % by factors, 30 % by neighbours and content, 20 % by popularity, 10 % by friends', () => {
    // No two signals propose the same row.
    const unlimited = (signal: ScoreSignal, first: number) => ({
      signal,
      quota: QUOTAS[signal],
      profile: {
        ...profileOf([]),
        candidates: (limit: number) => Uint32Array.from({ length: limit }, (_, i) => first + i),
      },
    });
    const five = [
      unlimited('content', 5000),
      unlimited('latent', 1000),
      unlimited('neighbours', 2000),
      unlimited('popular', 3000),
      unlimited('social', 4000),
    ];
    const pool = new CandidatePool(6000);
    expect(pool.retrieve(five, 1000, []).sources).toEqual({
      latent: 400,
      neighbours: 225,
      content: 75,
      popular: 200,
      social: 100,
    });
    // Where signals are missing, the others keep their proportions.
    expect(pool.retrieve(five.slice(0, 2), 700, []).sources).toEqual({ latent: 400, content: 300 });
    expect(pool.retrieve(five.slice(0, 4), 900, []).sources).toEqual({
      latent: 400,
      neighbours: 225,
      content: 75,
      popular: 200,
    });
  });

  it('passes quota that a signal cannot fill to the next signal in this order', () => {
    const limited = (signal: ScoreSignal, first: number, count: number) => ({
      signal,
      quota: QUOTAS[signal],
      profile: {
        ...profileOf([]),
        candidates: (limit: number) => Uint32Array.from({ length: Math.min(limit, count) }, (_, i) => first + i),
      },
    });
    const pool = new CandidatePool(6000);
    const given = [
      limited('social', 4000, 5),
      limited('latent', 1000, 10),
      limited('neighbours', 2000, 9999),
      limited('popular', 3000, 50),
    ];
    // 1000: latent 400 → 10, neighbours 300 + 390, popular 200 → 50, social 100 + 150 → 5, and the rest by popularity.
    expect(pool.retrieve(given, 1000, []).sources).toEqual({
      latent: 10,
      neighbours: 690,
      popular: 50,
      social: 5,
      fill: 245,
    });
  });

  it('counts each row for the first source that proposed it, and adds fresh rows', () => {
    const buffers = new CandidatePool(SIZE);
    fc.assert(
      fc.property(
        signals,
        fc.integer({ min: 0, max: 80 }),
        excluded,
        fc.uniqueArray(fc.nat(SIZE - 1)),
        (given, size, out, fresh) => {
          const plain = buffers.retrieve(given, size, out);
          const plainRows = [...plain.rows];
          const { rows, sources } = buffers.retrieve(given, size, out, fresh);
          expect(Object.values(sources).reduce((sum, count) => sum + count, 0)).toBe(rows.length);
          const added = fresh.filter((row) => !out.includes(row) && !plainRows.includes(row));
          expect([...rows]).toEqual([...plainRows, ...added]);
          expect(sources).toEqual({ ...plain.sources, ...(added.length > 0 && { fresh: added.length }) });
        },
      ),
    );
  });

  it('fills the quota of a signal without candidates with the most popular items', () => {
    const empty = { ...profileOf(Array(SIZE).fill(0)), candidates: () => new Uint32Array() };
    const pool = new CandidatePool(SIZE);
    expect([
      ...pool.retrieve([{ signal: 'neighbours', profile: empty, quota: QUOTAS.neighbours }], 5, [0, 3]).rows,
    ]).toEqual([1, 2, 4, 5, 6]);
    expect([...pool.retrieve([], 3, []).rows]).toEqual([0, 1, 2]);
  });
});

describe('rankRows', () => {
  it('sorts by the weighted sum of z-scores, ties by popularity', () => {
    fc.assert(
      fc.property(signals, fc.shuffledSubarray([...Array(SIZE).keys()]), fc.nat(SIZE), (given, rows, limit) => {
        const scoreOf = (row: number) =>
          given.reduce((sum, { profile, weight }) => sum + weight * ((profile.score(row) - 1) / 2), 0);
        const expected = [...rows].sort((a, b) => scoreOf(b) - scoreOf(a) || a - b).slice(0, limit);
        const table = new ScoreTable(Uint32Array.from(rows));
        // The second round reads the cached z-scores of the table.
        for (let round = 0; round < 2; round++) {
          const ranked = rankRows(table, given, limit);
          expect([...ranked.rows]).toEqual(expected);
          expect([...ranked.scores]).toEqual(expected.map(scoreOf));
        }
      }),
    );
  });
});

describe('zScore', () => {
  it('is in standard deviations above the mean', () => {
    expect(zScore(profileOf([5]), 0)).toBe(2);
  });
});

describe('the candidate stage', () => {
  it('uses only signals with a positive weight as proposers', () => {
    fc.assert(
      fc.property(signals, (given) => {
        const proposing = proposers(given).map(({ signal }) => signal);
        expect(proposing).toEqual(given.flatMap(({ signal, weight }) => (weight > 0 ? [signal] : [])));
      }),
    );
  });

  it('scores no more rows than the pool has, however large the catalog', () => {
    const large = 50_000;
    let scored = 0;
    const counting = (signal: Signal): WeightedSignal => ({
      signal,
      weight: 1,
      quota: QUOTAS[signal],
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
    const { rows } = new CandidatePool(large).retrieve(given, poolSize(20), []);
    rankRows(new ScoreTable(rows), given, 100);
    expect(rows.length).toBeLessThanOrEqual(1504);
    expect(scored).toBe(4 * rows.length);
  });

  it('has more candidates for a longer list, and enough for diversification', () => {
    expect(candidateCount(20)).toBeGreaterThanOrEqual(500);
    expect(candidateCount(1000)).toBeGreaterThan(candidateCount(20));
  });
});
