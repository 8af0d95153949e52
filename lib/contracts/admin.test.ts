import { describe, expect, it } from 'vitest';
import { type Histogram, histogramQuantile } from './admin';

/** Counts values as Prometheus does. */
function histogramOf(values: readonly number[], bounds: number[]): Histogram {
  const counts = bounds.map((bound) => values.filter((value) => value <= bound).length);
  return { bounds, counts, total: values.length };
}

describe('histogramQuantile', () => {
  it('interpolates linearly within a bucket', () => {
    const histogram = histogramOf(
      Array.from({ length: 100 }, (_, i) => (i + 1) / 100),
      [0.25, 0.5, 1],
    );
    expect(histogramQuantile(0.5, histogram)).toBeCloseTo(0.5, 9);
    expect(histogramQuantile(0.95, histogram)).toBeCloseTo(0.95, 9);
    expect(histogramQuantile(0.1, histogram)).toBeCloseTo(0.1, 9);
  });

  it('is in the bucket of the true quantile for any values', () => {
    const values = Array.from({ length: 500 }, (_, i) => ((i * 7919) % 500) ** 2 / 250_000);
    const bounds = [0.01, 0.05, 0.2, 0.6, 1];
    const sorted = values.toSorted((a, b) => a - b);
    for (const q of [0.05, 0.3, 0.5, 0.9, 0.99]) {
      const truth = sorted[Math.ceil(q * 500) - 1];
      const high = bounds.find((bound) => truth <= bound)!;
      const low = bounds[bounds.indexOf(high) - 1] ?? 0;
      const estimate = histogramQuantile(q, histogramOf(values, bounds))!;
      expect(estimate).toBeGreaterThanOrEqual(low);
      expect(estimate).toBeLessThanOrEqual(high);
    }
  });

  it('is the last bound if it lies above it, and null for an empty histogram', () => {
    expect(histogramQuantile(0.99, histogramOf([5, 6, 7], [1, 2]))).toBe(2);
    expect(histogramQuantile(0.5, histogramOf([], [1, 2]))).toBeNull();
    expect(histogramQuantile(0.5, { bounds: [], counts: [], total: 0 })).toBeNull();
  });

  it('skips empty buckets', () => {
    expect(histogramQuantile(0, histogramOf([1.5, 1.5], [1, 2]))).toBe(1);
    expect(histogramQuantile(1, histogramOf([1.5, 1.5], [1, 2, 4, 8]))).toBe(2);
  });
});
