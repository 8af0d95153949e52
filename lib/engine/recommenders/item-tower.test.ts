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
  it('computes the sum over an item’s terms of TF-IDF times the term’s factors', () => {
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

  it('returns null for an item without terms, and for one whose terms have no factors', () => {
    expect(new ItemTower(columns, termRows()).factorsOf(WITHOUT_TERMS)).toBeNull();
    const missing = new Set(termsOf(0).map(({ term }) => term));
    const remaining = [...columns.terms].filter((term) => !missing.has(term));
    const columnsWithout = {
      ...columns,
      terms: Uint32Array.from(remaining),
      quantised: Int8Array.from(
        remaining.flatMap((term) => [...columns.quantised.subarray(term * DIMS, (term + 1) * DIMS)]),
      ),
      scales: Float32Array.from(remaining, (term) => columns.scales[term]),
    };
    const tower = new ItemTower(columnsWithout, termRows());
    expect(tower.factorsOf(0)).toBeNull();
    expect(tower.scorer(new Float32Array(DIMS).fill(1))(0)).toBeNull();
    const row = Array.from({ length: SIZE }, (_, r) => r).find((r) =>
      termsOf(r).some(({ term }) => !missing.has(term)),
    )!;
    const expected = termsOf(row).reduce(
      (sum, { term, value }) => (missing.has(term) ? sum : sum + value * termFactors[term].reduce((a, b) => a + b)),
      0,
    );
    expect(tower.scorer(new Float32Array(DIMS).fill(1))(row)).toBeCloseTo(expected, 5);
  });
});
