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
import { addGradients, forwardKept, parametersOf, zerosLike } from './gradients';
import { initialTower, type Pool, sampledSoftmax, type TwoTowerData, trainUserTower } from './two-tower';

const DIMS = 3;
const number = fc.double({ min: -0.5, max: 0.5, noNaN: true });
const user = fc.array(number, { minLength: DIMS, maxLength: DIMS }).map((values) => Float64Array.from(values));
/** Ten items at the most, drawn from six, some of them more than once, with their vectors and log Q. */
const pool: fc.Arbitrary<Pool> = fc
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
const examples = fc.tuple(pool, fc.nat(9), fc.uniqueArray(fc.nat(5), { maxLength: 3 })).map(([drawn, place, known]) => {
  const positive = drawn.items[place % drawn.items.length];
  return { pool: drawn, example: { positive, known: new Set([...known, positive]) } };
});

describe('the sampled softmax', () => {
  it('has the gradient that finite differences find', () => {
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

  it('never takes what the user likes for a negative, nor the positive twice', () => {
    fc.assert(
      fc.property(user, examples, (vector, { pool, example }) => {
        const { positive, known } = example;
        const first = pool.items.indexOf(positive);
        const kept = [...pool.items.keys()].filter((i) => i === first || !known.has(pool.items[i]));
        const without: Pool = {
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

  it('by its correction is the softmax over all items, however unevenly they were drawn', () => {
    const draws = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 6, maxLength: 6 });
    const vectors = fc.array(number, { minLength: 6 * DIMS, maxLength: 6 * DIMS });
    fc.assert(
      fc.property(user, vectors, draws, (vector, values, counts) => {
        // Item 0 is the positive. Every other item is there as often as its count.
        const items = counts.flatMap((count, i) => Array<number>(i === 0 ? 1 : count).fill(i));
        const row = (i: number) => values.slice(i * DIMS, (i + 1) * DIMS);
        const poolOf = (drawn: number[], logQ: (i: number) => number): Pool => ({
          items: drawn,
          vectors: Float32Array.from(drawn.flatMap(row)),
          logQ: Float64Array.from(drawn, logQ),
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

  it('is small where the positive is far ahead, large where it is far behind, and never overflows', () => {
    const pool: Pool = { items: [0, 1], vectors: Float32Array.of(1, -1), logQ: new Float64Array(2) };
    const loss = (score: number) => sampledSoftmax([score], { positive: 0, known: new Set([0]) }, pool).loss;
    expect(loss(1000)).toBeCloseTo(0, 9);
    expect(loss(-1000)).toBeGreaterThan(1000);
    expect(Number.isFinite(loss(-1000))).toBe(true);
    expect(loss(0)).toBeCloseTo(Math.log(2), 9);
  });
});

describe('the whole user tower', () => {
  it('has the gradient that finite differences find, from the softmax through to every parameter', () => {
    const normal = gaussian(mulberry32(5));
    const tower = initialTower(DIMS, 3, 1);
    // A whole tower has many parameters; eight hidden units will do.
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
      pieces.map((piece, index) => ({ piece, index, vector: vectorOf(index) })),
      DIMS,
    );
    expect(isNearABend(small, input, 0.01)).toBe(false);
    const pool: Pool = { items: [4, 3, 2, 1], vectors: vectors.slice(DIMS), logQ: Float64Array.of(0, -1, 0.5, -2) };
    const example = { positive: 3, known: new Set([3]) };

    const gradients = zerosLike(small);
    const kept = forwardKept(small, input);
    addGradients(small, kept, sampledSoftmax(kept[2], example, pool).gradient, gradients);
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

/** Two tastes, told apart by the sign of the first dimension; the others are noise. */
function board(): TwoTowerData {
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
  const data = board();
  const rows = rowsOf(data.itemFactors, DIMS);
  let tower: Mlp;
  let losses: number[];
  beforeAll(() => {
    losses = [];
    tower = trainUserTower(data, { seed: 1, examples: 13_000, onBatch: (_, loss) => losses.push(loss) });
  });
  /** How many of the items of a taste's number are the best for this user. */
  const ownShare = (of: Mlp, evidence: Evidence[], vectors: ArrayLike<number>[], taste: number) => {
    const input = towerInput(
      evidence.map((piece, index) => ({ piece, index, vector: Float32Array.from(vectors[index]) })),
      DIMS,
    );
    const user = forward(of, input);
    const scores = rows.map((factors) => dot(user, factors));
    const order = [...scores.keys()].sort((a, b) => scores[b] - scores[a]);
    return order.slice(0, ITEMS / 2).filter((row) => row % 2 === taste).length / (ITEMS / 2);
  };

  it('lowers its loss', () => {
    expect(losses.length).toBeGreaterThan(1);
    expect(losses.at(-1)).toBeLessThan(losses[0]);
  });

  it('finds each taste by one like or by an interest, which it did not before', () => {
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

  it('is of the shape that the engine takes, and the same for the same seed', () => {
    const [inputs, outputs] = [tower.layers[0].inputs, tower.layers.at(-1)!.outputs];
    expect([inputs, outputs]).toEqual([towerInputs(DIMS), DIMS]);
    const short = (seed: number) => trainUserTower(data, { seed, examples: 200 });
    expect(short(4)).toEqual(short(4));
    expect(short(4)).not.toEqual(short(5));
  });

  it('stays as it began where no user likes more than one item', () => {
    const lonely = { ...data, likes: toSparseRows([[1], [], [4]]) };
    const { layers } = trainUserTower(lonely, { seed: 1, examples: 100 });
    expect(layers.at(-1)!.bias.every((value) => value === 0)).toBe(true);
    expect(layers.at(-1)!.weights).toEqual(initialTower(DIMS, 1, 1).layers.at(-1)!.weights);
  });

  it('does without similar items and interests', () => {
    const plain: TwoTowerData = {
      ...data,
      similar: toSparseRows(Array.from({ length: ITEMS }, () => [])),
      interests: [],
    };
    const found = parametersOf(trainUserTower(plain, { seed: 1, examples: 200 }));
    expect(found.every((values) => values.every(Number.isFinite))).toBe(true);
  });
});
