import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dot, solve } from '../../../testing/engine/naive';
import { gram } from '../../math/linear-algebra';
import { type FoldInParameters, foldIn, type Observation } from './fold-in';

const DIMS = 4;
const coordinate = fc.double({ min: -2, max: 2, noNaN: true }).map(Math.fround);
const vector = fc.array(coordinate, { minLength: DIMS, maxLength: DIMS }).map((values) => Float32Array.from(values));
const observation: fc.Arbitrary<Observation> = fc.record({
  vector,
  weight: fc.double({ min: 0.05, max: 3, noNaN: true }),
  target: fc.constantFrom(1, -0.5),
});
const problem = fc
  .record({
    items: fc.array(vector, { minLength: 1, maxLength: 10 }),
    observations: fc.array(observation, { minLength: 1, maxLength: 6 }),
  })
  .map(({ items, observations }) => {
    const factors = Float32Array.from(items.flatMap((item) => [...item]));
    const parameters: FoldInParameters = {
      dims: DIMS,
      unobservedWeight: 0.3,
      regularization: 0.05,
      itemCount: items.length,
      gram: gram(factors, DIMS),
    };
    return { items, observations, parameters };
  });
type Problem = typeof problem extends fc.Arbitrary<infer T> ? T : never;

const ridge = ({ observations, parameters }: Problem) =>
  parameters.regularization *
  (observations.reduce((sum, { weight }) => sum + weight, 0) + parameters.unobservedWeight * parameters.itemCount);

/** The loss of iALS for one user. */
function loss(given: Problem, user: ArrayLike<number>): number {
  const { items, observations, parameters } = given;
  const observed = observations.reduce(
    (sum, { vector: y, weight, target }) => sum + weight * (target - dot(user, y)) ** 2,
    0,
  );
  const unobserved = items.reduce((sum, y) => sum + dot(user, y) ** 2, 0);
  return observed + parameters.unobservedWeight * unobserved + ridge(given) * dot(user, user);
}

describe('foldIn', () => {
  it('solves the normal equations', () => {
    fc.assert(
      fc.property(problem, (given) => {
        const { items, observations, parameters } = given;
        const matrix = Array.from({ length: DIMS }, (_, i) =>
          Array.from({ length: DIMS }, (_, j) => {
            const observed = observations.reduce((sum, { vector: y, weight }) => sum + weight * y[i] * y[j], 0);
            const unobserved = items.reduce((sum, y) => sum + y[i] * y[j], 0);
            return observed + parameters.unobservedWeight * unobserved + (i === j ? ridge(given) : 0);
          }),
        );
        const right = Array.from({ length: DIMS }, (_, i) =>
          observations.reduce((sum, { vector: y, weight, target }) => sum + weight * target * y[i], 0),
        );
        const { factors } = foldIn(parameters, observations);
        solve(matrix, right).forEach((value, d) => {
          expect(factors[d]).toBeCloseTo(value, 5);
        });
      }),
    );
  });

  it('minimises the loss', () => {
    fc.assert(
      fc.property(problem, (given) => {
        const user = [...foldIn(given.parameters, given.observations).factors];
        const step = 1e-3;
        for (let d = 0; d < DIMS; d++) {
          const moved = (by: number) =>
            loss(
              given,
              user.map((value, i) => (i === d ? value + by : value)),
            );
          // The loss is quadratic, for which central differences are exact.
          expect(Math.abs(moved(step) - moved(-step)) / (2 * step)).toBeLessThan(1e-4);
        }
      }),
    );
  });

  it('splits a score exactly among the observations', () => {
    fc.assert(
      fc.property(problem, vector, (given, item) => {
        const user = foldIn(given.parameters, given.observations);
        const parts = user.contributions(item);
        expect(parts).toHaveLength(given.observations.length);
        expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(dot(user.factors, item), 4);
      }),
    );
  });

  it('has a contribution of 0 for an observation whose vector is zero', () => {
    const user = foldIn(
      { dims: 2, unobservedWeight: 0.1, regularization: 0.1, itemCount: 1, gram: gram(Float32Array.of(1, 1), 2) },
      [
        { vector: Float32Array.of(0, 0), weight: 1, target: 1 },
        { vector: Float32Array.of(1, 0), weight: 1, target: 1 },
      ],
    );
    const [none, all] = user.contributions(Float32Array.of(1, 0));
    expect(none).toBe(0);
    expect(all).toBeGreaterThan(0);
  });
});
