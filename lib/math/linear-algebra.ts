/** Dense linear algebra for matrix factorisation. Matrices are row-major n × n unless stated otherwise. */

/**
 * Cholesky factorisation in place: the lower triangle of `matrix` becomes L with L·Lᵀ = matrix. The upper triangle is
 * neither read nor written.
 *
 * @param matrix symmetric positive definite, n × n
 * @throws RangeError if the matrix is not positive definite
 */
export function choleskyInPlace(matrix: Float64Array, n: number): void {
  for (let column = 0; column < n; column++) {
    const columnStart = column * n;
    let diagonal = matrix[columnStart + column];
    for (let k = 0; k < column; k++) diagonal -= matrix[columnStart + k] * matrix[columnStart + k];
    if (!(diagonal > 0)) throw new RangeError('matrix is not positive definite');
    const root = Math.sqrt(diagonal);
    matrix[columnStart + column] = root;
    for (let row = column + 1; row < n; row++) {
      const rowStart = row * n;
      let sum = matrix[rowStart + column];
      for (let k = 0; k < column; k++) sum -= matrix[rowStart + k] * matrix[columnStart + k];
      matrix[rowStart + column] = sum / root;
    }
  }
}

/**
 * Solves L·Lᵀ·x = b in place.
 *
 * @param factor the L of {@link choleskyInPlace}, n × n
 * @param vector n numbers: b before the call, x after it
 */
export function choleskySolve(factor: Float64Array, n: number, vector: Float64Array): void {
  for (let row = 0; row < n; row++) {
    let sum = vector[row];
    for (let k = 0; k < row; k++) sum -= factor[row * n + k] * vector[k];
    vector[row] = sum / factor[row * n + row];
  }
  for (let row = n - 1; row >= 0; row--) {
    let sum = vector[row];
    for (let k = row + 1; k < n; k++) sum -= factor[k * n + row] * vector[k];
    vector[row] = sum / factor[row * n + row];
  }
}

/**
 * The inner product of a vector with one row of a matrix.
 *
 * @param vector dims numbers
 * @param rows row-major, dims columns
 * @param start index of the row's first number in `rows`
 */
export function dotRow(vector: Float32Array, rows: Float32Array | Int8Array, start: number, dims: number): number {
  // Four independent sums: with a single one each addition waits for the one before.
  let a = 0;
  let b = 0;
  let c = 0;
  let e = 0;
  let d = 0;
  for (; d + 3 < dims; d += 4) {
    a += vector[d] * rows[start + d];
    b += vector[d + 1] * rows[start + d + 1];
    c += vector[d + 2] * rows[start + d + 2];
    e += vector[d + 3] * rows[start + d + 3];
  }
  for (; d < dims; d++) a += vector[d] * rows[start + d];
  return a + b + (c + e);
}

/**
 * Adds weight · v·vᵀ to the lower triangle of `matrix`; the upper triangle stays as it is.
 *
 * @param matrix n × n
 * @param rows v is its n numbers from `start`
 */
export function addOuterProduct(
  matrix: Float64Array,
  n: number,
  rows: Float32Array | Float64Array,
  start: number,
  weight: number,
): void {
  for (let i = 0; i < n; i++) {
    const scaled = weight * rows[start + i];
    const base = i * n;
    for (let j = 0; j <= i; j++) matrix[base + j] += scaled * rows[start + j];
  }
}

/**
 * The Gram matrix YᵀY.
 *
 * @param rows Y, row-major, n columns
 * @returns both triangles, n × n
 */
export function gram(rows: Float32Array, n: number): Float64Array {
  const result = new Float64Array(n * n);
  for (let start = 0; start < rows.length; start += n) addOuterProduct(result, n, rows, start, 1);
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) result[i * n + j] = result[j * n + i];
  return result;
}
