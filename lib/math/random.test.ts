import { describe, expect, it } from 'vitest';
import { meanAndDeviation } from '../../testing/engine/naive';
import { gaussian, hashSeed, mulberry32 } from './random';

const take = (count: number, next: () => number) => Array.from({ length: count }, next);

describe('mulberry32', () => {
  it('gives the same numbers for the same seed only', () => {
    expect(take(5, mulberry32(7))).toEqual(take(5, mulberry32(7)));
    expect(take(5, mulberry32(7))).not.toEqual(take(5, mulberry32(8)));
  });

  it('is uniform in [0, 1)', () => {
    const values = take(10_000, mulberry32(1));
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    const { mean, deviation } = meanAndDeviation(values);
    expect(mean).toBeCloseTo(1 / 2, 1);
    expect(deviation).toBeCloseTo(Math.sqrt(1 / 12), 1);
  });
});

describe('gaussian', () => {
  it('has mean 0 and deviation 1', () => {
    const values = take(10_000, gaussian(mulberry32(2)));
    const { mean, deviation } = meanAndDeviation(values);
    expect(mean).toBeCloseTo(0, 1);
    expect(deviation).toBeCloseTo(1, 1);
    expect(values.every(Number.isFinite)).toBe(true);
  });
});

describe('hashSeed', () => {
  it('is FNV-1a', () => {
    expect(hashSeed('')).toBe(0x811c9dc5);
    expect(hashSeed('foobar')).toBe(0xbf9cf968);
  });
});
