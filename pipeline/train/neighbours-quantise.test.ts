import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type NeighbourColumns, readNeighbours, writeNeighbours } from '../../lib/format/neighbours';
import { keepLargestEffects, toNeighbourColumns } from './neighbours-quantise';
import type { Regression } from './neighbours-task';

const ITEMS = 7;
const weight = fc.oneof(
  { weight: 9, arbitrary: fc.float({ min: -1, max: 1, noNaN: true }).filter((value) => Math.abs(value) > 1e-9) },
  { weight: 1, arbitrary: fc.constant(0) },
);
/** By predicted item: some of the other items, with weights. */
const regressions = fc
  .array(fc.array(fc.tuple(fc.boolean(), weight), { minLength: ITEMS, maxLength: ITEMS }), {
    minLength: ITEMS,
    maxLength: ITEMS,
  })
  .map((table) =>
    table.map((row, item): Regression => {
      const kept = [...row.entries()].filter(([other, [isThere]]) => isThere && other !== item);
      return {
        rows: Uint32Array.from(kept, ([other]) => other),
        weights: Float32Array.from(kept, ([, [, value]]) => value),
      };
    }),
  );

/** weights[predicted item][history item] of the columns; undefined for pairs without a weight. */
function restore({ rows, weights, scales }: NeighbourColumns): (number | undefined)[][] {
  const table = Array.from({ length: ITEMS }, () => new Array<number | undefined>(ITEMS).fill(undefined));
  for (let from = 0; from < ITEMS; from++)
    for (let i = rows.offsets[from]; i < rows.offsets[from + 1]; i++)
      table[rows.columns[i]][from] = weights[i] * scales[rows.columns[i]];
  return table;
}

const counts = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: ITEMS, maxLength: ITEMS });
const SAME = new Array<number>(ITEMS).fill(10);

/** The columns with the largest weights. */
const columnsOf = (...all: Parameters<typeof keepLargestEffects>) => toNeighbourColumns(keepLargestEffects(...all));

describe('toNeighbourColumns', () => {
  it('errs by at most half a level and half an 8-bit step if all weights are kept', () => {
    fc.assert(
      fc.property(regressions, counts, (given, popularity) => {
        const columns = columnsOf(given, popularity, Number.POSITIVE_INFINITY);
        const table = restore(columns);
        given.forEach(({ rows, weights }, item) => {
          rows.forEach((row, i) => {
            const error = Math.abs((table[item][row] ?? 0) - weights[i]);
            expect(error).toBeLessThanOrEqual(0.0906 * Math.abs(weights[i]) + 0.55 * columns.scales[item] + 1e-7);
          });
        });
      }),
    );
  });

  it('returns exactly what a reader of the file gets', () => {
    fc.assert(
      fc.property(regressions, counts, fc.nat(30), (given, popularity, max) => {
        const columns = columnsOf(given, popularity, max);
        expect(readNeighbours(writeNeighbours(columns))).toEqual(columns);
      }),
    );
  });

  it('drops every weight that the file cannot hold beside the largest of its item', () => {
    const atTheLastLevels = fc.tuple(fc.double({ min: 20, max: 32, noNaN: true }), fc.nat({ max: 130 }));
    fc.assert(
      fc.property(atTheLastLevels, ([exponent, below]) => {
        const largest = 256 / 2 ** exponent;
        const weights = Float32Array.of(largest, -largest / 2 ** (below / 16));
        const empty = { rows: new Uint32Array(), weights: new Float32Array() };
        const columns = columnsOf([{ rows: Uint32Array.of(1, 2), weights }, empty, empty], [1, 1, 1], 2);
        expect(readNeighbours(writeNeighbours(columns))).toEqual(columns);
      }),
      { numRuns: 2000 },
    );
  });

  it('lists the predicted items of each item in ascending order, without zeros and without new pairs', () => {
    fc.assert(
      fc.property(regressions, counts, fc.nat(30), (given, popularity, max) => {
        const { rows, weights, scales } = columnsOf(given, popularity, max);
        expect(rows.offsets).toHaveLength(ITEMS + 1);
        expect(scales).toHaveLength(ITEMS);
        expect(weights).toHaveLength(rows.columns.length);
        expect([...weights]).not.toContain(0);
        for (let from = 0; from < ITEMS; from++) {
          const list = [...rows.columns.subarray(rows.offsets[from], rows.offsets[from + 1])];
          expect(list).toEqual([...new Set(list)].sort((a, b) => a - b));
          for (const item of list) expect([...given[item].rows]).toContain(from);
        }
      }),
    );
  });

  it('keeps the largest weights if items are equally popular', () => {
    const distinct = regressions.filter((given) => {
      const sizes = given.flatMap(({ weights }) => Array.from(weights, Math.abs));
      return new Set(sizes).size === sizes.length;
    });
    fc.assert(
      fc.property(distinct, fc.nat(25), (given, max) => {
        const columns = columnsOf(given, SAME, max);
        expect(columns.weights.length).toBeLessThanOrEqual(max);
        const table = restore(columns);
        given.forEach(({ rows, weights }, item) => {
          const sizeOf = (isKept: boolean) =>
            [...rows.entries()]
              .filter(([, row]) => (table[item][row] !== undefined) === isKept)
              .map(([i]) => Math.abs(weights[i]));
          expect(Math.min(...sizeOf(true))).toBeGreaterThan(Math.max(Number.NEGATIVE_INFINITY, ...sizeOf(false)));
        });
      }),
      { numRuns: 60 },
    );
  });

  it('keeps the weight of the more popular item if two weights are equal', () => {
    const given: Regression[] = [
      { rows: Uint32Array.of(1, 2), weights: Float32Array.of(0.5, 0.5) },
      { rows: new Uint32Array(), weights: new Float32Array() },
      { rows: new Uint32Array(), weights: new Float32Array() },
    ];
    expect([...columnsOf(given, [9, 3, 4], 1).rows.offsets]).toEqual([0, 0, 0, 1]);
    expect([...columnsOf(given, [9, 4, 3], 1).rows.offsets]).toEqual([0, 0, 1, 1]);
  });

  it('returns empty columns without regressions', () => {
    const columns = columnsOf([], [], 10);
    expect([columns.rows.offsets.length, columns.weights.length, columns.scales.length]).toEqual([1, 0, 0]);
  });
});
