import { mulberry32 } from '../../../lib/math/random';
import { type SparseMatrix, toSparseRows, transpose } from '../../../lib/math/sparse';
import type { RelatedData, TermMatrix } from './related-features';

const ITEMS = 60;
const GROUPS = 6;
const USERS = 120;

export const groupOf = (row: number) => row % GROUPS;

function matrixOf(lists: number[][]): TermMatrix {
  const rows: SparseMatrix = { ...toSparseRows(lists), values: new Float32Array(lists.flat().length).fill(1) };
  return { rows, postings: transpose(rows, 1 + Math.max(0, ...lists.flat())) };
}

/**
 * Items in groups: those of a group share terms, words and users. Popularity falls with the row, and the last two items
 * have the title of the first.
 */
export function groupedItems(): RelatedData {
  const random = mulberry32(5);
  const terms = Array.from({ length: ITEMS }, (_, row) => [groupOf(row), GROUPS + Math.floor(random() * 10)]);
  const users = Array.from({ length: USERS }, (_, user) =>
    Array.from({ length: ITEMS }, (_, row) => row).filter(
      (row) => random() < (groupOf(row) === user % GROUPS ? 0.6 : 0.1) * (1 - row / (2 * ITEMS)),
    ),
  );
  const likes = toSparseRows(users);
  return {
    content: matrixOf(terms),
    card: matrixOf(terms.map(([group]) => [group])),
    text: matrixOf(terms.map(() => [])),
    creatorTerms: matrixOf([[]]),
    creatorOf: new Uint32Array(ITEMS),
    workOf: Uint32Array.from({ length: ITEMS }, (_, row) => (row >= ITEMS - 2 ? 0 : row)),
    users: likes,
    items: transpose(likes, ITEMS),
    popularity: Float32Array.from({ length: ITEMS }, (_, row) => Math.log1p(1000 / (row + 1))),
    quality: new Float32Array(ITEMS),
    candidates: Uint32Array.from({ length: ITEMS }, (_, row) => row),
  };
}
