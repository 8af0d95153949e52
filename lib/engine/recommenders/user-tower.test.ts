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
    const piece = index < vectors.length - interests ? item(index, values[index]) : interest([], [], 0.5);
    return { piece, index, vector };
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
function pool(pieces: TowerEvidence[], weights: number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return Array.from({ length: DIMS }, (_, d) =>
    sum === 0
      ? 0
      : dot(
          weights,
          pieces.map(({ vector }) => vector[d]),
        ) / Math.sqrt(sum),
  );
}

describe('what the user tower takes', () => {
  it('is a pool for likes, recent likes, dislikes and interests, and how much there is of each', () => {
    fc.assert(
      fc.property(evidence, (pieces) => {
        const isInterest = ({ piece }: TowerEvidence) => piece.source.kind === 'interest';
        const likes = pieces.filter((one) => !isInterest(one) && one.piece.sign > 0);
        const dislikes = pieces.filter((one) => !isInterest(one) && one.piece.sign < 0);
        const interests = pieces.filter(isInterest);
        const weightsOf = (some: TowerEvidence[]) => some.map(({ piece }) => piece.weight);
        const input = towerInput(pieces, DIMS);
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

  it('hears the newest like loudest in the pool of recent ones', () => {
    const axes = [Float32Array.of(1, 0), Float32Array.of(0, 1)];
    const recent = (vectors: Float32Array[]) => [
      ...towerInput(evidenceOf(vectors, [1, 1], 0), DIMS).subarray(DIMS, 2 * DIMS),
    ];
    const [older, newer] = recent(axes);
    expect(newer).toBeGreaterThan(older);
    expect(recent([axes[1], axes[0]])).toEqual([newer, older]);
    // A dislike between them takes no turn.
    const between = towerInput(evidenceOf([axes[0], Float32Array.of(5, 5), axes[1]], [1, -1, 1], 0), DIMS);
    expect([...between.subarray(DIMS, 2 * DIMS)]).toEqual([older, newer]);
  });
});

/** What an input without its last numbers makes of a network whose biases are nought and whose units stay as they are. */
function evidenceAlone(tower: Mlp, input: Float32Array, item: Float32Array): number {
  const vectors = input.slice();
  vectors.fill(0, 4 * DIMS);
  return dot(backpropagate(tower, input, item), vectors);
}

describe('a run of the user tower', () => {
  it('gives the network’s output, or the one that was found elsewhere', () => {
    fc.assert(
      fc.property(evidence, mlpOf([towerInputs(DIMS), 5, DIMS]), (pieces, tower) => {
        expect(runTower(tower, pieces, DIMS).factors).toEqual(forward(tower, towerInput(pieces, DIMS)));
        const output = Float32Array.of(1, 2);
        expect(runTower(tower, pieces, DIMS, output).factors).toBe(output);
      }),
    );
  });

  it('splits a score exactly into the evidence, the counts and the biases', () => {
    fc.assert(
      fc.property(evidence, mlpOf([towerInputs(DIMS), 5, DIMS]), vector, (pieces, tower, item) => {
        const { factors, contributions } = runTower(tower, pieces, DIMS);
        const parts = contributions(item);
        expect(parts).toHaveLength(pieces.length);
        const ofEvidence = parts.reduce((sum, part) => sum + part, 0);
        const input = towerInput(pieces, DIMS);
        expect(ofEvidence).toBeCloseTo(evidenceAlone(tower, input, item), 3);

        // The units that are open stay open: with every bias zero they pass on what is left of the input.
        const counts = input.slice();
        counts.fill(0, 0, 4 * DIMS);
        const ofCounts = dot(backpropagate(tower, input, item), counts);
        const ofBiases = biasPart(tower, input, item);
        expect(ofEvidence + ofCounts + ofBiases).toBeCloseTo(dot(factors, item), 3);
      }),
    );
  });

  it('gives a piece whose vector is nought no part', () => {
    fc.assert(
      fc.property(evidence, mlpOf([towerInputs(DIMS), 5, DIMS]), vector, (pieces, tower, item) => {
        const silenced = pieces.map((one, i) => (i === 0 ? { ...one, vector: new Float32Array(DIMS) } : one));
        expect(runTower(tower, silenced, DIMS).contributions(item)[0]).toBeCloseTo(0, 12);
      }),
    );
  });
});

/** What the biases bring to item · output, with every unit as open or closed as the input makes it. */
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
