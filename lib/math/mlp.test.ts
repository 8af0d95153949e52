import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mlpWithInput } from '../../testing/engine/mlp';
import { dot, isNearABend, runMlp, slopesOf } from '../../testing/engine/naive';
import { assertMlp, backpropagate, type DenseLayer, forward } from './mlp';

const layer = (change: Partial<DenseLayer> = {}): DenseLayer => ({
  inputs: 2,
  outputs: 2,
  weights: Float32Array.of(1, 2, -3, 4),
  bias: Float32Array.of(0.5, -1),
  activation: 'relu',
  ...change,
});

describe('forward', () => {
  it('multiplies, adds the bias and clips negative values at 0', () => {
    expect([...forward({ layers: [layer()] }, Float32Array.of(1, 1))]).toEqual([3.5, 0]);
    expect([...forward({ layers: [layer({ activation: 'none' })] }, Float32Array.of(2, 1))]).toEqual([4.5, -3]);
  });

  it('agrees with the formula for any network, and does not change its input', () => {
    fc.assert(
      fc.property(mlpWithInput(), ({ mlp, input }) => {
        const before = input.slice();
        expect(forward(mlp, input)).toEqual(Float32Array.from(runMlp(mlp, input, Math.fround)));
        expect(input).toEqual(before);
      }),
    );
  });
});

describe('backpropagate', () => {
  it('gives the weights of active units, and nothing for inactive ones', () => {
    const input = Float32Array.of(1, 1); // activates the first unit only
    expect([...backpropagate({ layers: [layer()] }, input, Float32Array.of(1, 10))]).toEqual([1, 2]);
    expect([...backpropagate({ layers: [layer({ activation: 'none' })] }, input, Float32Array.of(1, 10))]).toEqual([
      -29, 42,
    ]);
  });

  it('splits the output exactly into the parts of the inputs and of the biases', () => {
    fc.assert(
      fc.property(mlpWithInput(), ({ mlp, input, direction }) => {
        const coefficients = backpropagate(mlp, input, direction);
        // With its active units fixed the network is linear; without biases it gives the part of the inputs.
        const active: number[][] = [];
        let values = Array.from(input);
        for (const one of mlp.layers) {
          values = runMlp({ layers: [one] }, values, Math.fround);
          active.push(values.map((value) => (one.activation === 'none' || value > 0 ? 1 : 0)));
        }
        const withoutBias = mlp.layers.reduce(
          (current, one, i) =>
            runMlp({ layers: [{ ...one, bias: new Float32Array(one.outputs), activation: 'none' }] }, current).map(
              (value, unit) => value * active[i][unit],
            ),
          Array.from(input),
        );
        const expected = dot(direction, withoutBias);
        expect(Math.abs(dot(coefficients, input) - expected)).toBeLessThan(1e-3 * (1 + Math.abs(expected)));
      }),
    );
  });

  it('agrees with finite differences unless a unit is near its bend', () => {
    // In networks this small no unit moves by more than this when one input takes a step.
    const margin = 0.05;
    let compared = 0;
    fc.assert(
      fc.property(mlpWithInput(), ({ mlp, input, direction }) => {
        if (isNearABend(mlp, input, margin)) return;
        compared++;
        const at = Float64Array.from(input);
        const slopes = slopesOf(at, () => dot(direction, runMlp(mlp, at)));
        backpropagate(mlp, input, direction).forEach((coefficient, i) => {
          expect(coefficient).toBeCloseTo(slopes[i], 4);
        });
      }),
      { numRuns: 300 },
    );
    expect(compared).toBeGreaterThan(50);
  });
});

describe('assertMlp', () => {
  it('throws if arrays do not have their sizes, or layers do not fit', () => {
    assertMlp({ layers: [layer(), layer()] });
    expect(() => assertMlp({ layers: [] })).toThrow('at least one layer');
    expect(() => assertMlp({ layers: [layer({ outputs: 0 })] })).toThrow('layer 0 has the sizes 2 → 0');
    expect(() => assertMlp({ layers: [layer({ bias: new Float32Array(3) })] })).toThrow(
      'layer 0 (2 → 2) has 4 weights and 3 biases; it needs 4 and 2',
    );
    expect(() => assertMlp({ layers: [layer(), layer({ inputs: 1, weights: new Float32Array(2) })] })).toThrow(
      'layer 1 takes 1 inputs, but layer 0 gives 2',
    );
  });
});
