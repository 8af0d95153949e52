import { describe, expect, it } from 'vitest';
import {
  contentColumns,
  DIMS,
  interest,
  item,
  itemTowerColumns,
  latentColumns,
  SIZE,
  userTower,
  WARM,
  WITHOUT_TERMS,
} from '../../../testing/engine/columns';
import { context, latentData, termRows } from '../../../testing/engine/context';
import { dot, rowsOf } from '../../../testing/engine/naive';
import { dequantiseRows } from '../../format/latent';
import { gram } from '../../math/linear-algebra';
import type { SparseMatrix } from '../../math/sparse';
import { weighTerms } from '../catalog/tfidf';
import type { VectorIndex } from '../vector-index/vector-index';
import { foldIn } from './fold-in';
import { ItemTower } from './item-tower';
import { LatentRecommender } from './latent';
import { runTower } from './user-tower';

const columns = latentColumns();
const rows = rowsOf(dequantiseRows(columns.quantised, columns.scales, DIMS), DIMS);
const parameters = { ...columns, gram: gram(Float32Array.from(rows.flat()), DIMS) };
const content = weighTerms(contentColumns());
const make = () => new LatentRecommender(columns, latentData());
/** Cold items have no factors. */
const makeWithoutItemTower = () => new LatentRecommender(columns);
const coldFactors = (row: number) => Array.from(new ItemTower(itemTowerColumns(), termRows()).factorsOf(row)!);

/** Some rows of a matrix as a matrix of their own. */
function sliceRows({ offsets, columns, values }: SparseMatrix, chosen: readonly number[]): SparseMatrix {
  const entries = chosen.map((row) =>
    Array.from({ length: offsets[row + 1] - offsets[row] }, (_, i) => offsets[row] + i),
  );
  const lengths = entries.map(({ length }) => length);
  return {
    offsets: Uint32Array.from([0, ...lengths.map((_, i) => lengths.slice(0, i + 1).reduce((a, b) => a + b, 0))]),
    columns: Uint32Array.from(entries.flat(), (i) => columns[i]),
    values: Float32Array.from(entries.flat(), (i) => values[i]),
  };
}

const userOf = (vectors: { vector: number[]; weight: number; target: number }[]) =>
  foldIn(
    parameters,
    vectors.map(({ vector, ...rest }) => ({ vector: Float32Array.from(vector), ...rest })),
  ).factors;

describe('latent scores', () => {
  it('are inner products with the folded-in user, with negative targets for dislikes', () => {
    const history = [item(3), item(7, -0.5), item(WARM + 2)];
    const warm = [
      { vector: rows[3], weight: 1, target: 1 },
      { vector: rows[7], weight: 0.5, target: -0.5 },
    ];
    const user = userOf([...warm, { vector: coldFactors(WARM + 2), weight: 1, target: 1 }]);
    const profile = make().profile(context(history))!;
    rows.forEach((factors, row) => {
      expect(profile.score(row)).toBeCloseTo(dot(user, factors), 6);
    });
    for (const row of [WARM, WARM + 2, WARM + 5])
      expect(profile.score(row)).toBeCloseTo(dot(user, coldFactors(row)), 6);
    expect(profile.contributions(WARM)).not.toBeNull();

    const userWithout = userOf(warm);
    const profileWithout = makeWithoutItemTower().profile(context(history))!;
    rows.forEach((factors, row) => {
      expect(profileWithout.score(row)).toBeCloseTo(dot(userWithout, factors), 6);
    });
    expect(profileWithout.score(WARM)).toBe(Math.min(0, profileWithout.mean));
    expect(profileWithout.contributions(WARM)).toBeNull();
    expect(profileWithout.contributions(0)![2]).toBe(0);
  });

  it('are inner products with the output of the user tower, run here or elsewhere', () => {
    const tower = userTower();
    const history = [item(3), item(WITHOUT_TERMS), item(7, -0.5), interest([2, 5], [1], 0.4)];
    const recommender = make();
    const interestVector = recommender.interestVector([2, 5])!;
    const used = [
      { entry: history[0], index: 0, vector: Float32Array.from(rows[3]) },
      { entry: history[2], index: 2, vector: Float32Array.from(rows[7]) },
      { entry: history[3], index: 3, vector: interestVector },
    ];
    recommender.attachTower(tower, 2);
    const user = runTower(tower, used, DIMS);
    const profile = recommender.profile(context(history))!;
    for (const [row, factors] of [...rows.entries(), [WARM, coldFactors(WARM)] as const]) {
      expect(profile.score(row)).toBeCloseTo(dot(user.factors, factors), 5);
      const [first, second, third] = user.contributions(Float32Array.from(factors));
      [first, 0, second, third].forEach((part, i) => {
        expect(profile.contributions(row)![i]).toBeCloseTo(part, 6);
      });
    }
    const output = Float32Array.from({ length: DIMS }, (_, d) => d - 2);
    const elsewhere = recommender.profile(context(history, { userFactors: output }))!;
    expect(elsewhere.score(4)).toBeCloseTo(dot(output, rows[4]), 5);
  });

  it('represent an interest by the mean direction of its items, with their average length', () => {
    const known = [2, 5, 6];
    const profile = make().profile(context([interest([...known, WARM + 1], [], 0.4)]))!;
    const mean = rows[0].map((_, d) => known.reduce((sum, row) => sum + rows[row][d], 0) / known.length);
    const length = known.reduce((sum, row) => sum + Math.hypot(...rows[row]), 0) / known.length;
    const vector = mean.map((value) => (value / Math.hypot(...mean)) * length);
    const user = userOf([{ vector, weight: 0.4, target: 1 }]);
    rows.forEach((factors, row) => {
      expect(profile.score(row)).toBeCloseTo(dot(user, factors), 6);
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
  it('never scores above the mean, after likes or after dislikes', () => {
    for (const value of [1, -1]) {
      const history = [item(0, value), item(3, value)];
      for (const [recommender, row] of [[makeWithoutItemTower(), WARM] as const, [make(), WITHOUT_TERMS] as const]) {
        const profile = recommender.profile(context(history))!;
        const z = (profile.score(row) - profile.mean) / profile.deviation;
        expect(z).toBeLessThanOrEqual(0);
      }
    }
  });
});

describe('the index of a latent recommender', () => {
  const index = (size: number): VectorIndex => ({
    kind: 'hnsw',
    size,
    search: (_, k) => Uint32Array.from({ length: k }, (_, i) => WARM - 1 - i),
  });

  it('is an exact scan until an approximate index is attached', () => {
    const recommender = make();
    const profile = recommender.profile(context([item(0)]))!;
    const best = [...profile.candidates(WARM)];
    expect(recommender.indexKind).toBe('exact');
    recommender.attachIndex(index(WARM));
    expect([...profile.candidates(2)]).toEqual([WARM - 1, WARM - 2]);
    expect(recommender.indexKind).toBe('hnsw');
    // A scan is faster where a large share of all vectors is requested.
    expect([...profile.candidates(WARM)]).toEqual(best);
    expect(recommender.indexKind).toBe('exact');
  });

  it('is rejected where its number of vectors differs from the factors', () => {
    expect(() => make().attachIndex(index(WARM - 1))).toThrow(
      new RangeError(`an index of ${WARM - 1} vectors cannot serve ${WARM} items`),
    );
  });
});

describe('a catalog without factors', () => {
  it('has a latent recommender without profiles', () => {
    const empty = new LatentRecommender({
      ...columns,
      itemCount: 0,
      quantised: new Int8Array(),
      scales: new Float32Array(),
    });
    expect(empty.size).toBe(0);
    expect(empty.profile(context([item(0), interest([1, 2], [3])]))).toBeNull();
    expect(empty.towerInput(context([item(0)]))).toBeNull();
    expect(empty.userFactors(context([item(0)]))).toBeNull();
  });
});

describe('items that were added behind the catalog', () => {
  /** Of three added rows the first has factors of its own, the second those of the item tower, the third none. */
  const added = [Float32Array.from({ length: DIMS }, (_, d) => 3 - d), null, null];
  const addedData = { rows: sliceRows(content, [0, 3, WITHOUT_TERMS]), factors: added };
  const makeWithAdded = () => new LatentRecommender(columns, latentData(addedData));
  const factorsOf = (row: number) =>
    row === SIZE
      ? [...added[0]!]
      : Array.from(new ItemTower(itemTowerColumns(), termRows(addedData.rows)).factorsOf(row)!);

  it('are scored and explained by their own factors, or else those of the item tower', () => {
    const profile = makeWithAdded().profile(context([item(3), item(7)]))!;
    const user = userOf([3, 7].map((row) => ({ vector: rows[row], weight: 1, target: 1 })));
    for (const row of [SIZE, SIZE + 1]) {
      expect(profile.score(row)).toBeCloseTo(dot(user, factorsOf(row)), 5);
      const parts = profile.contributions(row)!;
      expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(profile.score(row), 5);
    }
    expect(profile.score(SIZE + 2)).toBe(Math.min(0, profile.mean));
    expect(profile.contributions(SIZE + 2)).toBeNull();
  });

  it('are evidence by their own factors in a history', () => {
    const profile = makeWithAdded().profile(context([item(SIZE), item(SIZE + 1)]))!;
    const user = userOf([SIZE, SIZE + 1].map((row) => ({ vector: factorsOf(row), weight: 1, target: 1 })));
    rows.forEach((factors, row) => {
      expect(profile.score(row)).toBeCloseTo(dot(user, factors), 5);
    });
  });

  it('are retrieved in the order of their scores among the warm items', () => {
    for (const history of [[item(3)], [item(SIZE)], [item(7, -1)], [item(5), item(SIZE + 1)]]) {
      const profile = makeWithAdded().profile(context(history))!;
      const ranked = [...rows.keys(), SIZE, SIZE + 1].sort((a, b) => profile.score(b) - profile.score(a) || a - b);
      for (const limit of [1, 5, WARM + 2]) expect([...profile.candidates(limit)]).toEqual(ranked.slice(0, limit));
    }
  });

  it('are not retrieved any more once they are removed from the data', () => {
    const recommender = makeWithAdded();
    recommender.setData(latentData());
    const [before, after] = [make(), recommender].map((of) => of.profile(context([item(3)]))!);
    expect([...after.candidates(9)]).toEqual([...before.candidates(9)]);
  });
});

describe('stored user factors', () => {
  it('are used unchanged, with the contributions of the fold-in', () => {
    const history = [item(3), item(7, -0.5)];
    const computed = make().profile(context(history))!;
    const stored = make().profile(context(history, { userFactors: make().userFactors(context(history))! }))!;
    for (const row of [0, 5, WARM + 1]) {
      expect(stored.score(row)).toBe(computed.score(row));
      expect(stored.contributions(row)).toEqual(computed.contributions(row));
    }
    const other = make().profile(context(history, { userFactors: Float32Array.from(rows[0]) }))!;
    expect(other.score(4)).toBeCloseTo(dot(rows[0], rows[4]), 5);
  });
});
