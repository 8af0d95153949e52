import { describe, expect, it } from 'vitest';
import { contentColumns, interest, item, SIZE, TERMS, WARM, WITHOUT_TERMS } from '../../../testing/engine/columns';
import { dot } from '../../../testing/engine/naive';
import { ContentRecommender } from './content';
import { weighTerms } from './tfidf';

const columns = contentColumns();
const recommender = new ContentRecommender(columns, WARM);
const { offsets, columns: termsOf, values } = weighTerms(columns);
const rows = Array.from({ length: SIZE }, (_, row) => {
  const cells = new Array<number>(TERMS).fill(0);
  for (let i = offsets[row]; i < offsets[row + 1]; i++) cells[termsOf[i]] = values[i];
  return cells;
});
const length = (row: number[]) => Math.hypot(...row);

describe('content scores', () => {
  it('are products with Rocchio’s profile, of length 1', () => {
    const profile = recommender.profile([item(2), item(5, 0.5), item(9, -1)])!;
    const wanted = rows[2].map((_, term) => rows[2][term] + 0.5 * rows[5][term] - 0.5 * rows[9][term]);
    rows.forEach((row, r) => {
      expect(profile.score(r)).toBeCloseTo(dot(wanted, row) / length(wanted), 5);
    });
  });

  it('take an interest for a warm item of average length that has its terms alone', () => {
    const average = rows.slice(0, WARM).reduce((sum, row) => sum + (length(row) || 1), 0) / WARM;
    const profile = recommender.profile([item(2), interest([], [1, 4], 0.7)])!;
    const wanted = rows[2].map((weight, term) => weight + ([1, 4].includes(term) ? (0.7 * average) / Math.SQRT2 : 0));
    rows.forEach((row, r) => {
      expect(profile.score(r)).toBeCloseTo(dot(wanted, row) / length(wanted), 5);
    });
  });
});

describe('content similarities', () => {
  it('are cosines', () => {
    for (const row of [0, 7, 21, WITHOUT_TERMS]) {
      rows.forEach((other, r) => {
        const isEmpty = [row, r].includes(WITHOUT_TERMS);
        const expected = isEmpty ? 0 : dot(rows[row], other) / (length(rows[row]) * length(other));
        expect(recommender.similarity(row, r)).toBeCloseTo(expected, 5);
      });
    }
  });
});

describe('shared terms', () => {
  it('are those of both items, the weightiest first', () => {
    for (const [a, b] of [
      [0, 1],
      [3, 8],
      [12, 30],
      [WITHOUT_TERMS, 0],
    ]) {
      const product = (term: number) => rows[a][term] * rows[b][term];
      const shared = recommender.sharedTerms(a, b);
      expect([...shared].sort((x, y) => x - y)).toEqual(
        rows[0].flatMap((_, term) => (product(term) > 0 ? [term] : [])),
      );
      for (let i = 1; i < shared.length; i++)
        expect(product(shared[i - 1])).toBeGreaterThanOrEqual(product(shared[i]) * 0.999999);
    }
  });

  it('are terms that the item has', () => {
    for (const term of rows[6].keys()) expect(recommender.hasTerm(6, term)).toBe(rows[6][term] > 0);
  });
});
