import { beforeAll, describe, expect, it } from 'vitest';
import { NeighboursRecommender } from '../../lib/engine/recommenders/neighbours';
import type { NeighbourColumns } from '../../lib/format/neighbours';
import { transpose } from '../../lib/math/sparse';
import { item } from '../../testing/engine/columns';
import { checkerboard } from '../../testing/sparse';
import { type NeighboursParameters, trainNeighbours } from './neighbours';

// More items than one thread is given at a time.
const ITEMS = 150;
const users = checkerboard(200, ITEMS, 0.1);
const items = transpose(users, ITEMS);
const parameters: NeighboursParameters = {
  neighbours: 40,
  regularization: 5,
  dropout: 0.5,
  mostWeights: 5000,
  threads: 1,
};

let columns: NeighbourColumns;
let heard: number[];
beforeAll(async () => {
  heard = [];
  columns = await trainNeighbours(users, items, parameters, (done) => heard.push(done));
});

describe('trainNeighbours', () => {
  it('gives the same whatever the number of threads', async () => {
    expect(await trainNeighbours(users, items, { ...parameters, threads: 2 })).toEqual(columns);
  });

  it('knows every item, and keeps no more weights than it may', async () => {
    expect(columns.scales).toHaveLength(ITEMS);
    expect(columns.weights.length).toBeLessThanOrEqual(parameters.mostWeights);
    const few = await trainNeighbours(users, items, { ...parameters, mostWeights: 300 });
    expect(few.weights.length).toBeLessThanOrEqual(300);
    expect(few.weights.length).toBeGreaterThan(200);
  });

  it('tells how many items are done, up to all of them', () => {
    expect(heard).toEqual([...heard].sort((a, b) => a - b));
    expect(heard.at(-1)).toBe(ITEMS);
  });

  it('draws those of one taste to the items of that taste', () => {
    const recommender = new NeighboursRecommender(columns);
    for (const taste of [0, 1]) {
      const profile = recommender.profile({ evidence: [item(taste), item(10 + taste), item(20 + taste)] })!;
      const best = [...profile.candidates(20)];
      expect(best.filter((row) => row % 2 === taste)).toHaveLength(20);
    }
  });

  it('of no one and nothing gives nothing', async () => {
    const none = { offsets: new Uint32Array(1), columns: new Uint32Array() };
    const { rows, weights, scales } = await trainNeighbours(none, none, parameters);
    expect([rows.offsets.length, weights.length, scales.length]).toEqual([1, 0, 0]);
  });
});
