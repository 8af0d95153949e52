/**
 * Selects the k best of a stream of scored rows with a bounded heap: O(n log k), no allocation per row. Ties go to the
 * lower row, which is the more popular item.
 */
export class TopK {
  private readonly scores: Float64Array;
  private readonly rows: Uint32Array;
  private readonly capacity: number;
  private size = 0;

  /** @param k rounded down; below 0 it is 0 */
  constructor(k: number) {
    this.capacity = Math.max(0, Math.floor(k));
    this.scores = new Float64Array(this.capacity);
    this.rows = new Uint32Array(this.capacity);
  }

  /** The score that a row must beat to be selected; −∞ while there is room. */
  get threshold(): number {
    return this.size < this.capacity
      ? Number.NEGATIVE_INFINITY
      : this.capacity === 0
        ? Number.POSITIVE_INFINITY
        : this.scores[0];
  }

  push(row: number, score: number): void {
    if (this.size < this.capacity) {
      let at = this.size++;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!this.isWorse(score, row, this.scores[parent], this.rows[parent])) break;
        this.put(at, this.scores[parent], this.rows[parent]);
        at = parent;
      }
      this.put(at, score, row);
    } else if (this.capacity > 0 && this.isWorse(this.scores[0], this.rows[0], score, row)) {
      this.sink(score, row);
    }
  }

  /** Returns the selected rows, best first, and empties the heap. */
  drain(): Uint32Array {
    return this.drainScored().rows;
  }

  /** Returns the selected rows with their scores, best first, and empties the heap. */
  drainScored(): { rows: Uint32Array; scores: Float64Array } {
    const rows = new Uint32Array(this.size);
    const scores = new Float64Array(this.size);
    for (let i = this.size - 1; i >= 0; i--) {
      rows[i] = this.rows[0];
      scores[i] = this.scores[0];
      this.size--;
      if (this.size > 0) this.sink(this.scores[this.size], this.rows[this.size]);
    }
    return { rows, scores };
  }

  private isWorse(score: number, row: number, thanScore: number, thanRow: number): boolean {
    return score < thanScore || (score === thanScore && row > thanRow);
  }

  private put(at: number, score: number, row: number): void {
    this.scores[at] = score;
    this.rows[at] = row;
  }

  /** Replaces the root, which is the worst row, and restores the heap. */
  private sink(score: number, row: number): void {
    let at = 0;
    for (let child = 1; child < this.size; child = 2 * at + 1) {
      const right = child + 1;
      if (right < this.size && this.isWorse(this.scores[right], this.rows[right], this.scores[child], this.rows[child]))
        child = right;
      if (!this.isWorse(this.scores[child], this.rows[child], score, row)) break;
      this.put(at, this.scores[child], this.rows[child]);
      at = child;
    }
    this.put(at, score, row);
  }
}

/**
 * The rows of the k largest scores above `floor`, best first, distinct; fewer where there are no more. Ties go to the
 * lower row.
 *
 * @param scores by row
 */
export function topRows(scores: ArrayLike<number>, k: number, floor = Number.NEGATIVE_INFINITY): Uint32Array {
  const best = new TopK(k);
  let threshold = floor;
  for (let row = 0; row < scores.length; row++) {
    if (!(scores[row] > threshold)) continue;
    best.push(row, scores[row]);
    threshold = Math.max(floor, best.threshold);
  }
  return best.drain();
}

/** The best rows by scores that do not change, found when asked for and once for the longest request so far. */
export class BestRows {
  private readonly scores: ArrayLike<number>;
  private readonly floor: number;
  private rows: Uint32Array = new Uint32Array();
  private isAll = false;

  /** @param floor rows need a score above it */
  constructor(scores: ArrayLike<number>, floor?: number) {
    this.scores = scores;
    this.floor = floor ?? Number.NEGATIVE_INFINITY;
  }

  /** {@link topRows} of `k`. */
  first(k: number): Uint32Array {
    if (k > this.rows.length && !this.isAll) {
      this.rows = topRows(this.scores, k, this.floor);
      this.isAll = this.rows.length < k;
    }
    return this.rows.subarray(0, k);
  }
}
