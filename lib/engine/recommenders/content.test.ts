import { describe, expect, it } from 'vitest';
import { contentColumns, interest, item, SIZE, TERMS, WARM } from '../../../testing/engine/columns';
import { contentData, context } from '../../../testing/engine/context';
import { dot } from '../../../testing/engine/naive';
import { weighTerms } from '../catalog/tfidf';
import { ContentRecommender } from './content';

const columns = contentColumns();
const recommender = new ContentRecommender(contentData());
const { offsets, columns: termsOf, values } = weighTerms(columns);
const rows = Array.from({ length: SIZE }, (_, row) => {
  const cells = new Array<number>(TERMS).fill(0);
  for (let i = offsets[row]; i < offsets[row + 1]; i++) cells[termsOf[i]] = values[i];
  return cells;
});
const length = (row: number[]) => Math.hypot(...row);

describe('content scores', () => {
  it('are inner products with a Rocchio profile of length 1', () => {
    const profile = recommender.profile(context([item(2), item(5, 0.5), item(9, -1)]))!;
    const expected = rows[2].map((_, term) => rows[2][term] + 0.5 * rows[5][term] - 0.5 * rows[9][term]);
    rows.forEach((row, r) => {
      expect(profile.score(r)).toBeCloseTo(dot(expected, row) / length(expected), 5);
    });
  });

  it('treat an interest as an item of average length that has the interest’s terms', () => {
    const average = rows.slice(0, WARM).reduce((sum, row) => sum + (length(row) || 1), 0) / WARM;
    const profile = recommender.profile(context([item(2), interest([], [1, 4], 0.7)]))!;
    const expected = rows[2].map((weight, term) => weight + ([1, 4].includes(term) ? (0.7 * average) / Math.SQRT2 : 0));
    rows.forEach((row, r) => {
      expect(profile.score(r)).toBeCloseTo(dot(expected, row) / length(expected), 5);
    });
  });
});
