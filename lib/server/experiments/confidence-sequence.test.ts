import { describe, expect, it } from 'vitest';
import { mulberry32 } from '../../math/random';
import { confidenceSequence, MIN_VISITORS, type Sample } from './confidence-sequence';

/** Running mean and variance (Welford). */
class Running implements Sample {
  visitors = 0;
  mean = 0;
  private squares = 0;
  add(x: number) {
    this.visitors++;
    const delta = x - this.mean;
    this.mean += delta / this.visitors;
    this.squares += delta * (x - this.mean);
  }
  get variance() {
    return this.visitors > 1 ? this.squares / (this.visitors - 1) : 0;
  }
}

/** Whether each kind of interval ever excludes 0 if it is checked after every visitor. */
function everSignificant(seed: number, visitors: number, lift: number) {
  const random = mulberry32(seed);
  const [a, b] = [new Running(), new Running()];
  let [sequence, ordinary] = [false, false];
  for (let i = 0; i < visitors; i++) {
    a.add(random() < 0.2 ? 1 : 0);
    b.add(random() < 0.2 + lift ? 1 : 0);
    const interval = confidenceSequence(a, b);
    if (!interval) continue;
    if (interval.low > 0 || interval.high < 0) sequence = true;
    const error = Math.sqrt(a.variance / a.visitors + b.variance / b.visitors);
    if (Math.abs(b.mean - a.mean) > 1.96 * error) ordinary = true;
  }
  return { sequence, ordinary };
}

const share = (runs: number, lift: number, kind: 'sequence' | 'ordinary') =>
  Array.from({ length: runs }, (_, seed) => everSignificant(seed + 1, 2000, lift)[kind]).filter(Boolean).length / runs;

describe('the confidence sequence', () => {
  it('can be checked after every visitor, unlike ordinary intervals', () => {
    expect(share(300, 0, 'sequence')).toBeLessThanOrEqual(0.05);
    expect(share(300, 0, 'ordinary')).toBeGreaterThan(0.25);
  });

  it('finds a real difference', () => {
    expect(share(100, 0.1, 'sequence')).toBeGreaterThan(0.95);
  });

  it('is null for a few visitors', () => {
    const few = { visitors: MIN_VISITORS - 1, mean: 0.5, variance: 0.1 };
    expect(confidenceSequence(few, { ...few, visitors: 1000 })).toBeNull();
  });

  it('is mirrored when its arguments are swapped, and wider for a smaller α', () => {
    const [a, b] = [
      { visitors: 400, mean: 0.2, variance: 0.16 },
      { visitors: 500, mean: 0.3, variance: 0.21 },
    ];
    const forth = confidenceSequence(a, b)!;
    const back = confidenceSequence(b, a)!;
    expect(forth.low).toBeCloseTo(-back.high, 12);
    const strict = confidenceSequence(a, b, 0.01)!;
    expect(strict.high - strict.low).toBeGreaterThan(forth.high - forth.low);
  });
});
