import { describe, expect, it } from 'vitest';
import { contentColumns, DIMS, itemTowerColumns, SIZE, WITHOUT_TERMS } from '../../../testing/engine/columns';
import { termRows } from '../../../testing/engine/context';
import { dot, rowsOf } from '../../../testing/engine/naive';
import { dequantiseRows } from '../../format/latent';
import { weighTerms } from '../catalog/tfidf';
import { ItemTower } from './item-tower';

const columns = itemTowerColumns();
const content = weighTerms(contentColumns());
const termFactors = rowsOf(dequantiseRows(columns.quantised, columns.scales, DIMS), DIMS);
const termsOf = (row: number) =>
  Array.from({ length: content.offsets[row + 1] - content.offsets[row] }, (_, i) => ({
    term: content.columns[content.offsets[row] + i],
    value: content.values[content.offsets[row] + i],
  }));

describe('the item tower', () => {
  it('gives every item the sum over its terms of TF-IDF times the term’s factors', () => {
    const tower = new ItemTower(columns, termRows());
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
    expect(new ItemTower(columns, termRows()).factorsOf(WITHOUT_TERMS)).toBeNull();
    const met = new Set(termsOf(0).map(({ term }) => term));
    const kept = [...columns.terms].filter((term) => !met.has(term));
    const unmet = {
      ...columns,
      terms: Uint32Array.from(kept),
      quantised: Int8Array.from(
        kept.flatMap((term) => [...columns.quantised.subarray(term * DIMS, (term + 1) * DIMS)]),
      ),
      scales: Float32Array.from(kept, (term) => columns.scales[term]),
    };
    const tower = new ItemTower(unmet, termRows());
    expect(tower.factorsOf(0)).toBeNull();
    expect(tower.scorer(new Float32Array(DIMS).fill(1))(0)).toBeNull();
    const row = Array.from({ length: SIZE }, (_, r) => r).find((r) => termsOf(r).some(({ term }) => !met.has(term)))!;
    const expected = termsOf(row).reduce(
      (sum, { term, value }) => (met.has(term) ? sum : sum + value * termFactors[term].reduce((a, b) => a + b)),
      0,
    );
    expect(tower.scorer(new Float32Array(DIMS).fill(1))(row)).toBeCloseTo(expected, 5);
  });
});
