import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BestRows, TopK, topRows } from './top-k';

// Few distinct scores make ties common.
const score = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true }));

describe('TopK', () => {
  it('selects what sorting everything would select', () => {
    fc.assert(
      fc.property(fc.array(score, { maxLength: 60 }), fc.nat(70), (scores, k) => {
        const best = new TopK(k);
        scores.forEach((value, row) => {
          best.push(row, value);
        });
        const sorted = [...scores.keys()].sort((a, b) => scores[b] - scores[a] || a - b);
        expect([...best.drain()]).toEqual(sorted.slice(0, k));
      }),
    );
  });

  it('prefers the lower row of a tie, in any order of input', () => {
    const best = new TopK(2);
    for (const row of [5, 2, 9, 1]) best.push(row, 0);
    expect([...best.drain()]).toEqual([1, 2]);
  });

  it('has the lowest selected score as threshold once it is full', () => {
    const best = new TopK(2);
    expect(best.threshold).toBe(Number.NEGATIVE_INFINITY);
    best.push(0, 3);
    best.push(1, 1);
    expect(best.threshold).toBe(1);
    best.push(2, 2);
    expect(best.threshold).toBe(2);
  });

  it('selects nothing if k is 0, or without input', () => {
    const none = new TopK(0);
    none.push(1, 1);
    expect(none.threshold).toBe(Number.POSITIVE_INFINITY);
    expect(none.drain()).toHaveLength(0);
    expect(new TopK(3).drain()).toHaveLength(0);
  });

  it('is empty after drain', () => {
    const best = new TopK(2);
    best.push(7, 1);
    best.drain();
    best.push(8, -1);
    expect([...best.drain()]).toEqual([8]);
  });
});

describe('topRows', () => {
  it('selects what sorting all scores above the floor would select', () => {
    const floor = fc.oneof(fc.constant(Number.NEGATIVE_INFINITY), fc.integer({ min: -2, max: 2 }));
    fc.assert(
      fc.property(fc.array(score, { maxLength: 60 }), fc.nat(70), floor, (scores, k, above) => {
        const sorted = [...scores.keys()]
          .filter((row) => scores[row] > above)
          .sort((a, b) => scores[b] - scores[a] || a - b);
        expect([...topRows(scores, k, above)]).toEqual(sorted.slice(0, k));
      }),
    );
  });
});

describe('BestRows', () => {
  it('gives what topRows does, in whatever order lists of different lengths are asked for', () => {
    const lengths = fc.array(fc.nat(70), { minLength: 1, maxLength: 6 });
    const floor = fc.constantFrom(undefined, 0);
    fc.assert(
      fc.property(fc.array(score, { maxLength: 60 }), lengths, floor, (scores, asked, above) => {
        const best = new BestRows(scores, above);
        for (const k of asked) expect([...best.first(k)]).toEqual([...topRows(scores, k, above)]);
      }),
    );
  });
});
