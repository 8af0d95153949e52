import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  concatMatrices,
  concatRows,
  rowCount,
  type SparseMatrix,
  sliceRows,
  toLists,
  toSparseRows,
  transpose,
} from './sparse';

const COLUMNS = 10;
/** Rows of ascending, distinct columns below COLUMNS. */
const lists = fc.array(fc.uniqueArray(fc.nat(COLUMNS - 1)).map((columns) => columns.sort((a, b) => a - b)));

/** A matrix with this pattern, whose values are all different. */
function numbered(rows: readonly (readonly number[])[]): SparseMatrix {
  const pattern = toSparseRows(rows);
  return { ...pattern, values: Float32Array.from(pattern.columns, (_, i) => i + 1) };
}

describe('toSparseRows', () => {
  it('is undone by toLists', () => {
    fc.assert(
      fc.property(lists, (rows) => {
        const sparse = toSparseRows(rows);
        expect(rowCount(sparse)).toBe(rows.length);
        expect(toLists(sparse)).toEqual(rows);
      }),
    );
  });

  it('keeps the given order within a row', () => {
    expect(toLists(toSparseRows([[3, 1], [], [2]]))).toEqual([[3, 1], [], [2]]);
  });
});

describe('transpose', () => {
  it('lists the rows of each column, ascending', () => {
    fc.assert(
      fc.property(lists, (rows) => {
        expect(toLists(transpose(toSparseRows(rows), COLUMNS))).toEqual(
          [...Array(COLUMNS).keys()].map((column) => [...rows.keys()].filter((row) => rows[row].includes(column))),
        );
      }),
    );
  });

  it('is the identity when applied twice, with values and without', () => {
    fc.assert(
      fc.property(lists, (rows) => {
        const sparse = toSparseRows(rows);
        expect(transpose(transpose(sparse, COLUMNS), rows.length)).toEqual(sparse);
        const matrix = numbered(rows);
        expect(transpose(transpose(matrix, COLUMNS), rows.length)).toEqual(matrix);
      }),
    );
  });

  it('moves each value with its non-zero', () => {
    const { values } = transpose(numbered([[0, 2], [2]]), 3);
    expect([...values]).toEqual([1, 2, 3]);
  });
});

describe('sliceRows and concatRows', () => {
  it('divide rows into two parts and join them again', () => {
    fc.assert(
      fc.property(lists, fc.nat(), (rows, number) => {
        const cut = number % (rows.length + 1);
        const whole = toSparseRows(rows);
        const [head, tail] = [sliceRows(whole, 0, cut), sliceRows(whole, cut, rows.length)];
        expect(toLists(head)).toEqual(rows.slice(0, cut));
        expect(toLists(tail)).toEqual(rows.slice(cut));
        expect(concatRows(head, tail)).toEqual(whole);
      }),
    );
  });
});

describe('concatMatrices', () => {
  it('joins patterns and values', () => {
    fc.assert(
      fc.property(lists, lists, (first, second) => {
        const [head, tail] = [numbered(first), numbered(second)];
        const joined = concatMatrices(head, tail);
        expect(toLists(joined)).toEqual([...first, ...second]);
        expect([...joined.values]).toEqual([...head.values, ...tail.values]);
      }),
    );
  });
});
