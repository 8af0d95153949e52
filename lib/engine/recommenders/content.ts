import type { ContentColumns } from '../../format/content';
import { TopK } from '../top-k';
import { DISLIKE_WEIGHT, type Evidence, moments, type Recommender, type SignalProfile } from './recommender';
import { invert, rowLengths, type SparseMatrix, weighTerms } from './tfidf';

/** Similarity of the items to a profile that is the weighted sum of what the user likes (Rocchio 1971). */
export class ContentRecommender implements Recommender {
  readonly signal = 'content';
  readonly rows: SparseMatrix;
  private readonly lengths: Float32Array;
  private readonly averageLength: number;
  private readonly postings: SparseMatrix;
  private readonly termCount: number;
  private readonly calibrationRows: number;
  /** Scores of the current profile, by row. */
  private readonly scores: Float32Array;
  /** A dense row for dot products of two items; all zero between calls. */
  private readonly scratch: Float32Array;

  /** @param calibrationRows the first rows of the catalog, over which mean and deviation are taken */
  constructor(content: ContentColumns, calibrationRows: number) {
    this.rows = weighTerms(content);
    this.lengths = rowLengths(this.rows);
    this.averageLength = this.lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, this.lengths.length);
    this.termCount = content.terms.length;
    this.postings = invert(this.rows, this.termCount);
    this.scores = new Float32Array(this.rows.offsets.length - 1);
    this.scratch = new Float32Array(this.termCount);
    this.calibrationRows = calibrationRows;
  }

  profile(evidence: readonly Evidence[]): SignalProfile | null {
    const profile = new Float32Array(this.termCount);
    for (const piece of evidence) this.addTo(profile, piece);
    const touched: number[] = [];
    let norm = 0;
    for (let term = 0; term < profile.length; term++) {
      if (profile[term] === 0) continue;
      touched.push(term);
      norm += profile[term] ** 2;
    }
    if (norm === 0) return null;
    norm = Math.sqrt(norm);

    const { scores, postings, calibrationRows } = this;
    scores.fill(0);
    for (const term of touched) {
      const weight = profile[term] / norm;
      for (let i = postings.offsets[term]; i < postings.offsets[term + 1]; i++)
        scores[postings.columns[i]] += weight * postings.values[i];
    }
    let sum = 0;
    let sumOfSquares = 0;
    for (let row = 0; row < calibrationRows; row++) {
      sum += scores[row];
      sumOfSquares += scores[row] * scores[row];
    }
    return {
      ...moments(sum, sumOfSquares, calibrationRows),
      coherence: Math.min(1, norm / this.lengthsOf(evidence)),
      score: (row) => scores[row],
      candidates: (limit) => {
        const best = new TopK(limit);
        let threshold = best.threshold;
        for (let row = 0; row < scores.length; row++) {
          if (scores[row] > threshold) {
            best.push(row, scores[row]);
            threshold = best.threshold;
          }
        }
        return best.drain();
      },
      contributions: (row) => this.contributions(row, evidence, norm),
    };
  }

  /** The cosine of one item with each of the others. */
  similarities(row: number, others: ArrayLike<number>): Float32Array {
    this.scatter(row);
    const cosines = Float32Array.from(
      others,
      (other) => this.gather(other) / (this.lengths[row] * this.lengths[other]),
    );
    this.clear(row);
    return cosines;
  }

  /** Terms that two items share, the weightiest first. */
  sharedTerms(a: number, b: number): number[] {
    const { offsets, columns, values } = this.rows;
    this.scatter(a);
    const shared: { term: number; weight: number }[] = [];
    for (let i = offsets[b]; i < offsets[b + 1]; i++) {
      const weight = this.scratch[columns[i]] * values[i];
      if (weight > 0) shared.push({ term: columns[i], weight });
    }
    this.clear(a);
    return shared.sort((x, y) => y.weight - x.weight).map(({ term }) => term);
  }

  /** Whether an item has a term. */
  hasTerm(row: number, term: number): boolean {
    const { offsets, columns } = this.rows;
    for (let i = offsets[row]; i < offsets[row + 1]; i++) if (columns[i] === term) return true;
    return false;
  }

  /** The length that the profile would have if all evidence pointed one way. */
  private lengthsOf(evidence: readonly Evidence[]): number {
    return evidence.reduce(
      (sum, piece) =>
        sum +
        Math.abs(evidenceFactor(piece)) *
          (piece.source.kind === 'item' ? this.lengths[piece.source.row] : this.averageLength),
      0,
    );
  }

  private contributions(row: number, evidence: readonly Evidence[], norm: number): Float64Array {
    this.scatter(row);
    const parts = Float64Array.from(evidence, (piece) => {
      const factor = evidenceFactor(piece) / norm;
      if (piece.source.kind === 'item') return factor * this.gather(piece.source.row);
      return factor * this.interestValue(piece) * piece.terms.reduce((sum, term) => sum + this.scratch[term], 0);
    });
    this.clear(row);
    return parts;
  }

  private addTo(profile: Float32Array, piece: Evidence): void {
    const factor = evidenceFactor(piece);
    if (piece.source.kind === 'item') {
      const { offsets, columns, values } = this.rows;
      const { row } = piece.source;
      for (let i = offsets[row]; i < offsets[row + 1]; i++) profile[columns[i]] += factor * values[i];
    } else {
      for (const term of piece.terms) profile[term] += factor * this.interestValue(piece);
    }
  }

  /** An interest is as long as an average item, shared out among its terms. */
  private interestValue({ terms }: Evidence): number {
    return terms.length > 0 ? this.averageLength / Math.sqrt(terms.length) : 0;
  }

  private scatter(row: number): void {
    const { offsets, columns, values } = this.rows;
    for (let i = offsets[row]; i < offsets[row + 1]; i++) this.scratch[columns[i]] = values[i];
  }

  private gather(row: number): number {
    const { offsets, columns, values } = this.rows;
    let product = 0;
    for (let i = offsets[row]; i < offsets[row + 1]; i++) product += this.scratch[columns[i]] * values[i];
    return product;
  }

  private clear(row: number): void {
    const { offsets, columns } = this.rows;
    for (let i = offsets[row]; i < offsets[row + 1]; i++) this.scratch[columns[i]] = 0;
  }
}

const evidenceFactor = ({ weight, sign }: Evidence): number => (sign > 0 ? weight : -DISLIKE_WEIGHT * weight);
