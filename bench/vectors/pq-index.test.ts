import { describe, expect, it } from 'vitest';
import { createKernel } from '../../lib/engine/vector-index/create-kernel';
import { ScalarKernel } from '../../lib/engine/vector-index/scalar-kernel';
import { quantiseRows } from '../../lib/format/latent';
import { gaussian, mulberry32 } from '../../lib/math/random';
import { dot, rowsOf } from '../../testing/engine/naive';
import { PqIndex } from './pq-index';
import { trainProductQuantiser } from './train-pq';

const normalRows = (size: number, dims: number, seed: number) =>
  Float32Array.from({ length: size * dims }, gaussian(mulberry32(seed)));

describe('PqIndex', () => {
  const dims = 12;
  const vectors = normalRows(600, dims, 1);
  const eightBit = quantiseRows(vectors, dims);
  const quantised = trainProductQuantiser(vectors, dims, { subspaces: 6, seed: 1 });
  const products = (query: ArrayLike<number>) =>
    rowsOf(eightBit.quantised, dims).map((row, r) => dot(row, query) * eightBit.scales[r]);
  const best = (scores: readonly number[], k: number) =>
    [...scores.keys()].sort((a, b) => scores[b] - scores[a] || a - b).slice(0, k);

  it.each([createKernel, (bytes: number) => new ScalarKernel(bytes)])('orders by the 8-bit vectors', (create) => {
    const index = new PqIndex(quantised, eightBit, 600, create);
    for (const query of rowsOf(normalRows(10, dims, 2), dims))
      expect([...index.search(Float32Array.from(query), 40)]).toEqual(best(products(query), 40));
  });

  it('finds nearly all of the best rows after scoring a few times as many', () => {
    const index = new PqIndex(quantised, eightBit, 4);
    const found = rowsOf(normalRows(20, dims, 3), dims).map((query) => {
      const truth = new Set(best(products(query), 20));
      return index.search(Float32Array.from(query), 20).filter((row) => truth.has(row)).length;
    });
    expect(found.reduce((sum, count) => sum + count, 0) / 400).toBeGreaterThan(0.98);
  });

  it('returns at most as many rows as there are', () => {
    const index = new PqIndex(quantised, eightBit);
    expect(new Set(index.search(vectors.subarray(0, dims), 1000)).size).toBe(600);
    expect(index.search(vectors.subarray(0, dims), 0)).toHaveLength(0);
  });

  it('rejects codes and vectors that do not match', () => {
    const fewer = quantiseRows(vectors.subarray(dims), dims);
    expect(() => new PqIndex(quantised, fewer)).toThrow('codes of 600 rows do not go with 599 vectors of 12');
    expect(() => new PqIndex({ ...quantised, codebooks: new Float32Array(5) }, eightBit)).toThrow('5 numbers are not');
  });
});
