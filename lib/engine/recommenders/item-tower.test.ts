import { describe, expect, it } from 'vitest';
import { dequantiseRows } from '../../format/latent';
import { contentColumns, DIMS, latentColumns, SIZE, WITHOUT_TERMS } from '../testing/columns';
import { dot, rowsOf } from '../testing/naive';
import { ItemTower } from './item-tower';
import { weighTerms } from './tfidf';

const columns = latentColumns();
const content = weighTerms(contentColumns());
const termFactors = rowsOf(dequantiseRows(columns.termQuantised, columns.termScales, DIMS), DIMS);
const termsOf = (row: number) =>
  Array.from({ length: content.offsets[row + 1] - content.offsets[row] }, (_, i) => ({
    term: content.columns[content.offsets[row] + i],
    value: content.values[content.offsets[row] + i],
  }));

describe('the item tower', () => {
  it('gives every item the sum over its terms of TF-IDF times the term’s factors', () => {
    const tower = new ItemTower(columns, content);
    for (let row = 0; row < SIZE; row++) {
      if (row === WITHOUT_TERMS) continue;
      const terms = termsOf(row);
      tower.factorsOf(row)!.forEach((factor, d) => {
        const expected = dot(
          terms.map(({ value }) => value),
          terms.map(({ term }) => termFactors[term][d]),
        );
        expect(factor).toBeCloseTo(expected, 5);
      });
    }
  });

  it('knows nothing of an item without terms, nor of one whose terms it never met', () => {
    expect(new ItemTower(columns, content).factorsOf(WITHOUT_TERMS)).toBeNull();
    const met = new Set(termsOf(0).map(({ term }) => term));
    const unmet = { ...columns, termScales: columns.termScales.map((scale, term) => (met.has(term) ? 0 : scale)) };
    expect(new ItemTower(unmet, content).factorsOf(0)).toBeNull();
  });

  it('of a model without one knows nothing', () => {
    const none = { ...columns, termQuantised: new Int8Array(), termScales: new Float32Array() };
    for (let row = 0; row < SIZE; row++) expect(new ItemTower(none, content).factorsOf(row)).toBeNull();
  });
});
