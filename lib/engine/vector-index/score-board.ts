import { type Kernel, sortBytes } from './kernel';

/** Rows that are scanned between two updates of the threshold. */
const CHUNK_ROWS = 1024;

/** One score a row in a kernel's memory, and the selection of the highest. */
export class ScoreBoard {
  readonly scores: Float32Array;
  private readonly kernel: Kernel;
  private readonly scoresAt: number;
  private readonly workAt: number;
  private readonly outAt: number;
  private readonly collected: Uint32Array;

  /**
   * @param scoresAt address of `size` scores, rounded up to a multiple of four
   * @param workAt address of {@link ScoreBoard.workBytes} bytes of working memory
   */
  constructor(kernel: Kernel, size: number, scoresAt: number, workAt: number) {
    this.kernel = kernel;
    this.scoresAt = scoresAt;
    this.workAt = workAt;
    this.outAt = workAt + sortBytes(size);
    this.scores = new Float32Array(kernel.buffer, scoresAt, size);
    this.collected = new Uint32Array(kernel.buffer, this.outAt, size + 4);
  }

  static workBytes(size: number): number {
    return sortBytes(size) + 4 * (size + 4);
  }

  /**
   * Collects rows above a threshold. Whenever there are 2k of them, the better half remains and its last score becomes
   * the threshold, so that the time is O(n) for any order of scores.
   *
   * @returns rows of the `k` highest scores, highest first, ties by row; NaN scores are left out
   */
  top(k: number): Uint32Array {
    const { kernel, scores, collected, scoresAt, outAt, workAt } = this;
    const size = scores.length;
    const wanted = Math.min(Math.max(0, Math.floor(k)), size);
    if (wanted === 0) return new Uint32Array(0);
    let threshold = Number.NEGATIVE_INFINITY;
    let count = 0;
    for (let row = 0; row < size; row += CHUNK_ROWS) {
      const last = Math.min(row + CHUNK_ROWS, size);
      const end = scoresAt + 4 * Math.ceil(last / 4) * 4;
      count = (kernel.collect(scoresAt + 4 * row, end, row, threshold, outAt + 4 * count) - outAt) / 4;
      // The last group of four may extend beyond the last row.
      while (count > 0 && collected[count - 1] >= size) count--;
      if (count >= 2 * wanted) {
        kernel.sort(outAt, outAt + 4 * count, scoresAt, workAt);
        count = wanted;
        threshold = scores[collected[wanted - 1]];
      }
    }
    kernel.sort(outAt, outAt + 4 * count, scoresAt, workAt);
    return collected.slice(0, Math.min(count, wanted));
  }
}
