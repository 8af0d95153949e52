import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { count, decimal, signed } from './text';

describe('numbers as text', () => {
  it('has U+2212 as minus sign, and none before 0', () => {
    expect([decimal(-1.25, 1), decimal(0.256, 2), decimal(-0.001, 2), decimal(-0, 1)]).toEqual([
      '−1.3',
      '0.26',
      '0.00',
      '0.0',
    ]);
    expect([signed(1.24, 2), signed(-0.5, 2), signed(0.004, 2), signed(-0.004, 2)]).toEqual([
      '+1.24',
      '−0.50',
      '0.00',
      '0.00',
    ]);
  });

  it('parses back to the number, within its digits', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (x) => {
        expect(Math.abs(Number(signed(x, 2).replace('−', '-')) - x)).toBeLessThan(0.00501);
      }),
    );
  });

  it('groups digits as Intl.NumberFormat does', () => {
    const { format } = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (n) => {
        expect(count(n)).toBe(format(n));
      }),
    );
  });
});
