import { mulberry32 } from '../lib/math/random';
import { type SparseRows, toSparseRows } from '../lib/math/sparse';

/** A checkerboard of two tastes: each user likes only items of their own parity, each with this probability. Seeded. */
export function checkerboard(users: number, items: number, probability = 0.4): SparseRows {
  const random = mulberry32(3);
  return toSparseRows(
    Array.from({ length: users }, (_, user) =>
      [...Array(items).keys()].filter((item) => item % 2 === user % 2 && random() < probability),
    ),
  );
}
