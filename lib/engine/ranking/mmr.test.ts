import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mmr } from './mmr';

const eighth = fc.nat(8).map((n) => n / 8);
const pool = fc.integer({ min: 1, max: 12 }).chain((size) =>
  fc.record({
    scores: fc
      .array(fc.integer({ min: 0, max: 8 }), { minLength: size, maxLength: size })
      .map((scores) => scores.sort((a, b) => b - a)),
    similarity: fc.array(fc.array(eighth, { minLength: size, maxLength: size }), { minLength: size, maxLength: size }),
    count: fc.nat(14),
    diversity: eighth,
  }),
);

describe('mmr', () => {
  it('picks the row with the largest marginal relevance at each step', () => {
    fc.assert(
      fc.property(pool, ({ scores, similarity, count, diversity }) => {
        // Row numbers differ from positions in the pool.
        const rows = scores.map((_, position) => 100 + position);
        const found = mmr(rows, scores, count, diversity, (a, b) => similarity[a - 100][b - 100]);
        expect(found).toHaveLength(Math.min(count, scores.length));
        expect(new Set(found).size).toBe(found.length);
        const [highest, lowest] = [scores[0], scores[scores.length - 1]];
        found.forEach((pick, place) => {
          const before = found.slice(0, place);
          const value = (position: number) => {
            const relevance = (scores[position] - lowest) / (highest - lowest || 1);
            return (
              (1 - diversity) * relevance -
              diversity * Math.max(0, ...before.map((other) => similarity[other][position]))
            );
          };
          const left = [...scores.keys()].filter((position) => !before.includes(position));
          expect(value(pick)).toBeGreaterThan(Math.max(...left.map(value)) - 1e-9);
        });
      }),
    );
  });

  it('keeps the order of relevance at diversity 0, without computing similarities', () => {
    const never = () => {
      throw new Error('similarity was computed');
    };
    expect(mmr([5, 6, 7], [3, 2, 1], 2, 0, never)).toEqual([0, 1]);
    expect(mmr([5, 6, 7], [3, 2, 1], 1, 0.9, never)).toEqual([0]);
    expect(mmr([], [], 3, 0.5, never)).toEqual([]);
  });

  it('passes over a duplicate of a picked row', () => {
    const similarity = [
      [1, 1, 0],
      [1, 1, 0],
      [0, 0, 1],
    ];
    const at = (diversity: number) => mmr([0, 1, 2], [1, 0.9, 0.5], 3, diversity, (a, b) => similarity[a][b]);
    expect(at(0.1)).toEqual([0, 1, 2]);
    expect(at(0.5)).toEqual([0, 2, 1]);
  });

  it('picks the least similar row next at diversity 1, whatever its score', () => {
    const similarity = [
      [1, 0.2, 0.1],
      [0.2, 1, 0],
      [0.1, 0, 1],
    ];
    expect(mmr([0, 1, 2], [9, 8, 0], 2, 1, (a, b) => similarity[a][b])).toEqual([0, 2]);
  });

  it('does not depend on the scale of the scores', () => {
    const similarity = [
      [1, 0.9, 0],
      [0.9, 1, 0],
      [0, 0, 1],
    ];
    const at = (scale: number, shift: number) =>
      mmr(
        [0, 1, 2],
        [3, 2, 1].map((score) => scale * score + shift),
        3,
        0.4,
        (a, b) => similarity[a][b],
      );
    expect(at(1000, -7)).toEqual(at(1, 0));
  });

  it('computes no similarity that cannot change the result', () => {
    let computed = 0;
    const found = mmr([0, 1, 2, 3, 4], [10, 9, 8, 1, 0], 3, 0.2, () => {
      computed++;
      return 0.1;
    });
    expect(found).toEqual([0, 1, 2]);
    // The second against the first; the third against both.
    expect(computed).toBe(3);
  });

  it('returns a full list where all scores are equal', () => {
    expect(mmr([0, 1, 2], [2, 2, 2], 3, 0.5, () => 0)).toEqual([0, 1, 2]);
  });
});
