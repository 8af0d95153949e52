import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gini, intraListDiversity, ndcg, novelty, precision, recall, reciprocalRank } from './ranking-metrics';

const IDS = [...'abcdefgh'];
const ranking = fc.shuffledSubarray(IDS);
const relevant = fc.subarray(IDS);
const cutoff = fc.integer({ min: 1, max: 10 });

describe('precision and recall', () => {
  it('count the relevant items among the first k', () => {
    fc.assert(
      fc.property(ranking, relevant, cutoff, (order, wanted, k) => {
        const found = order.slice(0, k).filter((id) => wanted.includes(id)).length;
        expect(precision(order, new Set(wanted), k)).toBeCloseTo(found / k, 12);
        const max = Math.min(k, wanted.length);
        expect(recall(order, new Set(wanted), k)).toBeCloseTo(max === 0 ? 0 : found / max, 12);
      }),
    );
  });

  it('reach 1 if all of the first k are relevant, even if there are more relevant items', () => {
    expect(recall(['a', 'b'], new Set(['a', 'b', 'c', 'd']), 2)).toBe(1);
    expect(recall(['a', 'x'], new Set(['a']), 2)).toBe(1);
    expect(precision(['a'], new Set(['a']), 10)).toBe(0.1);
    expect(recall(['a'], new Set(), 5)).toBe(0);
  });
});

describe('ndcg', () => {
  it('is the gain of the ranking divided by the ideal gain', () => {
    fc.assert(
      fc.property(ranking, relevant, cutoff, (order, wanted, k) => {
        const gain = (list: string[]) =>
          list.slice(0, k).reduce((sum, id, i) => sum + (wanted.includes(id) ? 1 / Math.log2(i + 2) : 0), 0);
        const ideal = gain([...wanted, ...IDS.filter((id) => !wanted.includes(id))]);
        expect(ndcg(order, new Set(wanted), k)).toBeCloseTo(ideal === 0 ? 0 : gain(order) / ideal, 12);
      }),
    );
  });

  it('is 1 for a perfect ranking within k, and 0 without hits', () => {
    expect(ndcg(['a', 'b', 'x'], new Set(['b', 'a', 'c']), 2)).toBe(1);
    expect(ndcg(['x', 'y'], new Set(['a']), 2)).toBe(0);
    expect(ndcg([], new Set(['a']), 10)).toBe(0);
    expect(ndcg(['a'], new Set(), 10)).toBe(0);
    expect(ndcg(['x', 'a'], new Set(['a']), 10)).toBeCloseTo(1 / Math.log2(3), 12);
  });
});

describe('reciprocalRank', () => {
  it('is 1 / rank of the first hit', () => {
    fc.assert(
      fc.property(ranking, relevant, (order, wanted) => {
        const ranks = wanted.filter((id) => order.includes(id)).map((id) => order.indexOf(id) + 1);
        expect(reciprocalRank(order, new Set(wanted))).toBe(ranks.length === 0 ? 0 : 1 / Math.min(...ranks));
      }),
    );
  });
});

describe('gini', () => {
  const exposures = fc.array(fc.nat(50), { minLength: 1, maxLength: 30 });

  it('is the mean absolute difference divided by twice the mean', () => {
    fc.assert(
      fc.property(exposures, (counts) => {
        const sum = counts.reduce((total, count) => total + count, 0);
        const apart = counts.reduce((total, a) => counts.reduce((inner, b) => inner + Math.abs(a - b), total), 0);
        expect(gini(counts)).toBeCloseTo(sum === 0 ? 0 : apart / (2 * counts.length * sum), 10);
      }),
    );
  });

  it('is 0 for equal exposure, and (n − 1)/n if one item has all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 20 }), (size, each) => {
        expect(gini(Array(size).fill(each))).toBeCloseTo(0, 12);
        expect(gini([each, ...Array(size - 1).fill(0)])).toBeCloseTo((size - 1) / size, 12);
      }),
    );
    expect(gini([])).toBe(0);
  });

  it('does not depend on order or scale', () => {
    fc.assert(
      fc.property(exposures, (counts) => {
        expect(gini(counts.toReversed())).toBeCloseTo(gini(counts), 12);
        expect(gini(counts.map((count) => 3 * count))).toBeCloseTo(gini(counts), 12);
      }),
    );
  });
});

describe('intraListDiversity', () => {
  it('is 1 − mean similarity of all pairs', () => {
    const similarity = (a: string, b: string) => 1 / (1 + Math.abs(a.charCodeAt(0) - b.charCodeAt(0)));
    fc.assert(
      fc.property(ranking, (list) => {
        const pairs = list.flatMap((a, i) => list.slice(i + 1).map((b) => similarity(a, b)));
        const mean = pairs.reduce((sum, value) => sum + value, 0) / pairs.length;
        expect(intraListDiversity(list, similarity)).toBeCloseTo(pairs.length === 0 ? 0 : 1 - mean, 12);
      }),
    );
  });

  it('is 0 for identical items and 1 for unrelated ones', () => {
    expect(intraListDiversity(IDS, () => 1)).toBe(0);
    expect(intraListDiversity(IDS, () => 0)).toBe(1);
  });
});

describe('novelty', () => {
  it('is the mean self-information in bits', () => {
    expect(novelty([8, 2], 16)).toBe((1 + 3) / 2);
    expect(novelty([16], 16)).toBeCloseTo(0, 12);
    expect(novelty([], 16)).toBe(0);
  });

  it('counts an item without interactions as if it had one', () => {
    expect(novelty([0], 16)).toBe(novelty([1], 16));
  });
});
