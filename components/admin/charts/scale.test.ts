import { describe, expect, it } from 'vitest';
import { polylines, roundUp } from './scale';

describe('roundUp', () => {
  it.each([
    [0.03, 0.05],
    [1, 1],
    [1.01, 2],
    [0.3, 0.5],
    [49, 50],
    [501, 1000],
    [0, 1],
    [Number.NaN, 1],
    [Number.POSITIVE_INFINITY, 1],
  ])('of %d is %d', (max, end) => {
    expect(roundUp(max)).toBeCloseTo(end, 12);
  });

  it('is never below the largest value', () => {
    for (let i = 1; i < 2000; i++) expect(roundUp(i * 0.013)).toBeGreaterThanOrEqual(i * 0.013 * (1 - 1e-9));
  });
});

describe('polylines', () => {
  it('go from edge to edge, upwards as values grow', () => {
    expect(polylines([0, 5, 10], 10)).toEqual(['0.00,100.00 50.00,50.00 100.00,0.00']);
  });

  it('break at missing values and stay inside the box', () => {
    expect(polylines([1, null, null, 4], 2)).toEqual(['0.00,50.00', '100.00,0.00']);
    expect(polylines([null], 2)).toEqual([]);
    expect(polylines([], 2)).toEqual([]);
  });
});
