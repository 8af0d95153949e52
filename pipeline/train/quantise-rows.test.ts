import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dequantiseRows } from '../../lib/format/latent';
import { quantiseByWeight, quantiseUniformly } from './quantise-rows';

const DIMS = 4;
const value = fc.double({ min: -100, max: 100, noNaN: true }).map((x) => (Math.abs(x) < 1e-6 ? 0 : Math.fround(x)));
const matrix = fc
  .array(fc.array(value, { minLength: DIMS, maxLength: DIMS }), { maxLength: 12 })
  .map((rows) => Float32Array.from(rows.flat()));

describe('quantiseUniformly', () => {
  it('errs by at most half a step, and makes no row zero', () => {
    fc.assert(
      fc.property(matrix, fc.integer({ min: 1, max: 8 }), (factors, fineness) => {
        const { quantised, scales } = quantiseUniformly(factors, DIMS, fineness);
        const restored = dequantiseRows(quantised, scales, DIMS);
        factors.forEach((factor, i) => {
          expect(Math.abs(restored[i] - factor)).toBeLessThanOrEqual(0.50001 * scales[i >> 2]);
        });
        for (let i = 0; i < factors.length; i += DIMS) {
          const isZero = factors.subarray(i, i + DIMS).every((factor) => factor === 0);
          expect(quantised.subarray(i, i + DIMS).every((code) => code === 0)).toBe(isZero);
        }
      }),
    );
  });

  it('gives rows of similar size the same step', () => {
    const factors = Float32Array.from({ length: 400 }, (_, i) => Math.sin(i));
    const { scales } = quantiseUniformly(factors, DIMS, 4);
    expect(new Set(scales).size).toBe(1);
    expect(scales[0]).toBeCloseTo(Math.SQRT1_2 / 4, 2);
  });
});

describe('quantiseByWeight', () => {
  const weighted = matrix.chain((factors) =>
    fc.record({
      factors: fc.constant(factors),
      weights: fc
        .array(fc.double({ min: 0.01, max: 50, noNaN: true }), {
          minLength: factors.length / DIMS,
          maxLength: factors.length / DIMS,
        })
        .map((weights) => Float64Array.from(weights)),
      loss: fc.constantFrom(0.02, 0.1, 0.3),
    }),
  );

  it('loses at most the given share', () => {
    fc.assert(
      fc.property(weighted, ({ factors, weights, loss }) => {
        const { quantised, scales } = quantiseByWeight(factors, DIMS, weights, loss);
        let [lost, energy] = [0, 0];
        factors.forEach((factor, i) => {
          const restored = quantised[i] === 0 ? 0 : quantised[i] * scales[i >> 2];
          lost += weights[i >> 2] * (factor - restored) ** 2;
          energy += weights[i >> 2] * factor ** 2;
        });
        expect(lost).toBeLessThanOrEqual(loss * energy);
      }),
    );
  });

  it('makes rows of little effect or without weight zero', () => {
    const factors = Float32Array.of(1, 2, -3, 4, 0.01, 0, 0.01, 0, 9, 9, 9, 9, 2, -2, 2, 1);
    const { quantised, scales } = quantiseByWeight(factors, DIMS, Float64Array.of(1, 1, 0, 4), 0.1);
    expect(quantised.subarray(4, 12).every((code) => code === 0)).toBe(true);
    expect(quantised.subarray(0, 4).some((code) => code !== 0)).toBe(true);
    // Four times the weight gives half the step.
    expect(scales[0] / scales[3]).toBe(2);
  });
});
