import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TopRows } from './top-rows';

it('keeps the best of any sequence, lower rows first among equals', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 40 }),
      fc.integer({ min: 1, max: 12 }),
      (scores, capacity) => {
        const top = new TopRows(capacity);
        for (const [row, score] of scores.entries()) top.add(row, score);
        const best = [...scores.keys()].sort((a, b) => scores[b] - scores[a] || a - b).slice(0, capacity);
        expect([...top.drain()].sort((a, b) => a - b)).toEqual(best.sort((a, b) => a - b));
        expect([...top.drain()]).toEqual([]);
      },
    ),
  );
});
