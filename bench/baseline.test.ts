import fc from 'fast-check';
import { expect, it } from 'vitest';
import { plainScan } from './baseline';

it('finds the rows of the largest inner products', () => {
  const coordinate = fc.integer({ min: -50, max: 50 });
  const sizes = fc.record({ size: fc.integer({ min: 1, max: 60 }), dims: fc.integer({ min: 1, max: 4 }) });
  const cases = sizes.chain(({ size, dims }) =>
    fc.record({
      dims: fc.constant(dims),
      vectors: fc.array(coordinate, { minLength: size * dims, maxLength: size * dims }),
      query: fc.array(coordinate, { minLength: dims, maxLength: dims }),
      k: fc.integer({ min: 1, max: 70 }),
    }),
  );
  fc.assert(
    fc.property(cases, ({ dims, vectors, query, k }) => {
      const size = vectors.length / dims;
      const score = (row: number) => query.reduce((sum, value, dim) => sum + value * vectors[row * dims + dim], 0);
      const found = plainScan(Float32Array.from(vectors), dims, Float32Array.from(query), k);
      expect(new Set(found).size).toBe(Math.min(k, size));
      const best = Array.from({ length: size }, (_, row) => score(row)).sort((a, b) => b - a);
      expect(Array.from(found, score).sort((a, b) => b - a)).toEqual(best.slice(0, k));
    }),
  );
});
