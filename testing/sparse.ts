import { mulberry32 } from '../lib/math/random';
import type { SparseRows } from '../pipeline/train/ials-task';

/** Lists of ascending columns as sparse rows. */
export function sparseOf(lists: readonly (readonly number[])[]): SparseRows {
  const offsets = new Uint32Array(lists.length + 1);
  lists.forEach((list, row) => {
    offsets[row + 1] = offsets[row] + list.length;
  });
  return { offsets, columns: Uint32Array.from(lists.flat()) };
}

/** The columns of every row. */
export function listsOf({ offsets, columns }: SparseRows): number[][] {
  return Array.from({ length: offsets.length - 1 }, (_, row) => [...columns.subarray(offsets[row], offsets[row + 1])]);
}

/** A checkerboard of two tastes: each user likes items of their own parity only, each of them by this chance. Seeded. */
export function checkerboard(users: number, items: number, chance = 0.4): SparseRows {
  const random = mulberry32(3);
  return sparseOf(
    Array.from({ length: users }, (_, user) =>
      [...Array(items).keys()].filter((item) => item % 2 === user % 2 && random() < chance),
    ),
  );
}
