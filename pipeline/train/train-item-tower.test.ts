import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dequantiseRows } from '../../lib/format/latent';
import type { SparseMatrix } from '../../lib/math/sparse';
import { solve } from '../../testing/engine/naive';
import { quantiseItemTower, trainItemTower } from './train-item-tower';

const TERMS = 4;
const DIMS = 3;

/** A dense matrix in sparse form. */
function sparse(rows: number[][]): SparseMatrix {
  const entries = rows.map((row) => [...row.entries()].filter(([, value]) => value !== 0));
  const offsets = new Uint32Array(rows.length + 1);
  entries.forEach((row, i) => {
    offsets[i + 1] = offsets[i] + row.length;
  });
  return {
    offsets,
    columns: Uint32Array.from(entries.flat(), ([column]) => column),
    values: Float32Array.from(entries.flat(), ([, value]) => value),
  };
}

const value = fc.constantFrom(0, 0, 0.5, 1, 1.5);
const factor = fc.double({ min: -1, max: 1, noNaN: true });
const problem = fc
  .array(
    fc.record({
      content: fc.array(value, { minLength: TERMS, maxLength: TERMS }),
      factors: fc.array(factor, { minLength: DIMS, maxLength: DIMS }),
      count: fc.nat(20),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((items) => ({
    content: items.map((one) => one.content),
    factors: items.map((one) => one.factors),
    counts: items.map((one) => one.count),
  }));

describe('trainItemTower', () => {
  it('is the weighted ridge regression of factors on content', () => {
    fc.assert(
      fc.property(problem, ({ content, factors, counts }) => {
        const [regularization, baseWeight] = [2, 1];
        // A cold item follows the warm ones.
        const rows = [...content, [1, 1, 1, 1]];
        const found = trainItemTower(sparse(rows), TERMS, Float32Array.from(factors.flat()), [...counts, 0], {
          dims: DIMS,
          regularization,
          baseWeight,
        });
        const matrix = Array.from({ length: TERMS }, (_, a) =>
          Array.from({ length: TERMS }, (_, b) =>
            content.reduce((sum, x, i) => sum + (counts[i] + baseWeight) * x[a] * x[b], a === b ? regularization : 0),
          ),
        );
        expect(found).toHaveLength(TERMS * DIMS);
        for (let d = 0; d < DIMS; d++) {
          const right = Array.from({ length: TERMS }, (_, term) =>
            content.reduce((sum, x, i) => sum + (counts[i] + baseWeight) * x[term] * factors[i][d], 0),
          );
          solve(matrix, right).forEach((expected, term) => {
            expect(found[term * DIMS + d]).toBeCloseTo(expected, 4);
          });
        }
      }),
    );
  });

  it('gives a term without a warm item zero factors', () => {
    const found = trainItemTower(
      sparse([
        [1, 0],
        [0, 1],
      ]),
      2,
      Float32Array.of(0.5, -1),
      [3, 0],
      { dims: 2, regularization: 1, baseWeight: 1 },
    );
    expect(found.subarray(0, 2).every((factor) => factor !== 0)).toBe(true);
    expect([...found.subarray(2)]).toEqual([0, 0]);
  });

  it('returns zeros without warm items, and nothing without terms', () => {
    const parameters = { dims: 2, regularization: 1, baseWeight: 1 };
    expect([...trainItemTower(sparse([[1, 1]]), 2, new Float32Array(), [0], parameters)]).toEqual([0, 0, 0, 0]);
    expect(trainItemTower(sparse([[]]), 0, Float32Array.of(1, 2), [3], parameters)).toHaveLength(0);
  });
});

describe('quantiseItemTower', () => {
  // Items 0 and 1 are warm. The cold items have terms 0 and 2 only.
  const content = sparse([
    [1, 1, 0],
    [0, 1, 0],
    [3, 0, 0],
    [2, 0, 1],
  ]);
  const factors = Float32Array.of(4, -4, 9, 9, 12, 6);

  it('keeps the terms of cold items', () => {
    const { dims, termCount, terms, quantised, scales } = quantiseItemTower(content, factors, 2, 2);
    expect({ dims, termCount, terms: [...terms] }).toEqual({ dims: 2, termCount: 3, terms: [0, 2] });
    dequantiseRows(quantised, scales, 2).forEach((factor, i) => {
      expect(Math.abs(factor - [4, -4, 12, 6][i])).toBeLessThanOrEqual(scales[i >> 1] / 2);
    });
  });

  it('keeps no term if every item is warm or all factors are zero', () => {
    expect(quantiseItemTower(content, factors, 2, 4).terms).toHaveLength(0);
    expect(quantiseItemTower(content, new Float32Array(6), 2, 2).terms).toHaveLength(0);
  });
});
