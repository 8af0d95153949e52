import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mlpWithInput } from '../../testing/engine/mlp';
import { dot, isNearABend, runMlp, slopesOf } from '../../testing/engine/naive';
import { assertMlp, backThrough, type DenseLayer, forward } from './mlp';

const layer = (change: Partial<DenseLayer> = {}): DenseLayer => ({
  inputs: 2,
  outputs: 2,
  weights: Float32Array.of(1, 2, -3, 4),
  bias: Float32Array.of(0.5, -1),
  activation: 'relu',
  ...change,
});

describe('forward', () => {
  it('multiplies, adds the bias and cuts off what is negative', () => {
    expect([...forward({ layers: [layer()] }, Float32Array.of(1, 1))]).toEqual([3.5, 0]);
    expect([...forward({ layers: [layer({ activation: 'none' })] }, Float32Array.of(2, 1))]).toEqual([4.5, -3]);
  });

  it('agrees with the formula for any network, and leaves its input alone', () => {
    fc.assert(
      fc.property(mlpWithInput(), ({ mlp, input }) => {
        const before = input.slice();
        expect(forward(mlp, input)).toEqual(Float32Array.from(runMlp(mlp, input, Math.fround)));
        expect(input).toEqual(before);
      }),
    );
  });
});

describe('backThrough', () => {
  it('gives the weights of a layer that is open, and nothing of one that is closed', () => {
    const input = Float32Array.of(1, 1); // opens the first unit only
    expect([...backThrough({ layers: [layer()] }, input, Float32Array.of(1, 10))]).toEqual([1, 2]);
    expect([...backThrough({ layers: [layer({ activation: 'none' })] }, input, Float32Array.of(1, 10))]).toEqual([
      -29, 42,
    ]);
  });

  it('splits the output exactly: what the inputs do not account for is what the biases do', () => {
    fc.assert(
      fc.property(mlpWithInput(), ({ mlp, input, direction }) => {
        const coefficients = backThrough(mlp, input, direction);
        // Along the units that are open the network is linear; without its biases only the inputs' part is left.
        const open: number[][] = [];
        let values = Array.from(input);
        for (const one of mlp.layers) {
          values = runMlp({ layers: [one] }, values, Math.fround);
          open.push(values.map((value) => (one.activation === 'none' || value > 0 ? 1 : 0)));
        }
        const withoutBias = mlp.layers.reduce(
          (current, one, i) =>
            runMlp({ layers: [{ ...one, bias: new Float32Array(one.outputs), activation: 'none' }] }, current).map(
              (value, unit) => value * open[i][unit],
            ),
          Array.from(input),
        );
        const expected = dot(direction, withoutBias);
        expect(Math.abs(dot(coefficients, input) - expected)).toBeLessThan(1e-3 * (1 + Math.abs(expected)));
      }),
    );
  });

  it('agrees with finite differences wherever no unit is near its bend', () => {
    // More than a step of one input can move any unit of a network as small as these.
    const margin = 0.05;
    let compared = 0;
    fc.assert(
      fc.property(mlpWithInput(), ({ mlp, input, direction }) => {
        if (isNearABend(mlp, input, margin)) return;
        compared++;
        const at = Float64Array.from(input);
        const slopes = slopesOf(at, () => dot(direction, runMlp(mlp, at)));
        backThrough(mlp, input, direction).forEach((coefficient, i) => {
          expect(coefficient).toBeCloseTo(slopes[i], 4);
        });
      }),
      { numRuns: 300 },
    );
    expect(compared).toBeGreaterThan(50);
  });
});

describe('a network', () => {
  it('is refused where its arrays do not have its sizes, or its layers do not fit', () => {
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
