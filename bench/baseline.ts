/**
 * The baseline of retrieval: a plain typed-array scan of all inner products, with the best `k` in a small heap. It is
 * also sent to the browser as text, so it must not refer to anything outside itself.
 *
 * @param vectors size × dims, row-major
 * @returns rows, unordered
 */
export function plainScan(vectors: Float32Array, dims: number, query: Float32Array, k: number): Uint32Array {
  const size = vectors.length / dims;
  const count = Math.min(k, size);
  const rows = new Uint32Array(count);
  const scores = new Float32Array(count);
  let filled = 0;
  for (let row = 0, at = 0; row < size; row++) {
    let score = 0;
    for (let dim = 0; dim < dims; dim++) score += vectors[at++] * query[dim];
    if (filled === count && score <= scores[0]) continue;
    let hole: number;
    if (filled < count) {
      hole = filled++;
      while (hole > 0) {
        const parent = (hole - 1) >> 1;
        if (scores[parent] <= score) break;
        scores[hole] = scores[parent];
        rows[hole] = rows[parent];
        hole = parent;
      }
    } else {
      hole = 0;
      for (let child = 1; child < count; child = 2 * hole + 1) {
        if (child + 1 < count && scores[child + 1] < scores[child]) child++;
        if (scores[child] >= score) break;
        scores[hole] = scores[child];
        rows[hole] = rows[child];
        hole = child;
      }
    }
    scores[hole] = score;
    rows[hole] = row;
  }
  return rows;
}
