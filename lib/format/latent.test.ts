import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ContainerWriter } from './container';
import { dequantiseRows, type LatentColumns, quantiseRows, readLatent, writeLatent } from './latent';
import { describeReader } from './testing/conformance';

const terms = quantiseRows(Float32Array.of(0.1, 0, -0.1, 0.02, 0.5, 1, -3, 2, 1), 3);
const latent: LatentColumns = {
  dims: 3,
  itemCount: 2,
  ...quantiseRows(Float32Array.of(0.5, -1, 0.25, 0, 0.001, -0.002), 3),
  unobservedWeight: 0.1,
  regularization: 0.003,
  termQuantised: terms.quantised,
  termScales: terms.scales,
};

describe('latent factors', () => {
  it('read back as they were written', () => {
    expect(readLatent(writeLatent(latent))).toEqual(latent);
    const none = { ...latent, itemCount: 0, quantised: new Int8Array(), scales: new Float32Array() };
    expect(readLatent(writeLatent(none))).toEqual(none);
    const withoutTower = { ...latent, termQuantised: new Int8Array(), termScales: new Float32Array() };
    expect(readLatent(writeLatent(withoutTower))).toEqual(withoutTower);
  });

  it('are refused with a scale too few, or without a regularisation', () => {
    expect(() => readLatent(writeLatent({ ...latent, scales: latent.scales.subarray(1) }))).toThrow(
      expect.objectContaining({
        code: 'ARTIFACT_MALFORMED',
        message: 'latent is inconsistent: 1 scales for 2 items of 3 dimensions',
      }),
    );
    expect(() => readLatent(writeLatent({ ...latent, regularization: 0 }))).toThrow('section "meta": regularization');
  });

  it('are refused with an item tower that does not fit them', () => {
    expect(() => readLatent(writeLatent({ ...latent, termScales: terms.scales.subarray(1) }))).toThrow(
      expect.objectContaining({
        code: 'ARTIFACT_MALFORMED',
        message: 'latent is inconsistent: 2 scales for 3 terms of 3 dimensions',
      }),
    );
    const { dims: _, ...rest } = latent;
    const wider = new ContainerWriter('latent')
      .json('meta', rest)
      .array('quantised', latent.quantised, 3)
      .array('scales', latent.scales)
      .array('terms', new Int8Array(6), 2)
      .array('termScales', terms.scales);
    expect(() => readLatent(wider.finish())).toThrow('latent is inconsistent: 3 scales for 3 terms of 2 dimensions');
  });

  it('lose at most half a step to quantisation, and nothing of the largest', () => {
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

  it('of nothing but zeros stay zeros', () => {
    const { quantised, scales } = quantiseRows(new Float32Array(4), 2);
    expect([...dequantiseRows(quantised, scales, 2)]).toEqual([0, 0, 0, 0]);
  });
});

describeReader('latent', writeLatent(latent), readLatent);
