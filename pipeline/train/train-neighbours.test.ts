import { beforeAll, describe, expect, it } from 'vitest';
import { ItemItemRecommender, NEIGHBOURS } from '../../lib/engine/recommenders/item-item';
import type { NeighbourColumns } from '../../lib/format/neighbours';
import { transpose } from '../../lib/math/sparse';
import { item } from '../../testing/engine/columns';
import { checkerboard } from '../../testing/sparse';
import { type NeighboursParameters, trainNeighbours } from './train-neighbours';

// More items than one task has.
const ITEMS = 150;
const users = checkerboard(200, ITEMS, 0.1);
const items = transpose(users, ITEMS);
const parameters: NeighboursParameters = {
  neighbours: 40,
  regularization: 5,
  dropout: 0.5,
  maxWeights: 5000,
  threads: 1,
};

let columns: NeighbourColumns;
let progress: number[];
beforeAll(async () => {
  progress = [];
  columns = await trainNeighbours(users, items, parameters, (done) => progress.push(done));
});

describe('trainNeighbours', () => {
  it('gives the same model with any number of threads', async () => {
    expect(await trainNeighbours(users, items, { ...parameters, threads: 2 })).toEqual(columns);
  });

  it('has a scale for every item, and at most maxWeights weights', async () => {
    expect(columns.scales).toHaveLength(ITEMS);
    expect(columns.weights.length).toBeLessThanOrEqual(parameters.maxWeights);
    const few = await trainNeighbours(users, items, { ...parameters, maxWeights: 300 });
    expect(few.weights.length).toBeLessThanOrEqual(300);
    expect(few.weights.length).toBeGreaterThan(200);
  });

  it('reports progress up to all items', () => {
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.at(-1)).toBe(ITEMS);
  });

  it('recommends items of the same taste', () => {
    const recommender = new ItemItemRecommender(columns, NEIGHBOURS);
    for (const taste of [0, 1]) {
      const profile = recommender.profile({ evidence: [item(taste), item(10 + taste), item(20 + taste)] })!;
      const best = [...profile.candidates(20)];
      expect(best.filter((row) => row % 2 === taste)).toHaveLength(20);
    }
  });

  it('returns empty columns without users and items', async () => {
    const none = { offsets: new Uint32Array(1), columns: new Uint32Array() };
    const { rows, weights, scales } = await trainNeighbours(none, none, parameters);
    expect([rows.offsets.length, weights.length, scales.length]).toEqual([1, 0, 0]);
  });
});
