import type { Mode } from '../../contracts/engine';
import type { NeighbourColumns } from '../../format/neighbours';
import { BestRows } from '../../math/top-k';
import {
  type Evidence,
  moments,
  type ProfileContext,
  type Recommender,
  type SignalProfile,
  signedWeight,
} from './recommender';

/** How a signal of item–item weights takes part. */
export interface ItemItemOptions {
  signal: 'neighbours' | 'related';
  modes: readonly Mode[];
  /** What a stated interest adds to the score of its items; 0 where interests do not count. */
  interestScore: number;
}

/**
 * What the same users choose: ridge regressions of every item on others. Interests do not count: each is represented by
 * many items, of which the user may know none.
 */
export const NEIGHBOURS: ItemItemOptions = {
  signal: 'neighbours',
  modes: ['hybrid', 'collaborative'],
  interestScore: 0,
};
/**
 * What is related and good, by facts, texts, users in common and quality together, in nats. The well-known items of a
 * stated interest are related to it, all alike.
 */
export const RELATED: ItemItemOptions = { signal: 'related', modes: ['hybrid'], interestScore: 1 };

/** A sparse item–item model: the score of an item is the sum of the weights from each item of the history to it. */
export class ItemItemRecommender implements Recommender {
  readonly signal: ItemItemOptions['signal'];
  readonly modes: ItemItemOptions['modes'];
  readonly dependsOn = 'evidence';
  readonly quota = { strategy: 'similar', share: 3 } as const;
  readonly weight = 'learned';
  /** How many of the first catalog rows the model has weights for. */
  readonly size: number;
  private readonly columns: NeighbourColumns;
  private readonly interestScore: number;
  /** Scores of the current profile, by row. */
  private readonly scores: Float32Array;

  constructor(columns: NeighbourColumns, { signal, modes, interestScore }: ItemItemOptions) {
    this.signal = signal;
    this.interestScore = interestScore;
    this.modes = modes;
    this.columns = columns;
    this.size = columns.scales.length;
    this.scores = new Float32Array(this.size);
  }

  /** The model has weights of its own rows alone, which no later data changes. */
  setData(): void {}

  profile({ evidence }: Pick<ProfileContext, 'evidence'>): SignalProfile | null {
    const { rows, weights, scales } = this.columns;
    const { scores, size } = this;
    const items = evidence.filter(({ source }) => source.kind === 'item' && this.hasWeights(source.row));
    const interests = evidence.filter((entry) => this.hasMembers(entry));
    if (items.length + interests.length === 0) return null;
    scores.fill(0);
    for (const entry of items) {
      const factor = signedWeight(entry);
      const [row] = entry.rows;
      for (let i = rows.offsets[row]; i < rows.offsets[row + 1]; i++) scores[rows.columns[i]] += factor * weights[i];
    }
    for (let row = 0; row < size; row++) scores[row] *= scales[row];
    for (const entry of interests)
      for (const row of entry.members ?? []) if (row < size) scores[row] += signedWeight(entry) * this.interestScore;
    let sum = 0;
    let sumOfSquares = 0;
    for (let row = 0; row < size; row++) {
      sum += scores[row];
      sumOfSquares += scores[row] * scores[row];
    }
    const { mean, deviation } = moments(sum, sumOfSquares, size);
    // After dislikes alone the mean is negative, and a score of 0 would be the highest.
    const unknown = Math.min(0, mean);
    const best = new BestRows(scores, 0);
    return {
      mean,
      deviation,
      coherence: (items.length + interests.length) / evidence.length,
      score: (row) => (row < size ? scores[row] : unknown),
      candidates: (limit) => best.first(limit),
      contributions: (row) =>
        row < size ? Float64Array.from(evidence, (entry) => signedWeight(entry) * this.weightOf(entry, row)) : null,
    };
  }

  private hasMembers({ members }: Evidence): boolean {
    return this.interestScore > 0 && (members?.some((row) => row < this.size) ?? false);
  }

  /** What one entry of weight 1 adds to the score of a row. */
  private weightOf(entry: Evidence, row: number): number {
    if (entry.source.kind === 'item') return this.weightBetween(entry.source.row, row);
    return this.hasMembers(entry) && entry.members?.includes(row) ? this.interestScore : 0;
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
