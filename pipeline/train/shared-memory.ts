import type { SparseRows } from '../../lib/math/sparse';

/** Copies rows into shared memory. */
export function toSharedRows(rows: SparseRows): SparseRows {
  return { offsets: toSharedArray(rows.offsets), columns: toSharedArray(rows.columns) };
}

/** Copies an array into shared memory, so that threads share it instead of receiving a copy each. */
export function toSharedArray<T extends Uint32Array | Float32Array>(values: T): T {
  const copy = new (values.constructor as new (buffer: SharedArrayBuffer) => T)(
    new SharedArrayBuffer(values.byteLength),
  );
  copy.set(values);
  return copy;
}
