import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interest, item } from '../../../testing/engine/columns';
import { mlpOf } from '../../../testing/engine/mlp';
import { dot } from '../../../testing/engine/naive';
import { backpropagate, forward, type Mlp } from '../../math/mlp';
import { runTower, type TowerEvidence, towerInput, towerInputs } from './user-tower';

const DIMS = 2;
const vector = fc
  .array(fc.float({ min: -2, max: 2, noNaN: true }), { minLength: DIMS, maxLength: DIMS })
  .map((values) => Float32Array.from(values));
const value = fc.constantFrom(1, 0.5, -1, -0.25);
const evidenceOf = (vectors: Float32Array[], values: number[], interests: number): TowerEvidence[] =>
  vectors.map((vector, index) => {
    const entry = index < vectors.length - interests ? item(index, values[index]) : interest([], [], 0.5);
    return { entry, index, vector };
  });
const evidence = fc
  .tuple(fc.array(fc.tuple(vector, value), { minLength: 1, maxLength: 7 }), fc.nat(2))
  .map(([pairs, interests]) =>
    evidenceOf(
      pairs.map(([vector]) => vector),
      pairs.map(([, value]) => value),
      interests,
    ),
  );

/** A weighted sum of vectors over the root of the sum of weights. */
function pool(entries: TowerEvidence[], weights: number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return Array.from({ length: DIMS }, (_, d) =>
    sum === 0
      ? 0
      : dot(
          weights,
          entries.map(({ vector }) => vector[d]),
        ) / Math.sqrt(sum),
  );
}

describe('towerInput', () => {
  it('has pools for likes, recent likes, dislikes and interests, and their counts', () => {
    fc.assert(
      fc.property(evidence, (given) => {
        const isInterest = ({ entry }: TowerEvidence) => entry.source.kind === 'interest';
        const likes = given.filter((each) => !isInterest(each) && each.entry.sign > 0);
        const dislikes = given.filter((each) => !isInterest(each) && each.entry.sign < 0);
        const interests = given.filter(isInterest);
        const weightsOf = (entries: TowerEvidence[]) => entries.map(({ entry }) => entry.weight);
        const input = towerInput(given, DIMS);
        expect(input).toHaveLength(towerInputs(DIMS));
        const block = (place: number) => [...input.subarray(place * DIMS, (place + 1) * DIMS)];
        pool(likes, weightsOf(likes)).forEach((x, d) => {
          expect(block(0)[d]).toBeCloseTo(x, 4);
        });
        pool(dislikes, weightsOf(dislikes)).forEach((x, d) => {
          expect(block(2)[d]).toBeCloseTo(x, 4);
        });
        pool(interests, weightsOf(interests)).forEach((x, d) => {
          expect(block(3)[d]).toBeCloseTo(x, 4);
        });
        const counts = [...input.subarray(4 * DIMS)];
        expect(counts[0]).toBeCloseTo(Math.log(1 + likes.length) / 4, 5);
        expect(counts[1]).toBeCloseTo(Math.log(1 + dislikes.length) / 4, 5);
        expect(counts[2]).toBe(interests.length > 0 ? 1 : 0);
      }),
    );
  });

  it('gives the newest like the largest weight in the pool of recent likes', () => {
    const axes = [Float32Array.of(1, 0), Float32Array.of(0, 1)];
    const recent = (vectors: Float32Array[]) => [
      ...towerInput(evidenceOf(vectors, [1, 1], 0), DIMS).subarray(DIMS, 2 * DIMS),
    ];
    const [older, newer] = recent(axes);
    expect(newer).toBeGreaterThan(older);
    expect(recent([axes[1], axes[0]])).toEqual([newer, older]);
    // A dislike between two likes does not change their weights.
    const between = towerInput(evidenceOf([axes[0], Float32Array.of(5, 5), axes[1]], [1, -1, 1], 0), DIMS);
    expect([...between.subarray(DIMS, 2 * DIMS)]).toEqual([older, newer]);
  });
});

/** The part of item · output that comes from the pools, with every unit as active as the whole input makes it. */
function evidencePart(tower: Mlp, input: Float32Array, item: Float32Array): number {
  const vectors = input.slice();
  vectors.fill(0, 4 * DIMS);
  return dot(backpropagate(tower, input, item), vectors);
}

describe('runTower', () => {
  it('returns the network’s output, or a given one', () => {
    fc.assert(
      fc.property(evidence, mlpOf([towerInputs(DIMS), 5, DIMS]), (given, tower) => {
        expect(runTower(tower, given, DIMS).factors).toEqual(forward(tower, towerInput(given, DIMS)));
        const output = Float32Array.of(1, 2);
        expect(runTower(tower, given, DIMS, output).factors).toBe(output);
      }),
    );
  });

  it('splits a score exactly into the evidence, the counts and the biases', () => {
    fc.assert(
      fc.property(evidence, mlpOf([towerInputs(DIMS), 5, DIMS]), vector, (given, tower, item) => {
        const { factors, contributions } = runTower(tower, given, DIMS);
        const parts = contributions(item);
        expect(parts).toHaveLength(given.length);
        const ofEvidence = parts.reduce((sum, part) => sum + part, 0);
        const input = towerInput(given, DIMS);
        expect(ofEvidence).toBeCloseTo(evidencePart(tower, input, item), 3);

        // The network is linear while the same units are active, so the parts of pools, counts and biases add up.
        const counts = input.slice();
        counts.fill(0, 0, 4 * DIMS);
        const ofCounts = dot(backpropagate(tower, input, item), counts);
        const ofBiases = biasPart(tower, input, item);
        expect(ofEvidence + ofCounts + ofBiases).toBeCloseTo(dot(factors, item), 3);
      }),
    );
  });

  it('has a contribution of 0 for an entry whose vector is zero', () => {
    fc.assert(
      fc.property(evidence, mlpOf([towerInputs(DIMS), 5, DIMS]), vector, (given, tower, item) => {
        const zeroed = given.map((each, i) => (i === 0 ? { ...each, vector: new Float32Array(DIMS) } : each));
        expect(runTower(tower, zeroed, DIMS).contributions(item)[0]).toBeCloseTo(0, 12);
      }),
    );
  });
});

/** The part of item · output that comes from the biases, with every unit as active as the input makes it. */
function biasPart(tower: Mlp, input: Float32Array, item: Float32Array): number {
  let sums = new Array<number>(input.length).fill(0);
  let values = input;
  for (const layer of tower.layers) {
    const { inputs, outputs, weights, bias, activation } = layer;
    values = forward({ layers: [layer] }, values);
    sums = Array.from({ length: outputs }, (_, o) =>
      activation === 'relu' && values[o] === 0
        ? 0
        : bias[o] + dot(weights.subarray(o * inputs, (o + 1) * inputs), sums),
    );
  }
  return dot(sums, item);
}
