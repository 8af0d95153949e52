import { describe, expect, it } from 'vitest';
import { contentColumns, SIZE, TERMS, WITHOUT_TERMS } from '../../../testing/engine/columns';
import { type SparseMatrix, toSparseRows } from '../../math/sparse';
import { rowLengths, weighTerms } from './tfidf';

const content = contentColumns();

function dense({ offsets, columns, values }: SparseMatrix, width: number): number[][] {
  return Array.from({ length: offsets.length - 1 }, (_, row) => {
    const cells = new Array<number>(width).fill(0);
    for (let i = offsets[row]; i < offsets[row + 1]; i++) cells[columns[i]] = values[i];
    return cells;
  });
}

describe('weighTerms', () => {
  it('multiplies field weight, frequency and rarity, and divides by the root of the row’s length', () => {
    const counts = dense(
      { offsets: content.rows.offsets, columns: content.rows.columns, values: Float32Array.from(content.frequencies) },
      TERMS,
    );
    const found = dense(weighTerms(content), TERMS);
    counts.forEach((row, r) => {
      const weights = row.map((frequency, term) => {
        if (frequency === 0) return 0;
        const idf = Math.log(1 + SIZE / content.documentFrequency[term]);
        return content.fields[content.termFields[term]].weight * (1 + Math.log(frequency)) * idf;
      });
      const length = Math.hypot(...weights);
      weights.forEach((weight, term) => {
        expect(found[r][term]).toBeCloseTo(length > 0 ? weight / Math.sqrt(length) : 0, 5);
      });
    });
  });

  it('gives rare terms, fields of larger weight and repeated terms more weight', () => {
    const weigh = (changes: Partial<typeof content>) =>
      weighTerms({
        fields: [
          { name: 'a', weight: 2, tellable: true },
          { name: 'b', weight: 1, tellable: true },
        ],
        terms: ['x', 'y'],
        termFields: Uint8Array.of(0, 0),
        notNamed: new Uint32Array(),
        documentFrequency: Uint32Array.of(2, 2),
        rows: toSparseRows([[0, 1]]),
        frequencies: Uint8Array.of(1, 1),
        ...changes,
      }).values;
    const [x, y] = weigh({});
    expect(x).toBe(y);
    const ratio = ([first, second]: Float32Array) => first / second;
    expect(ratio(weigh({ termFields: Uint8Array.of(0, 1) }))).toBeCloseTo(2, 5);
    expect(ratio(weigh({ frequencies: Uint8Array.of(3, 1) }))).toBeCloseTo(1 + Math.log(3), 5);
    expect(ratio(weigh({ documentFrequency: Uint32Array.of(1, 4) }))).toBeCloseTo(Math.log(2) / Math.log(1.25), 5);
  });
});

describe('rowLengths', () => {
  it('returns Euclidean lengths, 1 for an empty row', () => {
    const matrix = weighTerms(content);
    const lengths = rowLengths(matrix);
    dense(matrix, TERMS).forEach((row, r) => {
      expect(lengths[r]).toBeCloseTo(r === WITHOUT_TERMS ? 1 : Math.hypot(...row), 5);
    });
  });
});
