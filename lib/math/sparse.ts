/** Sparse matrices in compressed rows (CSR), for catalogs, posting lists, interactions and graphs alike. */

/**
 * The pattern of a sparse matrix, or a list of lists: row `r` has non-zeros in the columns
 * `columns[offsets[r]] … columns[offsets[r + 1] − 1]`.
 */
export interface SparseRows {
  /** rows + 1, ascending from 0. */
  offsets: Uint32Array;
  /** One for each non-zero. */
  columns: Uint32Array;
}

/** A sparse matrix: the pattern, and the number at each non-zero. */
export interface SparseMatrix extends SparseRows {
  /** Parallel to `columns`. */
  values: Float32Array;
}

/** How many rows a matrix has. */
export const rowCount = ({ offsets }: SparseRows): number => offsets.length - 1;

/** Lists of columns as sparse rows, in the order given. */
export function toSparseRows(lists: readonly (readonly number[])[]): SparseRows {
  const offsets = new Uint32Array(lists.length + 1);
  for (let row = 0; row < lists.length; row++) offsets[row + 1] = offsets[row] + lists[row].length;
  const columns = new Uint32Array(offsets[lists.length]);
  for (let row = 0; row < lists.length; row++) columns.set(lists[row], offsets[row]);
  return { offsets, columns };
}

/** The columns of every row. */
export function toLists({ offsets, columns }: SparseRows): number[][] {
  return Array.from({ length: offsets.length - 1 }, (_, row) => [...columns.subarray(offsets[row], offsets[row + 1])]);
}

/** The rows `begin` … `end` − 1. */
export function sliceRows({ offsets, columns }: SparseRows, begin: number, end: number): SparseRows {
  const first = offsets[begin];
  return {
    offsets: offsets.subarray(begin, end + 1).map((offset) => offset - first),
    columns: columns.slice(first, offsets[end]),
  };
}

/** The rows of both, one after another. */
export function concatRows(head: SparseRows, tail: SparseRows): SparseRows {
  const rows = head.offsets.length - 1;
  const offsets = new Uint32Array(rows + tail.offsets.length);
  offsets.set(head.offsets);
  for (let i = 1; i < tail.offsets.length; i++) offsets[rows + i] = head.columns.length + tail.offsets[i];
  return { offsets, columns: concatArrays(head.columns, tail.columns) };
}

/** The rows of both, one after another, with their numbers. */
export function concatMatrices(head: SparseMatrix, tail: SparseMatrix): SparseMatrix {
  return { ...concatRows(head, tail), values: concatArrays(head.values, tail.values) };
}

/**
 * The same matrix by column: row `c` of the result lists the rows that have a non-zero in column `c`, ascending.
 * Of a matrix of items by terms, these are the posting lists.
 *
 * @param columnCount at least 1 + the largest column
 */
export function transpose(matrix: SparseMatrix, columnCount: number): SparseMatrix;
export function transpose(rows: SparseRows, columnCount: number): SparseRows;
export function transpose(matrix: SparseRows & { values?: Float32Array }, columnCount: number): SparseRows {
  const offsets = new Uint32Array(columnCount + 1);
  for (let i = 0; i < matrix.columns.length; i++) offsets[matrix.columns[i] + 1]++;
  for (let column = 0; column < columnCount; column++) offsets[column + 1] += offsets[column];
  const next = offsets.slice();
  const columns = new Uint32Array(matrix.columns.length);
  const values = matrix.values && new Float32Array(matrix.values.length);
  for (let row = 0; row + 1 < matrix.offsets.length; row++) {
    for (let i = matrix.offsets[row]; i < matrix.offsets[row + 1]; i++) {
      const at = next[matrix.columns[i]]++;
      columns[at] = row;
      if (values) values[at] = matrix.values![i];
    }
  }
  const transposed: SparseRows & { values?: Float32Array } = values
    ? { offsets, columns, values }
    : { offsets, columns };
  return transposed;
}

/** Both arrays in one. */
export function concatArrays<T extends Uint8Array | Int16Array | Uint32Array | Float32Array>(head: T, tail: T): T {
  const whole = new (head.constructor as new (length: number) => T)(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}
