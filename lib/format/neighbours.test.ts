import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toSparseRows } from '../math/sparse';
import { ContainerWriter } from './container';
import { type NeighbourColumns, readNeighbours, writeNeighbours } from './neighbours';
import { LEVELS, levelOf, scaleOf } from './neighbours-levels';
import { describeReader } from './testing/conformance';

/** As in the file: the largest weight of each item is 127, and each scale is that of a level. */
const neighbours: NeighbourColumns = {
  rows: toSparseRows([[1, 2], [2, 3], [0, 1, 3], [2]]),
  weights: Int8Array.of(127, -127, -64, 5, 127, 3, -127, 1),
  scales: Float32Array.of(scaleOf(32), scaleOf(40), scaleOf(0), scaleOf(100)),
};

const ITEMS = 90;
/** Any columns: weights[item of the history][scored item] of the table, other pairs without a weight. */
const anyColumns = fc
  .tuple(
    fc.uniqueArray(fc.tuple(fc.nat(ITEMS - 1), fc.nat(ITEMS - 1), fc.integer({ min: -127, max: 127 })), {
      selector: ([from, to]) => from * ITEMS + to,
      maxLength: 400,
    }),
    fc.array(fc.float({ min: Math.fround(1e-5), max: 1, noNaN: true }), { minLength: ITEMS, maxLength: ITEMS }),
  )
  .map(([given, scales]): NeighbourColumns => {
    const entries = given
      .filter(([from, to, weight]) => from !== to && weight !== 0)
      .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const lists = Array.from({ length: ITEMS }, (_, row) => entries.filter(([from]) => from === row));
    return {
      rows: toSparseRows(lists.map((list) => list.map(([, to]) => to))),
      weights: Int8Array.from(entries, ([, , weight]) => weight),
      scales: Float32Array.from(scales),
    };
  });

function weightsOf({ rows, weights, scales }: NeighbourColumns): Map<string, number> {
  const found = new Map<string, number>();
  for (let row = 0; row < scales.length; row++)
    for (let i = rows.offsets[row]; i < rows.offsets[row + 1]; i++)
      found.set(`${row} for ${rows.columns[i]}`, weights[i] * scales[rows.columns[i]]);
  return found;
}

describe('item–item weights', () => {
  it('round-trip', () => {
    expect(readNeighbours(writeNeighbours(neighbours))).toEqual(neighbours);
    const none = { rows: toSparseRows([]), weights: new Int8Array(), scales: new Float32Array() };
    expect(readNeighbours(writeNeighbours(none))).toEqual(none);
    const silent = { rows: toSparseRows([[], []]), weights: new Int8Array(), scales: new Float32Array(2) };
    expect(readNeighbours(writeNeighbours(silent))).toEqual(silent);
  });

  it('are rounded to levels only once, and are in ascending lists', () => {
    fc.assert(
      fc.property(anyColumns, (columns) => {
        const file = writeNeighbours(columns);
        const found = readNeighbours(file);
        expect(writeNeighbours(columns)).toEqual(file);
        expect(readNeighbours(writeNeighbours(found))).toEqual(found);
        expect(found.rows).toEqual(columns.rows);
        const largest = new Map<number, number>();
        columns.rows.columns.forEach((to, i) => {
          const size = Math.abs(columns.weights[i]) * columns.scales[to];
          largest.set(to, Math.max(size, largest.get(to) ?? 0));
        });
        const rounded = weightsOf(found);
        for (const [name, weight] of weightsOf(columns)) {
          const step = largest.get(Number(name.split(' for ')[1]))! / 127;
          // Two roundings to levels, of the scale and below it, then one to 8 bits.
          expect(Math.abs(rounded.get(name)! - weight)).toBeLessThanOrEqual(0.2 * Math.abs(weight) + 0.7 * step);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('are left out if they are zero or below the last level', () => {
    const small = { ...neighbours, scales: Float32Array.of(1e-12, 0, 1, 1) };
    const { rows, scales } = readNeighbours(writeNeighbours(small));
    expect(rows).toEqual(toSparseRows([[2], [2, 3], [3], [2]]));
    expect([scales[0], scales[1]]).toEqual([0, 0]);
  });

  it.each<[string, number[][], string]>([
    ['itself', [[0], []], 'item 0 cannot score 0'],
    ['one that does not exist', [[], [2]], 'item 1 cannot score 2'],
  ])('cannot be written if an item scores %s', (_, lists, message) => {
    const columns = { rows: toSparseRows(lists), weights: Int8Array.of(1), scales: Float32Array.of(1, 1) };
    expect(() => writeNeighbours(columns)).toThrow(new RangeError(message));
  });
});

describe('levels of weights', () => {
  it('represent a magnitude to within half a step', () => {
    for (const magnitude of [300, 255, 1, 0.3, 0.001, 1e-7]) {
      const level = levelOf(magnitude);
      const ratio = (127 * scaleOf(level)) / Math.min(256, magnitude);
      expect(Math.abs(Math.log2(ratio))).toBeLessThanOrEqual(0.1251);
      expect(level).toBeLessThan(LEVELS);
    }
    expect(levelOf(1e-9)).toBeGreaterThanOrEqual(LEVELS);
  });
});

interface Sections {
  order: number[];
  counts: number[];
  gaps: number[];
  gapBits: number[];
  there: number[];
  back: number[];
}
/** Two pairs of three items: 2 and 0 each way, 1 and 2 one way. */
const whole: Sections = {
  order: [0, 2, 1],
  counts: [0, 1, 1],
  gaps: [0, 0],
  gapBits: [],
  there: [34, 33],
  back: [0, 40],
};
const fileOf = (sections: Sections) =>
  new ContainerWriter('neighbours')
    .deltas('order', sections.order)
    .varint('counts', sections.counts)
    .array('gaps', Uint8Array.from(sections.gaps))
    .array('gapBits', Uint8Array.from(sections.gapBits))
    .array('there', Uint8Array.from(sections.there))
    .array('back', Uint8Array.from(sections.back))
    .finish();

describe('a file of item–item weights', () => {
  it('lists each pair of items once, with the later item, and sorts one direction by the code of the other', () => {
    const { rows, weights } = readNeighbours(fileOf(whole));
    expect(rows).toEqual(toSparseRows([[2], [2], [0]]));
    expect([...weights]).toEqual([-127, 127, -127]);
  });

  it.each<[string, Partial<Sections>, string]>([
    [
      'an item twice in the order',
      { order: [0, 2, 2] },
      'section "order" holds 2, which is not an item or occurs twice',
    ],
    [
      'an item that is not there',
      { order: [0, 3, 1] },
      'section "order" holds 3, which is not an item or occurs twice',
    ],
    ['a count too few', { counts: [0, 2] }, '2 counts for 3 items; 2 gaps, 2 and 2 weights'],
    ['counts that promise more', { counts: [0, 1, 2] }, '3 counts for 3 items; 2 gaps, 2 and 2 weights'],
    ['a weight too few', { there: [33] }, '3 counts for 3 items; 2 gaps, 1 and 2 weights'],
    ['a weight too many', { back: [0, 0, 40] }, '3 counts for 3 items; 2 gaps, 2 and 3 weights'],
    ['a pair without a weight', { there: [34, 0] }, 'a pair of items has no weight'],
    ['a gap before the first item', { gaps: [0, 2] }, 'section "gaps" leads out of the order'],
    ['a gap of too many bits', { gaps: [0, 100] }, 'section "gaps" holds 100'],
    ['bits that no gap has', { gapBits: [0] }, 'section "gapBits" does not have the size of its gaps'],
    ['a gap whose bits are missing', { gaps: [0, 4], counts: [0, 1, 1] }, 'section "gaps" leads out of the order'],
  ])('is rejected with %s', (_, change, message) => {
    expect(() => readNeighbours(fileOf({ ...whole, ...change }), 'n.bin')).toThrow(
      expect.objectContaining({ code: 'ARTIFACT_MALFORMED', message: `n.bin is inconsistent: ${message}` }),
    );
  });
});

describeReader('neighbours', writeNeighbours(neighbours), readNeighbours);
