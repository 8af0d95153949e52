/** Keeps the `capacity` best of many scored rows. Higher scores win; among equals, the lower row. */
export class TopRows {
  private readonly rows: Uint32Array;
  private readonly scores: Float64Array;
  private readonly capacity: number;
  private count = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.rows = new Uint32Array(capacity);
    this.scores = new Float64Array(capacity);
  }

  add(row: number, score: number): void {
    const { rows, scores } = this;
    if (this.count < this.capacity) {
      // Sift up in a heap whose root is the worst.
      let child = this.count++;
      while (child > 0) {
        const parent = (child - 1) >> 1;
        if (!worse(score, row, scores[parent], rows[parent])) break;
        scores[child] = scores[parent];
        rows[child] = rows[parent];
        child = parent;
      }
      scores[child] = score;
      rows[child] = row;
      return;
    }
    if (!worse(scores[0], rows[0], score, row)) return;
    let parent = 0;
    for (;;) {
      let child = 2 * parent + 1;
      if (child >= this.capacity) break;
      if (child + 1 < this.capacity && worse(scores[child + 1], rows[child + 1], scores[child], rows[child])) child++;
      if (!worse(scores[child], rows[child], score, row)) break;
      scores[parent] = scores[child];
      rows[parent] = rows[child];
      parent = child;
    }
    scores[parent] = score;
    rows[parent] = row;
  }

  /** The kept rows in no particular order; empties the collection. */
  drain(): Uint32Array {
    const kept = this.rows.slice(0, this.count);
    this.count = 0;
    return kept;
  }
}

function worse(score: number, row: number, otherScore: number, otherRow: number): boolean {
  return score < otherScore || (score === otherScore && row > otherRow);
}
