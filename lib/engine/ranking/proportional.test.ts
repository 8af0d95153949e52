import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evidence, SignalProfile } from '../recommenders/recommender';
import { serveEach } from './proportional';

const ROWS = 100;
const TOP = 20;

const like = (row: number): Evidence => ({ source: { kind: 'item', row }, weight: 1, sign: 1, rows: [row], terms: [] });
const rankingOf = (scores: number[]) => {
  const rows = Uint32Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a] || a - b);
  return { rows, scores: Float64Array.from(rows, (row) => scores[row]) };
};
/** A signal to which each entry adds its own scores. */
const signalOf = (contributions: number[][], signal: 'content' | 'related' = 'content') => {
  const profile: SignalProfile = {
    mean: 0,
    deviation: 1,
    coherence: 1,
    score: (row) => contributions.reduce((sum, own) => sum + own[row], 0),
    candidates: () => new Uint32Array(),
    contributions: (row) => Float64Array.from(contributions, (own) => own[row]),
  };
  return { signal, profile, weight: 1 } as const;
};
/** Row r belongs to entry r mod `entries`; the first entry's items score higher than all others. */
const owned = (entries: number) =>
  Array.from({ length: entries }, (_, entry) =>
    Array.from({ length: ROWS }, (_, row) => (row % entries === entry ? (entry === 0 ? 3 : 1) - row / ROWS : 0)),
  );
const total = (contributions: number[][]) =>
  Array.from({ length: ROWS }, (_, row) => contributions.reduce((sum, own) => sum + own[row], 0));

describe('serveEach', () => {
  it.each([2, 3, 4, 5])('gives each of %i likes that have nothing in common its part of the list', (entries) => {
    const contributions = owned(entries);
    const evidence = Array.from({ length: entries }, (_, row) => like(row));
    const { rows } = serveEach(rankingOf(total(contributions)), evidence, [signalOf(contributions)], TOP);
    for (let entry = 0; entry < entries; entry++) {
      const own = [...rows.subarray(0, TOP)].filter((row) => row % entries === entry);
      // Several may lack a place at the same time, and wait for each other.
      expect(own.length).toBeGreaterThanOrEqual(Math.floor((0.5 * TOP) / entries) - 1);
      // Within an entry the order is by score.
      expect(own).toEqual([...own].sort((a, b) => a - b));
    }
  });

  it('serves an entry whose rows all score lower than a few hundred of another entry', () => {
    const first = Array.from({ length: ROWS }, (_, row) => (row < 90 ? 3 - row / ROWS : 0));
    const second = Array.from({ length: ROWS }, (_, row) => (row < 90 ? 0 : 1 - row / ROWS));
    const signal = signalOf([first, second], 'related');
    const { rows } = serveEach(rankingOf(total([first, second])), [like(0), like(1)], [signal], 8);
    expect([...rows.subarray(0, 8)].filter((row) => row >= 90)).toHaveLength(2);
  });

  it.each([1, 2])('puts what is about none of %i likes behind everything that is about one, and says so', (likes) => {
    const [first, second] = owned(2);
    const isHit = (row: number) => row % 7 === 3;
    const contributions = [first, second].map((own) => own.map((part, row) => (isHit(row) ? 0.01 : part + 0.3)));
    const scores = total(contributions).map((score, row) => (isHit(row) ? 10 + score : score));
    const evidence = [like(0), like(1)].slice(0, likes);
    const { rows, fillers } = serveEach(rankingOf(scores), evidence, [signalOf(contributions.slice(0, likes))], TOP);
    expect([...rows.subarray(0, TOP)].filter(isHit)).toEqual([]);
    expect([...fillers].sort((a, b) => a - b)).toEqual(Array.from({ length: ROWS }, (_, row) => row).filter(isHit));
  });

  it.each([0, 6, 30])('leaves the ranking of %i likes as it is', (entries) => {
    const contributions = owned(Math.max(1, entries));
    const ranking = rankingOf(total(contributions));
    const evidence = Array.from({ length: entries }, (_, row) => like(row));
    expect(serveEach(ranking, evidence, [signalOf(contributions)], TOP)).toEqual({ ...ranking, fillers: new Set() });
  });

  it('keeps the order where likes agree about every item', () => {
    const agreed = Array.from({ length: ROWS }, (_, row) => ((row * 37) % ROWS) / ROWS);
    const ranking = rankingOf(agreed.map((value) => 2 * value));
    const { rows } = serveEach(ranking, [like(0), like(1)], [signalOf([agreed, agreed])], TOP);
    expect([...rows]).toEqual([...ranking.rows]);
  });

  it('returns the same rows and scores, and leaves later places in their order', () => {
    const score = fc.double({ min: -2, max: 2, noNaN: true });
    const columns = fc.array(fc.array(score, { minLength: ROWS, maxLength: ROWS }), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(columns, fc.integer({ min: 1, max: 30 }), (contributions, topK) => {
        const ranking = rankingOf(total(contributions));
        const evidence = contributions.map((_, row) => like(row));
        const { rows, scores } = serveEach(ranking, evidence, [signalOf(contributions)], topK);
        expect(new Set(rows)).toEqual(new Set(ranking.rows));
        expect(rows).toHaveLength(ROWS);
        expect(scores).toEqual(ranking.scores);
        const later = [...rows.subarray(topK)];
        expect(later).toEqual([...ranking.rows].filter((row) => later.includes(row)));
      }),
      { numRuns: 50 },
    );
  });
});

describe('a dislike', () => {
  it('takes from every part what is like it', () => {
    const [first, second] = owned(2);
    // Rows from 50 on are like the dislike as much as they are about their entry.
    const against = Array.from({ length: ROWS }, (_, row) => (row >= 50 ? -(first[row] + second[row]) : 0));
    const contributions = [first, second, against];
    const evidence: Evidence[] = [like(0), like(1), { ...like(60), sign: -1 }];
    const flat = rankingOf(Array.from({ length: ROWS }, () => 1));
    const { rows } = serveEach(flat, evidence, [signalOf(contributions)], TOP);
    for (const row of rows.subarray(0, TOP)) expect(row).toBeLessThan(50);
  });
});
