import { TopK } from '../top-k';
import type { VectorIndex } from './vector-index';

/** Scans every vector: the oracle of the approximate index, and what stands in where that cannot run. */
export class ExactIndex implements VectorIndex {
  readonly kind = 'exact';
  readonly size: number;
  private readonly vectors: Float32Array;
  private readonly dims: number;

  /** @param vectors row-major, size × dims */
  constructor(vectors: Float32Array, dims: number) {
    this.vectors = vectors;
    this.dims = dims;
    this.size = vectors.length / dims;
  }

  search(query: Float32Array, k: number): Uint32Array {
    const { vectors, dims, size } = this;
    const best = new TopK(Math.min(k, size));
    let threshold = best.threshold;
    for (let row = 0, start = 0; row < size; row++, start += dims) {
      // Four sums at once: a single one waits for each addition before the next.
      let a = 0;
      let b = 0;
      let c = 0;
      let e = 0;
      let d = 0;
      for (; d + 3 < dims; d += 4) {
        a += query[d] * vectors[start + d];
        b += query[d + 1] * vectors[start + d + 1];
        c += query[d + 2] * vectors[start + d + 2];
        e += query[d + 3] * vectors[start + d + 3];
      }
      for (; d < dims; d++) a += query[d] * vectors[start + d];
      const score = a + b + (c + e);
      if (score > threshold) {
        best.push(row, score);
        threshold = best.threshold;
      }
    }
    return best.drain();
  }
}
