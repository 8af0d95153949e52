import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toLists, toSparseRows, transpose } from '../../lib/math/sparse';
import { solve } from '../../testing/engine/naive';
import { type NeighboursStep, regressItems, regressRange } from './neighbours-task';

const ITEMS = 9;
const users = fc.array(
  fc.uniqueArray(fc.nat(ITEMS - 1), { maxLength: 6 }).map((items) => items.sort((a, b) => a - b)),
  { maxLength: 14 },
);
const setting = fc.record({
  neighbours: fc.integer({ min: 1, max: ITEMS }),
  regularization: fc.constantFrom(0.1, 1, 30),
  dropout: fc.constantFrom(0, 0.5, 2),
});
const stepOf = (lists: number[][], rest: Omit<NeighboursStep, 'users' | 'items'>): NeighboursStep => {
  const rows = toSparseRows(lists);
  return { users: rows, items: transpose(rows, ITEMS), ...rest };
};

/** The number of users that each pair of items has in common, computed densely. */
const countsOf = (lists: number[][]) =>
  Array.from({ length: ITEMS }, (_, a) =>
    Array.from({ length: ITEMS }, (_, b) => lists.filter((list) => list.includes(a) && list.includes(b)).length),
  );

describe('regressItems', () => {
  it('equals the dense solution over the nearest items by cosine', () => {
    fc.assert(
      fc.property(users, setting, (lists, rest) => {
        const g = countsOf(lists);
        const cosine = (a: number, b: number) => g[a][b] / Math.sqrt(g[a][a] * g[b][b]);
        const regressions = regressItems(stepOf(lists, rest), 0, ITEMS);
        expect(regressions).toHaveLength(ITEMS);
        regressions.forEach(({ rows, weights }, item) => {
          const near = [...Array(ITEMS).keys()].filter(
            (other) => other !== item && g[item][other] > 0 && g[other][other] >= 2 && g[item][item] >= 2,
          );
          const found = [...rows];
          expect(found).toEqual([...new Set(found)].sort((a, b) => a - b));
          expect(near).toEqual(expect.arrayContaining(found));
          expect(found).toHaveLength(Math.min(near.length, rest.neighbours));
          for (const left of near.filter((other) => !found.includes(other)))
            for (const row of found) expect(cosine(item, row)).toBeGreaterThanOrEqual(cosine(item, left) - 1e-9);
          if (found.length === 0) return;
          const matrix = found.map((a) =>
            found.map((b) => g[a][b] + (a === b ? rest.regularization + rest.dropout * g[a][a] : 0)),
          );
          const expected = solve(
            matrix,
            found.map((row) => g[row][item]),
          );
          expected.forEach((weight, i) => {
            expect(weights[i]).toBeCloseTo(weight, 5);
          });
        });
      }),
    );
  });

  it('does not depend on how the items are divided into ranges', () => {
    fc.assert(
      fc.property(users, setting, fc.nat(ITEMS), (lists, rest, cut) => {
        const step = stepOf(lists, rest);
        const parts = [...regressRange({ step, from: 0, to: cut }), ...regressRange({ step, from: cut, to: ITEMS })];
        expect(parts).toEqual(regressItems(step, 0, ITEMS));
      }),
    );
  });

  it('ignores items with a single user', () => {
    const step = stepOf(
      [
        [0, 1],
        [0, 2],
        [0, 2],
      ],
      { neighbours: 5, regularization: 1, dropout: 0 },
    );
    expect(toLists(step.items)[1]).toEqual([0]);
    const [first, second] = regressItems(step, 0, 2);
    expect([...first.rows]).toEqual([2]);
    expect(second.rows).toHaveLength(0);
  });
});
