import { dotRow } from '../../math/linear-algebra';
import { createKernel } from './create-kernel';
import { type Kernel, layOut, roundUp } from './kernel';
import { ScoreBoard } from './score-board';
import type { VectorIndex } from './vector-index';

/** The largest magnitude of a coordinate of a quantised query. */
const MAX_LEVELS = 32_767;

/**
 * Scans every vector: the reference for approximate indexes, and the fallback where they cannot run. Vectors of 8 bits
 * a dimension are scanned by WebAssembly SIMD if available, with the query in 16 bits, and vectors of floats by a plain
 * loop. The scores of the last query are cached.
 */
export class ScanIndex implements VectorIndex {
  readonly kind = 'exact';
  readonly size: number;
  readonly dims: number;
  private readonly kernel: Kernel;
  private readonly board: ScoreBoard;
  private readonly scorer: Scorer;
  private readonly query: Float32Array;
  private state: 'no query' | 'query' | 'all scores' = 'no query';

  /**
   * @param rows 8-bit, row-major, size × dims; copied
   * @param scales one a row: vector = row · scale
   * @param create creates the kernel with that many bytes of memory
   * @throws RangeError if lengths do not match or the memory cannot be allocated
   */
  constructor(rows: Int8Array, scales: Float32Array, dims: number, create?: (bytes: number) => Kernel);
  /** @param rows row-major, size × dims; not copied */
  constructor(rows: Float32Array, scales: null, dims: number, create?: (bytes: number) => Kernel);
  constructor(rows: Int8Array | Float32Array, scales: Float32Array | null, dims: number, create = createKernel) {
    const size = rows.length / dims;
    if (!Number.isInteger(size) || (rows instanceof Int8Array && scales?.length !== size))
      throw new RangeError(`${rows.length} numbers and ${scales?.length ?? 'no'} scales are not rows of ${dims}`);
    this.size = size;
    this.dims = dims;
    this.query = new Float32Array(dims);
    const padded = roundUp(size, 4);
    const stride = rows instanceof Int8Array ? roundUp(dims, 16) : 0;
    const { at, bytes } = layOut({
      query: 2 * stride,
      scales: stride && 4 * padded,
      scores: 4 * padded,
      work: ScoreBoard.workBytes(size),
      rows: stride * padded,
    });
    this.kernel = create(bytes);
    this.board = new ScoreBoard(this.kernel, size, at.scores, at.work);
    this.scorer =
      rows instanceof Int8Array
        ? new QuantisedScorer(this.kernel, rows, scales!, dims, at)
        : new FloatScorer(rows, this.board.scores, dims);
  }

  /** Whether scans run in WebAssembly. */
  get simd(): boolean {
    return this.kernel.simd && this.scorer instanceof QuantisedScorer;
  }

  /** Allocated memory, not counting rows that are not copied. */
  get bytes(): number {
    return this.kernel.buffer.byteLength;
  }

  search(query: Float32Array, k: number): Uint32Array {
    this.scores(query);
    return this.board.top(k);
  }

  /** @returns inner products of all rows with the query, a view that is valid until the next call with another query */
  scores(query: Float32Array): Float32Array {
    this.prepare(query);
    if (this.state !== 'all scores') {
      this.scorer.score(0, roundUp(this.size, 4));
      this.state = 'all scores';
    }
    return this.board.scores;
  }

  /** Sets the query of {@link score} without scanning. @throws RangeError if it has another number of dimensions */
  prepare(query: Float32Array): void {
    if (query.length !== this.dims) throw new RangeError(`a query of ${query.length} numbers for rows of ${this.dims}`);
    if (this.state !== 'no query' && this.query.every((value, d) => value === query[d])) return;
    this.query.set(query);
    this.scorer.load(this.query);
    this.state = 'query';
  }

  /** @returns the inner product of a row with the last query; without a scan before, only this row is computed */
  score(row: number): number {
    if (this.state !== 'all scores') {
      const first = row & ~3;
      this.scorer.score(first, first + 4);
    }
    return this.board.scores[row];
  }
}

/** Writes the scores of a loaded query to a {@link ScoreBoard}. */
interface Scorer {
  load(query: Float32Array): void;
  /**
   * @param first first row, a multiple of 4
   * @param end row after the last, a multiple of 4, so up to three rows beyond the last
   */
  score(first: number, end: number): void;
}

class QuantisedScorer implements Scorer {
  private readonly kernel: Kernel;
  private readonly at: Record<'query' | 'scales' | 'scores' | 'rows', number>;
  private readonly stride: number;
  private readonly query: Int16Array;
  private readonly levels: number;
  private step = 0;

  constructor(
    kernel: Kernel,
    rows: Int8Array,
    scales: Float32Array,
    dims: number,
    at: Record<'query' | 'scales' | 'scores' | 'rows', number>,
  ) {
    this.kernel = kernel;
    this.at = at;
    this.stride = roundUp(dims, 16);
    this.query = new Int16Array(kernel.buffer, at.query, dims);
    // Sums of `dims` products with numbers down to −128 must fit into 32 bits.
    this.levels = Math.min(MAX_LEVELS, Math.floor((2 ** 31 - 1) / (128 * dims)));
    new Float32Array(kernel.buffer, at.scales, scales.length).set(scales);
    const padded = new Int8Array(kernel.buffer, at.rows, this.stride * scales.length);
    if (this.stride === dims) padded.set(rows);
    else
      for (let row = 0; row < scales.length; row++)
        padded.set(rows.subarray(row * dims, (row + 1) * dims), row * this.stride);
  }

  /** Symmetric quantisation: the largest magnitude becomes the largest level. */
  load(query: Float32Array): void {
    let largest = 0;
    for (const value of query) largest = Math.max(largest, Math.abs(value));
    this.step = Math.fround(largest / this.levels);
    for (let d = 0; d < query.length; d++) this.query[d] = this.step === 0 ? 0 : Math.round(query[d] / this.step);
  }

  score(first: number, end: number): void {
    const { at, stride } = this;
    const scores = at.scores + 4 * first;
    this.kernel.scan(
      at.rows + stride * first,
      stride,
      at.scales + 4 * first,
      scores,
      at.scores + 4 * end,
      at.query,
      this.step,
    );
  }
}

class FloatScorer implements Scorer {
  private readonly rows: Float32Array;
  private readonly scores: Float32Array;
  private readonly dims: number;
  private query: Float32Array;

  constructor(rows: Float32Array, scores: Float32Array, dims: number) {
    this.rows = rows;
    this.scores = scores;
    this.dims = dims;
    this.query = new Float32Array(dims);
  }

  load(query: Float32Array): void {
    this.query = query;
  }

  score(first: number, end: number): void {
    const { rows, scores, dims, query } = this;
    const last = Math.min(end, scores.length);
    for (let row = first, start = first * dims; row < last; row++, start += dims) {
      scores[row] = dotRow(query, rows, start, dims);
    }
  }
}
