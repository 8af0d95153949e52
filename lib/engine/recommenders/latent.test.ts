import { describe, expect, it } from 'vitest';
import { dequantiseRows } from '../../format/latent';
import { gram } from '../linear-algebra';
import { DIMS, interest, item, latentColumns, WARM } from '../testing/columns';
import { dot, rowsOf } from '../testing/naive';
import type { VectorIndex } from '../vector-index/vector-index';
import { foldIn } from './fold-in';
import { LatentRecommender } from './latent';

const columns = latentColumns();
const rows = rowsOf(dequantiseRows(columns.quantised, columns.scales, DIMS), DIMS);
const parameters = { ...columns, gram: gram(Float32Array.from(rows.flat()), DIMS) };
const make = () => new LatentRecommender(columns);
const scoresOf = (vectors: { vector: number[]; weight: number; target: number }[]) => {
  const { factors } = foldIn(
    parameters,
    vectors.map(({ vector, ...rest }) => ({ vector: Float32Array.from(vector), ...rest })),
  );
  return rows.map((row) => dot(factors, row));
};

describe('latent scores', () => {
  it('are those of the user folded in, a dislike drawn below what is unknown', () => {
    const profile = make().profile([item(3), item(7, -0.5), item(WARM + 2)])!;
    const expected = scoresOf([
      { vector: rows[3], weight: 1, target: 1 },
      { vector: rows[7], weight: 0.5, target: -0.5 },
    ]);
    expected.forEach((score, row) => {
      expect(profile.score(row)).toBeCloseTo(score, 6);
    });
    expect(profile.score(WARM)).toBe(0);
    expect(profile.contributions(WARM)).toBeNull();
    expect(profile.contributions(0)![2]).toBe(0);
  });

  it('take an interest for the direction of its items, as long as they are on average', () => {
    const known = [2, 5, 6];
    const profile = make().profile([interest([...known, WARM + 1], [], 0.4)])!;
    const mean = rows[0].map((_, d) => known.reduce((sum, row) => sum + rows[row][d], 0) / known.length);
    const length = known.reduce((sum, row) => sum + Math.hypot(...rows[row]), 0) / known.length;
    const vector = mean.map((value) => (value / Math.hypot(...mean)) * length);
    scoresOf([{ vector, weight: 0.4, target: 1 }]).forEach((score, row) => {
      expect(profile.score(row)).toBeCloseTo(score, 6);
    });
  });
});

describe('latent similarity', () => {
  it('is the cosine, and 0 where either item has no factors', () => {
    const recommender = make();
    for (const [a, b] of [
      [0, 1],
      [4, 4],
      [20, 9],
    ]) {
      expect(recommender.similarity(a, b)).toBeCloseTo(
        dot(rows[a], rows[b]) / (Math.hypot(...rows[a]) * Math.hypot(...rows[b])),
        5,
      );
    }
    expect(recommender.similarity(0, WARM)).toBe(0);
    expect(recommender.similarity(WARM, WARM)).toBe(0);
  });
});

describe('an item without factors', () => {
  it('is no better than the average after dislikes alone, and worse after likes', () => {
    for (const value of [1, -1]) {
      const profile = make().profile([item(0, value), item(3, value)])!;
      const z = (profile.score(WARM) - profile.mean) / profile.deviation;
      expect(z).toBeLessThanOrEqual(0);
    }
  });
});

describe('the index of a latent recommender', () => {
  const index = (size: number): VectorIndex => ({
    kind: 'hnsw',
    size,
    search: (_, k) => Uint32Array.from({ length: k }, (_, i) => WARM - 1 - i),
  });

  it('is exact until another is put in its place', () => {
    const recommender = make();
    const profile = recommender.profile([item(0)])!;
    const best = [...profile.candidates(WARM)];
    expect(recommender.indexKind).toBe('exact');
    recommender.attachIndex(index(WARM));
    expect([...profile.candidates(2)]).toEqual([WARM - 1, WARM - 2]);
    expect(recommender.indexKind).toBe('hnsw');
    // For a large part of the vectors a scan of them all is quicker.
    expect([...profile.candidates(WARM)]).toEqual(best);
    expect(recommender.indexKind).toBe('exact');
  });

  it('must hold as many vectors as there are factors', () => {
    expect(() => make().attachIndex(index(WARM - 1))).toThrow(
      new RangeError(`an index of ${WARM - 1} vectors cannot serve ${WARM} items`),
    );
  });
});

describe('a catalog without factors', () => {
  it('has a latent recommender that says nothing', () => {
    const empty = new LatentRecommender({
      ...columns,
      itemCount: 0,
      quantised: new Int8Array(),
      scales: new Float32Array(),
    });
    expect(empty.size).toBe(0);
    expect(empty.profile([item(0), interest([1, 2], [3])])).toBeNull();
  });
});
