import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanAndDeviation } from '../../testing/engine/naive';
import { betaCdf, sampleBeta, sampleGamma } from './beta';
import { mulberry32 } from './random';

/** ∫₀ˣ tᵃ⁻¹(1 − t)ᵇ⁻¹ dt over the same up to 1, by Simpson's rule; a and b at least 2, where that is exact enough. */
function integratedBeta(x: number, a: number, b: number): number {
  const steps = 20_000;
  const integral = (to: number) => {
    const f = (t: number) => t ** (a - 1) * (1 - t) ** (b - 1);
    let sum = f(0) + f(to);
    for (let i = 1; i < steps; i++) sum += (i % 2 ? 4 : 2) * f((i * to) / steps);
    return (sum * to) / steps / 3;
  };
  return integral(x) / integral(1);
}

const shape = fc.double({ min: 0.05, max: 500, noNaN: true });
const share = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true });

describe('the Beta distribution', () => {
  it('has the integral of its density', () => {
    const parameter = fc.double({ min: 2, max: 30, noNaN: true });
    fc.assert(
      fc.property(share, parameter, parameter, (x, a, b) => {
        expect(betaCdf(x, a, b)).toBeCloseTo(integratedBeta(x, a, b), 6);
      }),
      { numRuns: 60 },
    );
  });

  it('is known in closed form where a parameter is 1', () => {
    fc.assert(
      fc.property(share, shape, (x, a) => {
        expect(betaCdf(x, a, 1)).toBeCloseTo(x ** a, 8);
        expect(betaCdf(x, 1, a)).toBeCloseTo(1 - (1 - x) ** a, 8);
      }),
    );
  });

  it('rises from 0 to 1, and is the same seen from the other end', () => {
    fc.assert(
      fc.property(shape, shape, fc.tuple(share, share), (a, b, two) => {
        const [x, y] = two.toSorted((p, q) => p - q);
        expect(betaCdf(0, a, b)).toBe(0);
        expect(betaCdf(1, a, b)).toBe(1);
        expect(betaCdf(x, a, b)).toBeLessThanOrEqual(betaCdf(y, a, b) + 1e-9);
        expect(betaCdf(x, a, b)).toBeCloseTo(1 - betaCdf(1 - x, b, a), 8);
      }),
    );
  });

  it.each([
    [1, 19],
    [4, 30],
    [0.4, 0.7],
    [200, 3000],
  ])('is what is drawn from it, of parameters %d and %d', (a, b) => {
    const random = mulberry32(5);
    const draws = Array.from({ length: 20_000 }, () => sampleBeta(random, a, b)).sort((x, y) => x - y);
    // Kolmogorov and Smirnov: of so many draws, the largest distance is above 0.0138 once in a thousand times.
    const distance = Math.max(...draws.map((x, i) => Math.abs(betaCdf(x, a, b) - (i + 0.5) / draws.length)));
    expect(distance).toBeLessThan(0.0138);
  });
});

describe('the gamma distribution', () => {
  it.each([0.3, 1, 7.5])('of shape %d has that mean and variance', (parameter) => {
    const random = mulberry32(9);
    const { mean, deviation } = meanAndDeviation(Array.from({ length: 40_000 }, () => sampleGamma(random, parameter)));
    expect(mean / parameter).toBeCloseTo(1, 1);
    expect(deviation ** 2 / parameter).toBeCloseTo(1, 1);
  });
});
