import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prepareDataset } from '../../dataset/dataset';
import { domainFolderOf } from '../../dataset/testing';
import { fitRelated, type RelatedWeights } from './fit-related';
import { RELATED_FEATURES, RelatedFeatures } from './related-features';
import { judgedTargets, relatedTargets } from './related-targets';
import { relatedLists } from './related-task';
import { groupedItems, groupOf } from './testing';
import { listLengths, trainRelated } from './train-related';

const data = groupedItems();
const ITEMS = data.candidates.length;
const rows = [...data.candidates];
const only = (weights: Partial<RelatedWeights>) =>
  Object.fromEntries(RELATED_FEATURES.map((name) => [name, weights[name] ?? 0])) as RelatedWeights;

describe('RelatedFeatures', () => {
  const features = new RelatedFeatures(data);
  const meanOf = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

  it('standardises every feature over the candidates, a constant one to 0', () => {
    for (const seed of [0, 7, 59]) {
      features.compute(seed).forEach((column, f) => {
        const values = [...column];
        expect(meanOf(values), RELATED_FEATURES[f]).toBeCloseTo(0, 4);
        const square = meanOf(values.map((value) => value * value));
        expect(
          [0, 1].some((expected) => Math.abs(square - expected) < 1e-3),
          RELATED_FEATURES[f],
        ).toBe(true);
      });
    }
  });

  it.each(['content', 'card', 'together'] as const)('has higher %s for items of the group', (name) => {
    const column = features.compute(3)[RELATED_FEATURES.indexOf(name)];
    const own = rows.filter((row) => row !== 3 && groupOf(row) === groupOf(3)).map((row) => column[row]);
    const others = rows.filter((row) => groupOf(row) !== groupOf(3)).map((row) => column[row]);
    expect(meanOf(own)).toBeGreaterThan(meanOf(others) + 0.5);
  });

  it('gives the same features whatever was computed before', () => {
    const fresh = new RelatedFeatures(data).compute(11).map((column) => [...column]);
    features.compute(2);
    expect(features.compute(11).map((column) => [...column])).toEqual(fresh);
  });
});

describe('fitRelated', () => {
  const groupTargets = rows.map((seed) => ({
    seed,
    related: rows.filter((row) => row !== seed && groupOf(row) === groupOf(seed)),
  }));

  it('finds that items of the group are wanted, and not popular ones', () => {
    const weights = fitRelated(data, { areJudged: true, targets: groupTargets });
    expect(weights.card).toBeGreaterThan(1);
    expect(weights.popularity).toBeLessThan(weights.card / 2);
  });

  it('leaves the weights of facts as they are where users only chose the items after another', () => {
    const none = fitRelated(data, { areJudged: false, targets: [] });
    const { content, card, text, creators, together } = fitRelated(data, { areJudged: false, targets: groupTargets });
    expect({ content, card, text, creators }).toEqual(
      Object.fromEntries(
        (['content', 'card', 'text', 'creators'] as const).map((name) => [name, Math.fround(none[name])]),
      ),
    );
    expect(together).not.toBeCloseTo(none.together, 2);
  });

  it('returns usable weights without any target among the candidates', () => {
    for (const targets of [[], [{ seed: 1, related: [] }]]) {
      const weights = fitRelated(data, { areJudged: true, targets });
      expect(Object.keys(weights)).toEqual([...RELATED_FEATURES]);
      expect(Object.values(weights).every(Number.isFinite)).toBe(true);
    }
  });
});

describe('relatedLists', () => {
  const list = (seed: number, size: number, weights = only({ card: 2, popularity: 1 })) =>
    relatedLists({ data, weights, size, from: seed, to: seed + 1 })[0];

  it('lists distinct items without the seed, best first, with weights above 0', () => {
    for (const seed of rows) {
      const { rows: listed, weights } = list(seed, 12);
      expect(listed).toHaveLength(12);
      expect(new Set(listed).size).toBe(12);
      expect([...listed]).not.toContain(seed);
      expect([...weights]).toEqual([...weights].sort((a, b) => b - a));
      expect(weights.at(-1)).toBeGreaterThan(0);
    }
  });

  it('has at most one item of a title, be it the seed’s or another', () => {
    for (const seed of [0, 3, ITEMS - 1]) {
      const works = [...list(seed, 40, only({ popularity: -1 })).rows].map((row) => data.workOf[row]);
      expect(works.filter((work) => work === 0)).toHaveLength(1);
    }
  });

  it('has at most five items of a creator, and no such limit for items without one', () => {
    // The last creator is "none".
    const creatorOf = data.creatorOf.map((_, row) => (row % 3 === 0 ? 0 : 1));
    const empty = { offsets: new Uint32Array(3), columns: new Uint32Array(), values: new Float32Array() };
    const [{ rows: listed }] = relatedLists({
      data: { ...data, creatorOf, creatorTerms: { rows: empty, postings: empty } },
      weights: only({ card: 2, popularity: 1 }),
      size: ITEMS,
      from: 4,
      to: 5,
    });
    expect([...listed].filter((row) => creatorOf[row] === 0)).toHaveLength(5);
    expect([...listed].filter((row) => creatorOf[row] !== 0).length).toBeGreaterThan(5);
  });

  it('lists what there is where that is less than a list', () => {
    const { rows: listed, weights } = list(4, 500);
    expect(listed.length).toBe(ITEMS - 3);
    expect([...weights].every((weight) => weight > 0)).toBe(true);
  });
});

describe('trainRelated', () => {
  it('gives the same model with any number of threads', async () => {
    const weights = only({ card: 2, together: 1, popularity: 0.5 });
    const models = await Promise.all([1, 2].map((threads) => trainRelated(data, weights, { threads })));
    expect(models[1]).toEqual(models[0]);
    const { offsets } = models[0].rows;
    expect(offsets).toHaveLength(ITEMS + 1);
    for (const row of rows) expect(offsets[row + 1]).toBeGreaterThan(offsets[row]);
  });
});

describe('listLengths', () => {
  it('fill what there is room for, longer for items that more users like', () => {
    const likes = fc.array(fc.nat(3000), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(likes, fc.integer({ min: 1, max: 60 }), (counts, perItem) => {
        const most = perItem * counts.length;
        const lengths = listLengths(counts, most);
        const total = lengths.reduce((sum, length) => sum + length, 0);
        expect(total).toBeLessThanOrEqual(most);
        // The last unit of a list that would be one item longer for several items is left.
        expect(total).toBeGreaterThanOrEqual(Math.min(40 * counts.length, most - counts.length));
        const sorted = [...counts.keys()].sort((a, b) => counts[a] - counts[b]);
        for (let i = 1; i < sorted.length; i++)
          expect(lengths[sorted[i]]).toBeGreaterThanOrEqual(lengths[sorted[i - 1]]);
      }),
    );
  });

  it('are 40 where there is room for all', () => {
    expect([...listLengths([0, 1000, 1000], 1000)]).toEqual([40, 40, 40]);
  });
});

describe('targets', () => {
  const interactions = Array.from({ length: 40 }, (_, user) =>
    [0, 1, 2].map((i): [number, number] => [user, (user + i) % 8]),
  );
  const folder = domainFolderOf(10, interactions.flat());
  const related = [
    { seed: 3, recommended: 4 },
    { seed: 3, recommended: 5 },
    { seed: 9, recommended: 1 },
  ];

  it('are the judged pairs of warm items, by seed', () => {
    const dataset = prepareDataset(folder);
    const rowOf = (item: number) => dataset.items.findIndex(({ id }) => id === `i${item}`);
    expect(judgedTargets({ ...folder, related }, dataset)).toEqual([{ seed: rowOf(3), related: [rowOf(4), rowOf(5)] }]);
  });

  it('are what users chose one after another where few pairs were judged', () => {
    const dataset = prepareDataset(folder);
    const users = [{ likes: ['i1', 'i2', 'i3'].map((id, at) => ({ id, timestamp: 3 - at })) }];
    const many = Array.from({ length: 200 }, () => users).flat();
    const { areJudged, targets } = relatedTargets(folder, dataset, many, 1);
    expect(areJudged).toBe(false);
    const pairs = targets.map(({ seed, related: [to] }) => [seed, to].map((row) => dataset.items[row].id).join('>'));
    // By time i3 came first.
    expect(new Set(pairs)).toEqual(new Set(['i3>i2', 'i2>i1']));
    expect(relatedTargets(folder, dataset, many, 1)).toEqual(relatedTargets(folder, dataset, many, 1));
  });
});
