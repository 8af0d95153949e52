import { describe, expect, it } from 'vitest';
import { contentColumns, SIZE, TERMS, WITHOUT_TERMS } from '../../../testing/engine/columns';
import { termRows } from '../../../testing/engine/context';
import { dot } from '../../../testing/engine/naive';
import { weighTerms } from './tfidf';

const columns = contentColumns();
const terms = termRows();
const { offsets, columns: termsOf, values } = weighTerms(columns);
const rows = Array.from({ length: SIZE }, (_, row) => {
  const cells = new Array<number>(TERMS).fill(0);
  for (let i = offsets[row]; i < offsets[row + 1]; i++) cells[termsOf[i]] = values[i];
  return cells;
});
const length = (row: number[]) => Math.hypot(...row);

describe('TermRows.similarity', () => {
  it('is the cosine of two rows', () => {
    for (const row of [0, 7, 21, WITHOUT_TERMS]) {
      rows.forEach((other, r) => {
        const isEmpty = [row, r].includes(WITHOUT_TERMS);
        const expected = isEmpty ? 0 : dot(rows[row], other) / (length(rows[row]) * length(other));
        expect(terms.similarity(row, r)).toBeCloseTo(expected, 5);
      });
    }
  });
});

describe('TermRows.sharedTerms', () => {
  it('returns the terms of both items, the largest product of weights first', () => {
    for (const [a, b] of [
      [0, 1],
      [3, 8],
      [12, 30],
      [WITHOUT_TERMS, 0],
    ]) {
      const product = (term: number) => rows[a][term] * rows[b][term];
      const shared = terms.sharedTerms(a, b);
      expect([...shared].sort((x, y) => x - y)).toEqual(
        rows[0].flatMap((_, term) => (product(term) > 0 ? [term] : [])),
      );
      for (let i = 1; i < shared.length; i++)
        expect(product(shared[i - 1])).toBeGreaterThanOrEqual(product(shared[i]) * 0.999999);
    }
  });
});

describe('TermRows.hasTerm', () => {
  it('returns whether the item has the term', () => {
    for (const term of rows[6].keys()) expect(terms.hasTerm(6, term)).toBe(rows[6][term] > 0);
  });
});
