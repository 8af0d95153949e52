import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaussian, mulberry32 } from '../../lib/math/random';
import { estimate, mean, pairedDifference } from './bootstrap';

const values = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 });
const seed = fc.nat(1000);

describe('estimate', () => {
  it('returns the mean of the sample, and an interval within its range', () => {
    fc.assert(
      fc.property(values, seed, (sample, number) => {
        const { mean: middle, low, high } = estimate(sample, number, 200);
        expect(middle).toBeCloseTo(sample.reduce((sum, value) => sum + value, 0) / sample.length, 12);
        expect(low).toBeLessThanOrEqual(high);
        expect(low).toBeGreaterThanOrEqual(Math.min(...sample) - 1e-9);
        expect(high).toBeLessThanOrEqual(Math.max(...sample) + 1e-9);
      }),
      { numRuns: 50 },
    );
  });

  it('has an interval that contains the mean and is as wide as the normal approximation', () => {
    const normal = gaussian(mulberry32(3));
    const sample = Array.from({ length: 400 }, () => 5 + 2 * normal());
    const { mean: middle, low, high } = estimate(sample, 1);
    expect(low).toBeLessThan(middle);
    expect(high).toBeGreaterThan(middle);
    expect((high - low) / 2).toBeCloseTo((1.96 * 2) / Math.sqrt(400), 1);
  });

  it('has an interval that contains the true mean in about 95 % of cases', () => {
    const normal = gaussian(mulberry32(4));
    const covered = Array.from({ length: 200 }, (_, number) => {
      const { low, high } = estimate(
        Array.from({ length: 60 }, () => normal()),
        number,
        300,
      );
      return low <= 0 && 0 <= high;
    });
    const share = covered.filter(Boolean).length / covered.length;
    expect(share).toBeGreaterThan(0.89);
    expect(share).toBeLessThan(0.99);
  });

  it('is the same for the same seed, and differs for another', () => {
    const sample = Array.from({ length: 50 }, (_, i) => Math.sin(i));
    expect(estimate(sample, 7)).toEqual(estimate(sample, 7));
    expect(estimate(sample, 7)).not.toEqual(estimate(sample, 8));
  });

  it('has zero width if all values are equal, and is 0 without values', () => {
    expect(estimate([0.5, 0.5, 0.5], 1)).toEqual({ mean: 0.5, low: 0.5, high: 0.5 });
    expect(estimate([], 1)).toEqual({ mean: 0, low: 0, high: 0 });
    expect(mean([])).toBe(0);
  });
});

describe('pairedDifference', () => {
  it('is antisymmetric', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })), {
          minLength: 1,
          maxLength: 20,
        }),
        (pairs) => {
          const [a, b] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
          const forward = pairedDifference(a, b, 5);
          const reverse = pairedDifference(b, a, 5);
          expect(forward.mean).toBeCloseTo(-reverse.mean, 12);
          expect(forward.low).toBeCloseTo(-reverse.high, 12);
          expect(forward.high).toBeCloseTo(-reverse.low, 12);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('detects a small constant difference despite a large variance between users', () => {
    const a = Array.from({ length: 100 }, (_, i) => (i % 10) / 10 + 0.01);
    const b = a.map((value) => value - 0.01);
    const { low } = pairedDifference(a, b, 1);
    expect(low).toBeGreaterThan(0.009);
    expect(estimate(a, 1).low).toBeLessThan(estimate(b, 1).high);
  });

  it('rejects different numbers of users', () => {
    expect(() => pairedDifference([1], [1, 2], 1)).toThrow(/paired/);
  });
});
