import type { NeighbourColumns } from '../../format/neighbours';
import { TopK } from '../../math/top-k';
import { moments, type ProfileContext, type Recommender, type SignalProfile, signedWeight } from './recommender';

/** The sparse item–item model: the score of an item is the sum of the weights from each item of the history to it. */
export class NeighboursRecommender implements Recommender {
  readonly signal = 'neighbours';
  readonly modes = ['hybrid', 'collaborative'] as const;
  readonly dependsOn = 'evidence';
  readonly quota = { strategy: 'similar', share: 3 } as const;
  readonly weight = 'learned';
  /** How many of the first catalog rows the model has weights for. */
  readonly size: number;
  private readonly columns: NeighbourColumns;
  /** Scores of the current profile, by row. */
  private readonly scores: Float32Array;

  constructor(columns: NeighbourColumns) {
    this.columns = columns;
    this.size = columns.scales.length;
    this.scores = new Float32Array(this.size);
  }

  /** The model has weights of its own rows alone, which no later data changes. */
  setData(): void {}

  /** Interests do not count here: each is represented by many items, of which the user may know none. */
  profile({ evidence }: Pick<ProfileContext, 'evidence'>): SignalProfile | null {
    const { rows, weights, scales } = this.columns;
    const { scores, size } = this;
    const entries = evidence.filter(({ source }) => source.kind === 'item' && this.hasWeights(source.row));
    if (entries.length === 0) return null;
    scores.fill(0);
    for (const entry of entries) {
      const factor = signedWeight(entry);
      const [row] = entry.rows;
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
    // After dislikes alone the mean is negative, and a score of 0 would be the highest.
    const unknown = Math.min(0, mean);
    return {
      mean,
      deviation,
      coherence: entries.length / evidence.length,
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
          ? Float64Array.from(evidence, (entry) =>
              entry.source.kind === 'item' ? signedWeight(entry) * this.weightBetween(entry.source.row, row) : 0,
            )
          : null,
    };
  }

  private hasWeights(row: number): boolean {
    const { offsets } = this.columns.rows;
    return row < this.size && offsets[row + 1] > offsets[row];
  }

  /** The weight from one item to another, by binary search: the columns of a row ascend. */
  private weightBetween(from: number, to: number): number {
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
