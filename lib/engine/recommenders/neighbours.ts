import type { NeighbourColumns } from '../../format/neighbours';
import { TopK } from '../../math/top-k';
import { DISLIKE_WEIGHT, type Evidence, moments, type Recommender, type SignalProfile } from './recommender';

/** The sparse item–item model: the score of an item is the sum of what each item of the history says of it. */
export class NeighboursRecommender implements Recommender {
  readonly signal = 'neighbours';
  /** How many of the first catalog rows the model knows. */
  readonly size: number;
  private readonly columns: NeighbourColumns;
  /** Scores of the current profile, by row. */
  private readonly scores: Float32Array;

  constructor(columns: NeighbourColumns) {
    this.columns = columns;
    this.size = columns.scales.length;
    this.scores = new Float32Array(this.size);
  }

  /** Interests say nothing here: what stands for one is many items, of which the visitor may know none. */
  profile(evidence: readonly Evidence[]): SignalProfile | null {
    const { rows, weights, scales } = this.columns;
    const { scores, size } = this;
    const pieces = evidence.filter(({ source }) => source.kind === 'item' && this.knows(source.row));
    if (pieces.length === 0) return null;
    scores.fill(0);
    for (const piece of pieces) {
      const factor = factorOf(piece);
      const [row] = piece.rows;
      for (let i = rows.offsets[row]; i < rows.offsets[row + 1]; i++) scores[rows.columns[i]] += factor * weights[i];
    }
    let sum = 0;
    let sumOfSquares = 0;
    for (let row = 0; row < size; row++) {
      scores[row] *= scales[row];
      sum += scores[row];
      sumOfSquares += scores[row] * scores[row];
    }
    const { mean, deviation } = moments(sum, sumOfSquares, size);
    // After dislikes alone an unknown item would have the highest score there is.
    const unknown = Math.min(0, mean);
    return {
      mean,
      deviation,
      coherence: pieces.length / evidence.length,
      score: (row) => (row < size ? scores[row] : unknown),
      candidates: (limit) => {
        const best = new TopK(limit);
        let threshold = 0;
        for (let row = 0; row < size; row++) {
          if (!(scores[row] > threshold)) continue;
          best.push(row, scores[row]);
          threshold = Math.max(0, best.threshold);
        }
        return best.drain();
      },
      contributions: (row) =>
        row < size
          ? Float64Array.from(evidence, (piece) =>
              piece.source.kind === 'item' ? factorOf(piece) * this.weight(piece.source.row, row) : 0,
            )
          : null,
    };
  }

  private knows(row: number): boolean {
    const { offsets } = this.columns.rows;
    return row < this.size && offsets[row + 1] > offsets[row];
  }

  /** What having item `from` says of item `to`; the list of `from` is ascending. */
  private weight(from: number, to: number): number {
    if (from >= this.size) return 0;
    const { rows, weights, scales } = this.columns;
    let [low, high] = [rows.offsets[from], rows.offsets[from + 1]];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rows.columns[middle] < to) low = middle + 1;
      else high = middle;
    }
    return low < rows.offsets[from + 1] && rows.columns[low] === to ? weights[low] * scales[to] : 0;
  }
}

const factorOf = ({ weight, sign }: Evidence): number => (sign > 0 ? weight : -DISLIKE_WEIGHT * weight);
