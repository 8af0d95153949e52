import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaussian, mulberry32 } from '../../lib/math/random';
import { rowsOf } from '../../testing/engine/naive';
import { trainProductQuantiser } from './train-pq';

const normalRows = (size: number, dims: number, seed: number) =>
  Float32Array.from({ length: size * dims }, gaussian(mulberry32(seed)));

describe('trainProductQuantiser', () => {
  it('encodes each part as its nearest centroid', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), fc.constantFrom(1, 2, 3, 6), (size, subspaces) => {
        const vectors = normalRows(size, 6, size);
        const { codebooks, codes } = trainProductQuantiser(vectors, 6, { subspaces, seed: 3, iterations: 2 });
        const length = 6 / subspaces;
        const centroids = rowsOf(codebooks, length);
        rowsOf(vectors, length).forEach((part, i) => {
          const book = centroids.slice((i % subspaces) * 256, ((i % subspaces) + 1) * 256);
          const distance = (centroid: number[]) => centroid.reduce((sum, value, d) => sum + (value - part[d]) ** 2, 0);
          expect(distance(book[codes[i]])).toBeLessThanOrEqual(Math.min(...book.map(distance)) + 1e-6);
        });
      }),
      { numRuns: 20 },
    );
  });

  it('is exact if there are no more vectors than centroids', () => {
    const vectors = normalRows(200, 4, 7);
    const { codebooks, codes } = trainProductQuantiser(vectors, 4, { subspaces: 2, seed: 1 });
    const back = Float32Array.from(vectors, (_, i) => {
      const [row, d] = [Math.floor(i / 4), i % 4];
      const subspace = Math.floor(d / 2);
      return codebooks[(subspace * 256 + codes[row * 2 + subspace]) * 2 + (d % 2)];
    });
    back.forEach((value, i) => {
      expect(value).toBeCloseTo(vectors[i], 5);
    });
  });

  it('gives the same codes for the same seed, and rejects sub-spaces that do not divide the dimensions', () => {
    const vectors = normalRows(500, 6, 8);
    const train = (seed: number) =>
      trainProductQuantiser(vectors, 6, { subspaces: 3, seed, sample: 300, iterations: 3 });
    expect(train(1)).toEqual(train(1));
    expect(train(1)).not.toEqual(train(2));
    expect(() => trainProductQuantiser(vectors, 6, { subspaces: 4, seed: 1 })).toThrow('4 sub-spaces do not divide 6');
  });
});
