import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unzigzag, VarintReader, VarintWriter, zigzag } from './varint';

const uint32 = fc.oneof(
  fc.nat(300),
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  fc.constantFrom(127, 128, 2 ** 28, 2 ** 32 - 1),
);

function encode(values: readonly number[]): Uint8Array {
  const writer = new VarintWriter();
  for (const value of values) writer.write(value);
  return writer.finish();
}

describe('varints', () => {
  it('round-trip', () => {
    fc.assert(
      fc.property(fc.array(uint32), (values) => {
        const reader = new VarintReader(encode(values));
        expect(values.map(() => reader.read())).toEqual(values);
        expect(reader.finished).toBe(true);
      }),
    );
  });

  it('take one byte for every seven bits', () => {
    expect(encode([0, 127, 128, 300])).toEqual(Uint8Array.of(0, 127, 128, 1, 0xac, 2));
    fc.assert(
      fc.property(uint32, (value) => encode([value]).length === Math.max(1, Math.ceil(Math.log2(value + 1) / 7))),
    );
  });

  it('outgrow the first buffer', () => {
    const values = Array.from({ length: 5000 }, (_, i) => i * 800_000);
    const reader = new VarintReader(encode(values));
    expect(values.map(() => reader.read())).toEqual(values);
  });

  it('are not finished before the last byte or past the end', () => {
    const reader = new VarintReader(Uint8Array.of(1, 0x80));
    expect(reader.finished).toBe(false);
    reader.read();
    expect(reader.finished).toBe(false);
    reader.read();
    expect(reader.finished).toBe(false);
    expect(reader.read()).toBe(0);
  });
});

describe('zigzag', () => {
  it('keeps small magnitudes small', () => {
    expect([0, -1, 1, -2, 2].map(zigzag)).toEqual([0, 1, 2, 3, 4]);
  });

  it('is invertible for all 32-bit integers', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.integer(), fc.constantFrom(-(2 ** 31), 2 ** 31 - 1)),
        (value) => unzigzag(zigzag(value)) === value,
      ),
    );
  });
});
