import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ItemTowerColumns, readItemTower, writeItemTower } from './item-tower';
import { describeReader } from './testing/conformance';

const tower: ItemTowerColumns = {
  dims: 3,
  termCount: 900,
  terms: Uint32Array.of(4, 17, 800),
  quantised: Int8Array.of(1, 0, -1, 127, -127, 3, 0, 0, 2),
  scales: Float32Array.of(0.25, 0.5, 0.25),
};

describe('an item tower', () => {
  it('round-trips', () => {
    const row = fc.record({
      quantised: fc.array(fc.integer({ min: -127, max: 127 }), { minLength: 2, maxLength: 2 }),
      scale: fc.constantFrom(0.125, 0.25, 3),
    });
    fc.assert(
      fc.property(fc.dictionary(fc.nat(5000).map(String), row), (rows) => {
        const terms = Object.keys(rows).map(Number);
        const columns: ItemTowerColumns = {
          dims: 2,
          termCount: 5001,
          terms: Uint32Array.from(terms),
          quantised: Int8Array.from(terms.flatMap((term) => rows[term].quantised)),
          scales: Float32Array.from(terms, (term) => rows[term].scale),
        };
        expect(readItemTower(writeItemTower(columns))).toEqual(columns);
      }),
    );
  });

  it.each<[string, Partial<ItemTowerColumns>, string]>([
    ['a scale too few', { scales: Float32Array.of(1, 1) }, '2 scales and 3 rows of 3 dimensions for 3 terms'],
    ['a row too few', { quantised: new Int8Array(6) }, '3 scales and 2 rows of 3 dimensions for 3 terms'],
    ['a term twice', { terms: Uint32Array.of(4, 4, 800) }, 'distinct and ascending'],
    ['terms out of order', { terms: Uint32Array.of(17, 4, 800) }, 'distinct and ascending'],
    ['a term that is not there', { termCount: 800 }, 'section "terms" holds 800, where 800 is too much'],
    ['a scale that is no number', { scales: Float32Array.of(1, Number.NaN, 1) }, "a row's scale is none of the 2"],
  ])('is rejected with %s', (_, change, message) => {
    expect(() => readItemTower(writeItemTower({ ...tower, ...change }), 't.bin')).toThrow(
      expect.objectContaining({ code: 'ARTIFACT_MALFORMED', message: expect.stringContaining(message) }),
    );
  });
});

describeReader('itemtower', writeItemTower(tower), readItemTower);
