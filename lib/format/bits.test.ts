import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitReader, BitWriter, MAX_BITS } from './bits';

const fields = fc.array(
  fc.nat(MAX_BITS).chain((width) => fc.tuple(fc.nat(2 ** width - 1), fc.constant(width))),
  { maxLength: 3000 },
);

describe('bit fields', () => {
  it('round-trip in the minimum number of bytes', () => {
    fc.assert(
      fc.property(fields, (given) => {
        const writer = new BitWriter();
        for (const [value, width] of given) writer.write(value, width);
        const bytes = writer.finish();
        expect(bytes).toHaveLength(Math.ceil(given.reduce((sum, [, width]) => sum + width, 0) / 8));
        const reader = new BitReader(bytes);
        expect(given.map(([, width]) => reader.read(width))).toEqual(given.map(([value]) => value));
        expect(reader.finished).toBe(true);
      }),
    );
  });

  it('start at the lowest bit of the first byte', () => {
    const reader = new BitReader(Uint8Array.of(0b1010_0110, 0b0000_0001));
    expect([reader.read(3), reader.read(0), reader.read(6), reader.finished]).toEqual([6, 0, 0b110100, true]);
  });

  it('are not finished if bytes are left or missing, or the padding is not zero', () => {
    const finished = (bytes: number[], width: number) => {
      const reader = new BitReader(Uint8Array.from(bytes));
      reader.read(width);
      return reader.finished;
    };
    expect(finished([], 0)).toBe(true);
    expect(finished([5], 3)).toBe(true);
    expect(finished([5, 0], 3)).toBe(false);
    expect(finished([5], 9)).toBe(false);
    expect(finished([8], 3)).toBe(false);
  });
});
