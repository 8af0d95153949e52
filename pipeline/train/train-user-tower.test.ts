import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Evidence } from '../../lib/engine/recommenders/recommender';
import { towerInput, towerInputs } from '../../lib/engine/recommenders/user-tower';
import { forward, type Mlp } from '../../lib/math/mlp';
import { gaussian, mulberry32 } from '../../lib/math/random';
import { toLists, toSparseRows, transpose } from '../../lib/math/sparse';
import { interest, item } from '../../testing/engine/columns';
import { dot, isNearABend, rowsOf, runMlp, slopesOf } from '../../testing/engine/naive';
import { checkerboard } from '../../testing/sparse';
import { addGradients, forwardAll, parametersOf, zerosLike } from './gradients';
import type { SoftmaxPool, TowerData } from './tower-examples';
import { initialTower, sampledSoftmax, trainUserTower } from './train-user-tower';

const DIMS = 3;
const number = fc.double({ min: -0.5, max: 0.5, noNaN: true });
const user = fc.array(number, { minLength: DIMS, maxLength: DIMS }).map((values) => Float64Array.from(values));
/** Up to ten items out of six, some more than once, with their vectors and log Q. */
const pool: fc.Arbitrary<SoftmaxPool> = fc
  .tuple(
    fc.array(fc.nat(5), { minLength: 2, maxLength: 10 }),
    fc.array(number, { minLength: 6 * DIMS, maxLength: 6 * DIMS }),
    fc.array(number, { minLength: 10, maxLength: 10 }),
  )
  .map(([items, vectors, logQ]) => ({
    items,
    vectors: Float32Array.from(items.flatMap((item) => vectors.slice(item * DIMS, (item + 1) * DIMS))),
    logQ: Float64Array.from(items, (_, i) => logQ[i]),
  }));
const examples = fc.tuple(pool, fc.nat(9), fc.uniqueArray(fc.nat(5), { maxLength: 3 })).map(([pool, index, known]) => {
  const positive = pool.items[index % pool.items.length];
  return { pool, example: { positive, known: new Set([...known, positive]) } };
});

describe('sampledSoftmax', () => {
  it('agrees with finite differences in its gradient', () => {
    fc.assert(
      fc.property(user, examples, (vector, { pool, example }) => {
        const { gradient } = sampledSoftmax(vector, example, pool);
        const slopes = slopesOf(vector, () => sampledSoftmax(vector, example, pool).loss, 1e-4);
        gradient.forEach((slope, d) => {
          expect(slope).toBeCloseTo(slopes[d], 3);
        });
      }),
    );
  });

  it('ignores liked items as negatives, and repetitions of the positive', () => {
    fc.assert(
      fc.property(user, examples, (vector, { pool, example }) => {
        const { positive, known } = example;
        const first = pool.items.indexOf(positive);
        const kept = [...pool.items.keys()].filter((i) => i === first || !known.has(pool.items[i]));
        const without: SoftmaxPool = {
          items: kept.map((i) => pool.items[i]),
          vectors: Float32Array.from(kept.flatMap((i) => [...pool.vectors.subarray(i * DIMS, (i + 1) * DIMS)])),
          logQ: Float64Array.from(kept, (i) => pool.logQ[i]),
        };
        const [all, fewer] = [sampledSoftmax(vector, example, pool), sampledSoftmax(vector, example, without)];
        expect(all.loss).toBeCloseTo(fewer.loss, 9);
        expect([...all.gradient]).toEqual([...fewer.gradient]);
      }),
    );
  });

  it('equals the softmax over all items if log Q corrects for uneven sampling', () => {
    const occurrences = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 6, maxLength: 6 });
    const vectors = fc.array(number, { minLength: 6 * DIMS, maxLength: 6 * DIMS });
    fc.assert(
      fc.property(user, vectors, occurrences, (vector, values, counts) => {
        // Item 0 is the positive. Every other item occurs as often as its count.
        const items = counts.flatMap((count, i) => Array<number>(i === 0 ? 1 : count).fill(i));
        const row = (i: number) => values.slice(i * DIMS, (i + 1) * DIMS);
        const poolOf = (sampled: number[], logQ: (i: number) => number): SoftmaxPool => ({
          items: sampled,
          vectors: Float32Array.from(sampled.flatMap(row)),
          logQ: Float64Array.from(sampled, logQ),
        });
        const example = { positive: 0, known: new Set([0]) };
        const uneven = sampledSoftmax(
          vector,
          example,
          poolOf(items, (i) => (i === 0 ? 0 : Math.log(counts[i]))),
        );
        const whole = sampledSoftmax(
          vector,
          example,
          poolOf([0, 1, 2, 3, 4, 5], () => 0),
        );
        expect(uneven.loss).toBeCloseTo(whole.loss, 9);
        uneven.gradient.forEach((slope, d) => {
          expect(slope).toBeCloseTo(whole.gradient[d], 5);
        });
      }),
    );
  });

  it('is near 0 for a high positive, large for a low one, and never overflows', () => {
    const pool: SoftmaxPool = { items: [0, 1], vectors: Float32Array.of(1, -1), logQ: new Float64Array(2) };
    const loss = (score: number) => sampledSoftmax([score], { positive: 0, known: new Set([0]) }, pool).loss;
    expect(loss(1000)).toBeCloseTo(0, 9);
    expect(loss(-1000)).toBeGreaterThan(1000);
    expect(Number.isFinite(loss(-1000))).toBe(true);
    expect(loss(0)).toBeCloseTo(Math.log(2), 9);
  });
});

describe('the gradient of the user tower', () => {
  it('agrees with finite differences in every parameter, through the softmax', () => {
    const normal = gaussian(mulberry32(5));
    const tower = initialTower(DIMS, 3, 1);
    // Eight hidden units, because finite differences over all parameters would be slow.
    const [first, second] = tower.layers;
    const units = [...Array(first.outputs).keys()].slice(0, 8);
    const small: Mlp = {
      layers: [
        {
          ...first,
          outputs: units.length,
          weights: first.weights.slice(0, units.length * first.inputs),
          bias: Float32Array.from(units, () => 0.3 * normal()),
        },
        {
          ...second,
          inputs: units.length,
          weights: Float32Array.from({ length: units.length * DIMS }, () => normal()),
        },
      ],
    };
    const vectors = Float32Array.from({ length: 5 * DIMS }, () => 0.3 * normal());
    const vectorOf = (row: number) => vectors.subarray(row * DIMS, (row + 1) * DIMS);
    const pieces: Evidence[] = [item(0), item(1, -1), item(2), interest([], [])];
    const input = towerInput(
      pieces.map((entry, index) => ({ entry, index, vector: vectorOf(index) })),
      DIMS,
    );
    expect(isNearABend(small, input, 0.01)).toBe(false);
    const pool: SoftmaxPool = {
      items: [4, 3, 2, 1],
      vectors: vectors.slice(DIMS),
      logQ: Float64Array.of(0, -1, 0.5, -2),
    };
    const example = { positive: 3, known: new Set([3]) };

    const gradients = zerosLike(small);
    const activations = forwardAll(small, input);
    addGradients(small, activations, sampledSoftmax(activations[2], example, pool).gradient, gradients);
    const found = parametersOf(gradients);
    expect(found.some((values) => values.some((value) => Math.abs(value) > 0.1))).toBe(true);
    parametersOf(small).forEach((values, p) => {
      const slopes = slopesOf(values, () => sampledSoftmax(runMlp(small, input), example, pool).loss);
      found[p].forEach((gradient, i) => {
        expect(gradient).toBeCloseTo(slopes[i], 3);
      });
    });
  });
});

const USERS = 60;
const ITEMS = 30;

/** Two tastes, separated by the sign of the first dimension; the others are noise. */
function twoTastes(): TowerData {
  const normal = gaussian(mulberry32(8));
  const likes = checkerboard(USERS, ITEMS);
  const factors = () =>
    Float32Array.from({ length: ITEMS * DIMS }, (_, i) =>
      i % DIMS === 0 ? (Math.floor(i / DIMS) % 2 ? -0.5 : 0.5) : 0.4 * normal(),
    );
  const sameTaste = Array.from({ length: ITEMS }, (_, row) =>
    [...Array(ITEMS).keys()].filter((other) => other !== row && other % 2 === row % 2),
  );
  const similar = toSparseRows(sameTaste);
  return {
    likes,
    itemFactors: factors(),
    dims: DIMS,
    contentFactors: factors(),
    counts: Uint32Array.from(toLists(transpose(likes, ITEMS)), ({ length }) => length),
    similar,
    interests: [0, 1].map((taste) => ({
      vector: Float32Array.of(taste ? -0.5 : 0.5, 0, 0),
      items: new Set([...Array(ITEMS).keys()].filter((row) => row % 2 === taste)),
    })),
  };
}

describe('trainUserTower', () => {
  const data = twoTastes();
  const rows = rowsOf(data.itemFactors, DIMS);
  let tower: Mlp;
  let losses: number[];
  beforeAll(() => {
    losses = [];
    tower = trainUserTower(data, { seed: 1, examples: 13_000, onBatch: (_, loss) => losses.push(loss) });
  });
  /** The share of a taste's items among the user's best. */
  const ownShare = (network: Mlp, evidence: Evidence[], vectors: ArrayLike<number>[], taste: number) => {
    const input = towerInput(
      evidence.map((entry, index) => ({ entry, index, vector: Float32Array.from(vectors[index]) })),
      DIMS,
    );
    const user = forward(network, input);
    const scores = rows.map((factors) => dot(user, factors));
    const order = [...scores.keys()].sort((a, b) => scores[b] - scores[a]);
    return order.slice(0, ITEMS / 2).filter((row) => row % 2 === taste).length / (ITEMS / 2);
  };

  it('lowers its loss', () => {
    expect(losses.length).toBeGreaterThan(1);
    expect(losses.at(-1)).toBeLessThan(losses[0]);
  });

  it('learns to find each taste from one like or one interest', () => {
    const untrained = initialTower(DIMS, 1, 1);
    let [before, after] = [0, 0];
    for (let row = 0; row < ITEMS; row++) {
      before += ownShare(untrained, [item(row)], [rows[row]], row % 2) / ITEMS;
      after += ownShare(tower, [item(row)], [rows[row]], row % 2) / ITEMS;
    }
    expect(after).toBeGreaterThan(0.9);
    expect(after).toBeGreaterThan(before);
    data.interests.forEach(({ vector }, taste) => {
      expect(ownShare(tower, [interest([], [])], [vector], taste)).toBeGreaterThan(0.9);
    });
  });

  it('has the shape that the engine expects, and is the same for the same seed', () => {
    const [inputs, outputs] = [tower.layers[0].inputs, tower.layers.at(-1)!.outputs];
    expect([inputs, outputs]).toEqual([towerInputs(DIMS), DIMS]);
    const short = (seed: number) => trainUserTower(data, { seed, examples: 200 });
    expect(short(4)).toEqual(short(4));
    expect(short(4)).not.toEqual(short(5));
  });

  it('returns the initial tower if no user has two likes', () => {
    const lonely = { ...data, likes: toSparseRows([[1], [], [4]]) };
    const { layers } = trainUserTower(lonely, { seed: 1, examples: 100 });
    expect(layers.at(-1)!.bias.every((value) => value === 0)).toBe(true);
    expect(layers.at(-1)!.weights).toEqual(initialTower(DIMS, 1, 1).layers.at(-1)!.weights);
  });

  it('works without similar items and interests', () => {
    const plain: TowerData = {
      ...data,
      similar: toSparseRows(Array.from({ length: ITEMS }, () => [])),
      interests: [],
    };
    const found = parametersOf(trainUserTower(plain, { seed: 1, examples: 200 }));
    expect(found.every((values) => values.every(Number.isFinite))).toBe(true);
  });
});
