import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dot, rowsOf, solve } from '../../testing/engine/naive';
import { addOuterProduct, choleskyInPlace, choleskySolve, gram } from './linear-algebra';

const number = fc.double({ min: -4, max: 4, noNaN: true });
/** A matrix of n columns and a vector of n numbers. */
const problem = fc.integer({ min: 1, max: 7 }).chain((n) =>
  fc.record({
    n: fc.constant(n),
    rows: fc.array(fc.array(number, { minLength: n, maxLength: n }), { maxLength: 9 }),
    right: fc.array(number, { minLength: n, maxLength: n }),
  }),
);

/** YᵀY + I, as rows; the ridge makes it positive definite. */
const normalMatrix = (rows: number[][], n: number) =>
  Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => rows.reduce((sum, row) => sum + row[i] * row[j], i === j ? 1 : 0)),
  );

describe('gram', () => {
  it('is YᵀY in both triangles', () => {
    fc.assert(
      fc.property(problem, ({ n, rows }) => {
        const found = rowsOf(gram(Float32Array.from(rows.flat()), n), n);
        normalMatrix(
          rows.map((row) => row.map(Math.fround)),
          n,
        ).forEach((expected, i) => {
          expected.forEach((value, j) => {
            expect(found[i][j] + (i === j ? 1 : 0)).toBeCloseTo(value, 9);
          });
        });
      }),
    );
  });

  it('is 0 for a matrix without rows', () => {
    expect([...gram(new Float32Array(), 2)]).toEqual([0, 0, 0, 0]);
  });
});

describe('addOuterProduct', () => {
  it('adds to the lower triangle only', () => {
    const matrix = new Float64Array(4);
    addOuterProduct(matrix, 2, Float64Array.of(9, 9, 2, 3), 2, 10);
    expect([...matrix]).toEqual([40, 0, 60, 90]);
  });
});

describe('Cholesky', () => {
  it('gives the solution of Gaussian elimination', () => {
    fc.assert(
      fc.property(problem, ({ n, rows, right }) => {
        const matrix = normalMatrix(rows, n);
        const factor = Float64Array.from(matrix.flat());
        const x = Float64Array.from(right);
        choleskyInPlace(factor, n);
        choleskySolve(factor, n, x);
        solve(matrix, right).forEach((value, i) => {
          expect(x[i]).toBeCloseTo(value, 7);
        });
      }),
    );
  });

  it('leaves L in the lower triangle and reads nothing above the diagonal', () => {
    const factor = Float64Array.of(4, Number.NaN, 2, 5);
    choleskyInPlace(factor, 2);
    expect([factor[0], factor[2], factor[3]]).toEqual([2, 1, 2]);
    const x = Float64Array.of(8, 9);
    choleskySolve(factor, 2, x);
    expect(dot([4, 2], x)).toBeCloseTo(8);
    expect(dot([2, 5], x)).toBeCloseTo(9);
  });

  it.each([
    ['indefinite', [1, 2, 2, 1]],
    ['singular', [0, 0, 0, 0]],
    ['NaN', [Number.NaN, 0, 0, 1]],
  ])('throws for a matrix that is %s', (_, values) => {
    expect(() => choleskyInPlace(Float64Array.from(values), 2)).toThrow(
      new RangeError('matrix is not positive definite'),
    );
  });
});
