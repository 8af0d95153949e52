import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dot, rowsOf } from '../../../testing/engine/naive';
import { quantiseRows } from '../../format/latent';
import { gaussian, mulberry32 } from '../../math/random';
import { createKernel } from './create-kernel';
import { ScalarKernel } from './scalar-kernel';
import { ScanIndex } from './scan-index';

const scalar = (bytes: number) => new ScalarKernel(bytes);

/** Rows of the highest scores, ties by row, by sorting all scores. */
const best = (scores: ArrayLike<number>, k: number) =>
  [...Array(scores.length).keys()].sort((a, b) => scores[b] - scores[a] || a - b).slice(0, k);

// Few values, so that there are many ties.
const problem = fc.integer({ min: 1, max: 40 }).chain((dims) =>
  fc.record({
    dims: fc.constant(dims),
    rows: fc.array(fc.array(fc.integer({ min: -128, max: 127 }), { minLength: dims, maxLength: dims }), {
      maxLength: 30,
    }),
    scale: fc.constantFrom(0, 0.5, 1),
    query: fc.array(fc.integer({ min: -3, max: 3 }), { minLength: dims, maxLength: dims }),
    k: fc.nat(35),
  }),
);

const normalRows = (size: number, dims: number, seed: number) =>
  Float32Array.from({ length: size * dims }, gaussian(mulberry32(seed)));

describe('ScanIndex', () => {
  it('runs in WebAssembly, bit-identical to the plain loop', () => {
    fc.assert(
      fc.property(problem, ({ dims, rows, scale, query, k }) => {
        const quantised = Int8Array.from(rows.flat());
        const scales = new Float32Array(rows.length).map((_, row) => scale * (1 + (row % 3)));
        const wasm = new ScanIndex(quantised, scales, dims);
        const plain = new ScanIndex(quantised, scales, dims, scalar);
        expect([wasm.simd, plain.simd]).toEqual([true, false]);
        const asked = Float32Array.from(query, (value) => value / 7);
        const scores = wasm.scores(asked);
        expect(scores).toEqual(plain.scores(asked));
        expect([...wasm.search(asked, k)]).toEqual(best(scores, k));
        expect([...plain.search(asked, k)]).toEqual(best(scores, k));
      }),
    );
  });

  it('computes inner products up to the rounding of the query', () => {
    fc.assert(
      fc.property(problem, ({ dims, rows, query }) => {
        const index = new ScanIndex(Int8Array.from(rows.flat()), new Float32Array(rows.length).fill(0.5), dims);
        const largest = Math.max(...query.map(Math.abs));
        index.scores(Float32Array.from(query)).forEach((score, row) => {
          // Each coordinate has an error of at most half a step.
          const lengths = rows[row].reduce((sum, value) => sum + Math.abs(value), 0);
          expect(Math.abs(score - 0.5 * dot(rows[row], query))).toBeLessThanOrEqual(
            (lengths * largest) / 65_000 + 1e-4,
          );
        });
      }),
    );
  });

  it('keeps the order of the best among thousands of rows', () => {
    const dims = 64;
    const { quantised, scales } = quantiseRows(normalRows(5003, dims, 1), dims);
    const rows = rowsOf(quantised, dims);
    const index = new ScanIndex(quantised, scales, dims);
    const queries = rowsOf(normalRows(20, dims, 2), dims);
    const found = queries.map((query) => {
      const truth = new Set(
        best(
          Float64Array.from(rows, (row, r) => scales[r] * dot(row, query)),
          100,
        ),
      );
      return index.search(Float32Array.from(query), 100).filter((row) => truth.has(row)).length;
    });
    expect(found.reduce((sum, count) => sum + count, 0) / (100 * queries.length)).toBeGreaterThanOrEqual(0.999);
  });

  it.each([createKernel, scalar])('finds the best for any order of the scores', (create) => {
    const size = 9001;
    const orders = [
      (i: number) => i,
      (i: number) => -i,
      () => 1,
      (i: number) => (i % 7) - 3,
      (i: number) => (i * 37) % 5003,
    ];
    for (const order of orders) {
      const scores = Float32Array.from({ length: size }, (_, i) => order(i));
      const index = new ScanIndex(scores, null, 1, create);
      for (const k of [0, 1, 3, 1000, 4500, 9000, 9001, 10_000])
        expect([...index.search(Float32Array.of(1), k)]).toEqual(best(scores, k));
    }
  });

  it.each([1, 64, 513, 4099])('does not overflow with %i extreme coordinates', (dims) => {
    const index = new ScanIndex(new Int8Array(2 * dims).fill(-128).fill(127, dims), Float32Array.of(1, 1), dims);
    const [low, high] = index.scores(new Float32Array(dims).fill(-5));
    expect(low / (640 * dims)).toBeCloseTo(1, 2);
    expect(high / (-635 * dims)).toBeCloseTo(1, 2);
  });

  it('scores single rows of a prepared query like a scan', () => {
    const { quantised, scales } = quantiseRows(normalRows(10, 20, 3), 20);
    const query = normalRows(1, 20, 4);
    const all = Array.from(new ScanIndex(quantised, scales, 20).scores(query));
    const index = new ScanIndex(quantised, scales, 20);
    index.prepare(query);
    expect([9, 0, 4].map((row) => index.score(row))).toEqual([9, 0, 4].map((row) => all[row]));
    index.scores(query);
    expect(index.score(7)).toBe(all[7]);
    index.prepare(query.map((value) => -value));
    expect(index.score(7)).toBe(-all[7]);
  });

  it('scans floats without quantisation', () => {
    const vectors = normalRows(50, 13, 5);
    const query = normalRows(1, 13, 6);
    const index = new ScanIndex(vectors, null, 13);
    const products = rowsOf(vectors, 13).map((row) => dot(row, query));
    index.scores(query).forEach((score, row) => {
      expect(score).toBeCloseTo(products[row], 5);
    });
    expect([...index.search(query, 50)]).toEqual(best(products, 50));
    expect(index.simd).toBe(false);
  });

  it('finds nothing for a NaN query, and rejects one of another length', () => {
    const index = new ScanIndex(Int8Array.of(1, 2, 3, 4), Float32Array.of(1, 1), 2);
    expect([...index.search(Float32Array.of(Number.NaN, 1), 2)]).toEqual([]);
    expect([...index.search(Float32Array.of(0, 0), 2)]).toEqual([0, 1]);
    expect(() => index.search(Float32Array.of(1), 2)).toThrow('a query of 1 numbers for rows of 2');
    expect(() => new ScanIndex(Int8Array.of(1, 2, 3), Float32Array.of(1), 2)).toThrow('3 numbers and 1 scales');
    expect(() => new ScanIndex(Int8Array.of(1, 2), Float32Array.of(1, 1), 2)).toThrow('2 numbers and 2 scales');
  });
});
