import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dot, rowsOf } from '../../../testing/engine/naive';
import { ExactIndex } from './exact';

// Whole numbers have exact products, so that ties are true ties.
const coordinate = fc.integer({ min: -3, max: 3 });
const problem = fc.integer({ min: 1, max: 9 }).chain((dims) =>
  fc.record({
    dims: fc.constant(dims),
    rows: fc.array(fc.array(coordinate, { minLength: dims, maxLength: dims }), { maxLength: 30 }),
    query: fc.array(coordinate, { minLength: dims, maxLength: dims }),
    k: fc.nat(35),
  }),
);

describe('ExactIndex', () => {
  it('finds the largest inner products, ties by row', () => {
    fc.assert(
      fc.property(problem, ({ dims, rows, query, k }) => {
        const index = new ExactIndex(Float32Array.from(rows.flat()), dims);
        const products = rows.map((row) => dot(row, query));
        const expected = [...rows.keys()].sort((a, b) => products[b] - products[a] || a - b).slice(0, k);
        expect([...index.search(Float32Array.from(query), k)]).toEqual(expected);
        expect(index.size).toBe(rows.length);
      }),
    );
  });

  it('agrees with the plain sum at the width of the shipped models', () => {
    const vectors = Float32Array.from({ length: 50 * 64 }, (_, i) => Math.sin(i * i));
    const query = Float32Array.from({ length: 64 }, (_, i) => Math.cos(3 * i));
    const products = rowsOf(vectors, 64).map((row) => dot(row, query));
    const expected = [...products.keys()].sort((a, b) => products[b] - products[a]);
    expect([...new ExactIndex(vectors, 64).search(query, 50)]).toEqual(expected);
  });
});
