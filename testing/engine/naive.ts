import type { Mlp } from '../../lib/math/mlp';

/** Slow textbook implementations, against which the engine is tested. Matrices are arrays of rows. */

export const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
};

/** Solves `matrix · x = right` by Gaussian elimination with partial pivoting. */
export function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const n = right.length;
  const rows = matrix.map((row, i) => [...row, right[i]]);
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column; row < n; row++) if (Math.abs(rows[row][column]) > Math.abs(rows[pivot][column])) pivot = row;
    [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
    for (let row = 0; row < n; row++) {
      if (row === column) continue;
      const factor = rows[row][column] / rows[column][column];
      for (let k = column; k <= n; k++) rows[row][k] -= factor * rows[column][k];
    }
  }
  return rows.map((row, i) => row[n] / row[i]);
}

export function meanAndDeviation(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}

/**
 * Evaluates a network over plain arrays.
 *
 * @param round is applied to each layer's outputs, as float32 memory does
 */
export function runMlp({ layers }: Mlp, input: ArrayLike<number>, round = (value: number) => value): number[] {
  return layers.reduce(
    (values, { inputs, outputs, weights, bias, activation }) =>
      Array.from({ length: outputs }, (_, output) => {
        const sum = values.reduce((total, value, i) => total + weights[output * inputs + i] * value, bias[output]);
        return round(activation === 'relu' ? Math.max(0, sum) : sum);
      }),
    Array.from(input),
  );
}

/** Whether a unit of the network is so close to the kink of its ReLU that finite differences are wrong. */
export function isNearABend({ layers }: Mlp, input: ArrayLike<number>, margin: number): boolean {
  return layers.some((layer, i) => {
    const before: Mlp = { layers: [...layers.slice(0, i), { ...layer, activation: 'none' }] };
    return layer.activation === 'relu' && runMlp(before, input).some((sum) => Math.abs(sum) < margin);
  });
}

/** @returns the derivatives of a function by each argument, by central differences */
export function slopesOf(values: Float32Array | Float64Array, f: () => number, step = 1e-3): number[] {
  return Array.from(values, (value, i) => {
    values[i] = value + step;
    const [above, up] = [values[i], f()];
    values[i] = value - step;
    const [below, down] = [values[i], f()];
    values[i] = value;
    return (up - down) / (above - below);
  });
}

/** @returns a row-major matrix as an array of rows */
export function rowsOf(values: ArrayLike<number>, columns: number): number[][] {
  return Array.from({ length: values.length / columns }, (_, row) =>
    Array.from({ length: columns }, (_, d) => values[row * columns + d]),
  );
}
