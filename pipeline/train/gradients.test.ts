import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forward } from '../../lib/math/mlp';
import { mlpWithInput } from '../../testing/engine/mlp';
import { dot, isNearABend, runMlp, slopesOf } from '../../testing/engine/naive';
import { Adam, addGradients, forwardAll, parametersOf, zerosLike } from './gradients';

describe('forwardAll', () => {
  it('returns the input, every activation, and the same output as the engine', () => {
    fc.assert(
      fc.property(mlpWithInput(), ({ mlp, input }) => {
        const activations = forwardAll(mlp, input);
        expect(activations).toHaveLength(mlp.layers.length + 1);
        expect(activations[0]).toEqual(input);
        expect(activations.at(-1)).toEqual(forward(mlp, input));
      }),
    );
  });
});

describe('addGradients', () => {
  it('agrees with finite differences in every parameter', () => {
    let compared = 0;
    fc.assert(
      fc.property(mlpWithInput(), ({ mlp, input, direction }) => {
        if (isNearABend(mlp, input, 0.05)) return;
        compared++;
        const gradients = zerosLike(mlp);
        addGradients(mlp, forwardAll(mlp, input), direction, gradients);
        parametersOf(mlp).forEach((values, p) => {
          const slopes = slopesOf(values, () => dot(direction, runMlp(mlp, input)));
          parametersOf(gradients)[p].forEach((gradient, i) => {
            expect(gradient).toBeCloseTo(slopes[i], 3);
          });
        });
      }),
      { numRuns: 200 },
    );
    expect(compared).toBeGreaterThan(40);
  });

  it('adds to the gradients that are already there', () => {
    fc.assert(
      fc.property(mlpWithInput(), ({ mlp, input, direction }) => {
        const [once, twice] = [zerosLike(mlp), zerosLike(mlp)];
        addGradients(mlp, forwardAll(mlp, input), direction, once);
        for (let i = 0; i < 2; i++) addGradients(mlp, forwardAll(mlp, input), direction, twice);
        parametersOf(twice).forEach((values, p) => {
          values.forEach((value, i) => {
            expect(value).toBeCloseTo(2 * parametersOf(once)[p][i], 4);
          });
        });
      }),
    );
  });
});

describe('Adam', () => {
  /** Kingma & Ba 2015, algorithm 1, for one number. */
  function textbook(start: number, gradients: number[], rate: number): number {
    let [value, m, v] = [start, 0, 0];
    gradients.forEach((gradient, i) => {
      m = 0.9 * m + 0.1 * gradient;
      v = 0.999 * v + 0.001 * gradient ** 2;
      const [mean, square] = [m / (1 - 0.9 ** (i + 1)), v / (1 - 0.999 ** (i + 1))];
      value -= (rate * mean) / (Math.sqrt(square) + 1e-8);
    });
    return value;
  }

  it('takes the steps of algorithm 1, and sets the gradients to zero', () => {
    const gradient = fc.double({ min: 0.01, max: 2, noNaN: true }).chain((size) => fc.constantFrom(size, -size));
    fc.assert(
      fc.property(fc.array(fc.tuple(gradient, gradient), { minLength: 1, maxLength: 20 }), (steps) => {
        const parameters = [Float32Array.of(1), Float32Array.of(-2)];
        const slopes = [new Float32Array(1), new Float32Array(1)];
        const adam = new Adam(parameters);
        for (const pair of steps) {
          pair.forEach((value, p) => {
            slopes[p][0] = value;
          });
          adam.step(slopes, 0.01);
          expect(slopes.map(([value]) => value)).toEqual([0, 0]);
        }
        [1, -2].forEach((start, p) => {
          const expected = textbook(
            start,
            steps.map((pair) => pair[p]),
            0.01,
          );
          expect(parameters[p][0]).toBeCloseTo(expected, 4);
        });
      }),
    );
  });

  it('minimises a quadratic function', () => {
    const values = Float32Array.of(3, -4);
    const slopes = [new Float32Array(2)];
    const adam = new Adam([values]);
    for (let step = 0; step < 500; step++) {
      slopes[0].set([2 * (values[0] - 1), 20 * (values[1] - 2)]);
      adam.step(slopes, 0.05);
    }
    expect(values[0]).toBeCloseTo(1, 2);
    expect(values[1]).toBeCloseTo(2, 2);
  });
});
