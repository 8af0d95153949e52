import { dotRow } from '../../math/linear-algebra';
import { TopK } from '../../math/top-k';
import type { VectorIndex } from './vector-index';

/** Scans every vector of floats: the reference for the recall of approximate indexes. */
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
      const score = dotRow(query, vectors, start, dims);
      if (score > threshold) {
        best.push(row, score);
        threshold = best.threshold;
      }
    }
    return best.drain();
  }
}
