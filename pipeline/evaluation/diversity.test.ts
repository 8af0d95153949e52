import { describe, expect, it } from 'vitest';
import { diversitiesToMeasure, largestDiversity } from './diversity';

const points = (...curve: number[]) =>
  curve.map((mean, i) => ({
    diversity: i / 20,
    ndcg10: { mean, low: mean, high: mean },
    diversity20: { mean: 0, low: 0, high: 0 },
  }));

describe('largestDiversity', () => {
  it('is the last step before the loss exceeds 2 %', () => {
    expect(largestDiversity(points(0.5, 0.499, 0.491, 0.489))).toBe(0.1);
    expect(largestDiversity(points(0.5, 0.4))).toBe(0);
    expect(largestDiversity(points(0.5, 0.5, 0.51))).toBe(0.1);
  });

  it('ignores a later step that recovers by chance', () => {
    expect(largestDiversity(points(0.5, 0.48, 0.5))).toBe(0);
  });

  it('is the largest step if every NDCG is 0', () => {
    expect(largestDiversity(points(0, 0))).toBe(0.05);
  });
});

describe('diversitiesToMeasure', () => {
  it('returns the steps from 0 to 0.5 and the default, ascending', () => {
    expect(diversitiesToMeasure(0.2)).toEqual([0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5]);
    expect(diversitiesToMeasure(0.12).slice(0, 5)).toEqual([0, 0.05, 0.1, 0.12, 0.15]);
  });
});
