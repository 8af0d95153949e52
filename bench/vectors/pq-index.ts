import { createKernel } from '../../lib/engine/vector-index/create-kernel';
import { type Kernel, layOut, roundUp } from '../../lib/engine/vector-index/kernel';
import { ScoreBoard } from '../../lib/engine/vector-index/score-board';
import type { VectorIndex } from '../../lib/engine/vector-index/vector-index';
import { TopK } from '../../lib/math/top-k';

/** Centroids of a sub-space, as many as an 8-bit code can address. */
export const CENTROIDS = 256;

/** Vectors in one byte a sub-space, the number of the sub-space's nearest centroid (Jégou, Douze & Schmid 2011). */
export interface ProductQuantised {
  dims: number;
  /** Number of sub-spaces, runs of dimensions of equal length. */
  subspaces: number;
  /** subspaces × CENTROIDS × (dims / subspaces) */
  codebooks: Float32Array;
  /** size × subspaces */
  codes: Uint8Array;
}

/** Vectors in 8 bits a dimension: vector = row · scale. */
export interface EightBitRows {
  /** size × dims */
  quantised: Int8Array;
  scales: Float32Array;
}

/**
 * Finds the largest inner products from codes of one byte a sub-space. The products of the query with all centroids are
 * tabulated, a row's score is the sum of the table entries of its codes, and the best `expansion` · k rows are scored
 * again from their 8-bit vectors. A query reads only a few thousand of these, so they may be in slow or shared memory.
 *
 * Codes need no centring: the mean adds the same to the score of every row, and k-means moves with it.
 */
export class PqIndex implements VectorIndex<'pq'> {
  readonly kind = 'pq';
  readonly size: number;
  private readonly dims: number;
  private readonly subspaces: number;
  private readonly stride: number;
  private readonly codebooks: Float32Array;
  private readonly vectors: EightBitRows;
  private readonly expansion: number;
  private readonly kernel: Kernel;
  private readonly at: Record<'tables' | 'codes' | 'scores', number>;
  private readonly tables: Float32Array;
  private readonly board: ScoreBoard;

  /**
   * @param quantised its codes are copied
   * @param vectors not copied
   * @param expansion the multiple of k rows to score again
   * @param create creates the kernel with that many bytes of memory
   * @throws RangeError if shapes do not match or the memory cannot be allocated
   */
  constructor(quantised: ProductQuantised, vectors: EightBitRows, expansion = 4, create = createKernel) {
    const { dims, subspaces, codebooks, codes } = quantised;
    this.size = codes.length / subspaces;
    if (dims % subspaces !== 0 || codebooks.length !== CENTROIDS * dims)
      throw new RangeError(`${codebooks.length} numbers are not codebooks of ${subspaces} parts of ${dims} dimensions`);
    if (vectors.scales.length !== this.size || vectors.quantised.length !== this.size * dims)
      throw new RangeError(`codes of ${this.size} rows do not go with ${vectors.scales.length} vectors of ${dims}`);
    this.dims = dims;
    this.subspaces = subspaces;
    this.stride = roundUp(subspaces, 4);
    this.codebooks = codebooks;
    this.vectors = vectors;
    this.expansion = expansion;
    const { at, bytes } = layOut({
      tables: 4 * CENTROIDS * this.stride,
      scores: 4 * roundUp(this.size, 4),
      work: ScoreBoard.workBytes(this.size),
      codes: this.stride * roundUp(this.size, 4),
    });
    this.at = at;
    this.kernel = create(bytes);
    this.tables = new Float32Array(this.kernel.buffer, at.tables, CENTROIDS * subspaces);
    this.board = new ScoreBoard(this.kernel, this.size, at.scores, at.work);
    const padded = new Uint8Array(this.kernel.buffer, at.codes, this.stride * this.size);
    if (this.stride === subspaces) padded.set(codes);
    else
      for (let row = 0; row < this.size; row++)
        padded.set(codes.subarray(row * subspaces, (row + 1) * subspaces), row * this.stride);
  }

  /** Allocated memory without the 8-bit vectors. */
  get bytes(): number {
    return this.kernel.buffer.byteLength + this.codebooks.byteLength;
  }

  search(query: Float32Array, k: number): Uint32Array {
    const { at, kernel, board, size, stride, vectors, dims } = this;
    this.tabulate(query);
    kernel.lookUp(at.codes, stride, at.tables, at.scores, at.scores + 4 * roundUp(size, 4));
    const wanted = Math.min(k, size);
    const best = new TopK(wanted);
    for (const row of board.top(Math.min(size, Math.ceil(wanted * this.expansion)))) {
      let sum = 0;
      for (let d = 0, start = row * dims; d < dims; d++) sum += vectors.quantised[start + d] * query[d];
      best.push(row, sum * vectors.scales[row]);
    }
    return best.drain();
  }

  private tabulate(query: Float32Array): void {
    const { codebooks, tables, subspaces, dims } = this;
    const length = dims / subspaces;
    for (let entry = 0, at = 0; entry < tables.length; entry++) {
      const start = Math.floor(entry / CENTROIDS) * length;
      let sum = 0;
      for (let d = 0; d < length; d++, at++) sum += query[start + d] * codebooks[at];
      tables[entry] = sum;
    }
  }
}
