import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dequantiseRows, type LatentColumns, quantiseRows, readLatent, writeLatent } from './latent';
import { describeReader } from './testing/conformance';

const latent: LatentColumns = {
  dims: 3,
  itemCount: 2,
  ...quantiseRows(Float32Array.of(0.5, -1, 0.25, 0, 0.001, -0.002), 3),
  unobservedWeight: 0.1,
  regularization: 0.003,
};

describe('latent factors', () => {
  it('round-trip', () => {
    expect(readLatent(writeLatent(latent))).toEqual(latent);
    const none = { ...latent, itemCount: 0, quantised: new Int8Array(), scales: new Float32Array() };
    expect(readLatent(writeLatent(none))).toEqual(none);
  });

  it('are rejected if a scale or the regularisation is missing', () => {
    expect(() => readLatent(writeLatent({ ...latent, scales: latent.scales.subarray(1) }))).toThrow(
      expect.objectContaining({
        code: 'ARTIFACT_MALFORMED',
        message: 'latent is inconsistent: 1 scales for 2 items of 3 dimensions',
      }),
    );
    expect(() => readLatent(writeLatent({ ...latent, regularization: 0 }))).toThrow('section "meta": regularization');
  });

  it('lose at most half a step to quantisation, and the largest loses nothing', () => {
    const row = fc.array(fc.float({ noNaN: true, min: -100, max: 100, noDefaultInfinity: true }), {
      minLength: 4,
      maxLength: 4,
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 5 }), (rows) => {
        const factors = Float32Array.from(rows.flat());
        const { quantised, scales } = quantiseRows(factors, 4);
        const restored = dequantiseRows(quantised, scales, 4);
        factors.forEach((factor, i) => {
          const step = scales[i >> 2];
          expect(Math.abs(restored[i] - factor)).toBeLessThanOrEqual(0.5001 * step + 1e-30);
        });
        for (let r = 0; r < rows.length; r++) {
          const largest = Math.max(...rows[r].map(Math.abs));
          if (largest > 1e-30)
            expect(Math.max(...restored.subarray(4 * r, 4 * r + 4).map(Math.abs)) / largest).toBeCloseTo(1, 6);
        }
      }),
    );
  });

  it('that are all zero remain zero', () => {
    const { quantised, scales } = quantiseRows(new Float32Array(4), 2);
    expect([...dequantiseRows(quantised, scales, 2)]).toEqual([0, 0, 0, 0]);
  });
});

describeReader('latent', writeLatent(latent), readLatent);
