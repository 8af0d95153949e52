import type { ContentColumns } from '../../format/content';
import { concatMatrices, type SparseMatrix, transpose } from '../../math/sparse';
import { TopK } from '../../math/top-k';
import { DISLIKE_WEIGHT, type Evidence, moments, type Recommender, type SignalProfile } from './recommender';
import { rowLengths, weighTerms } from './tfidf';

/** Similarity of the items to a profile that is the weighted sum of what the user likes (Rocchio 1971). */
export class ContentRecommender implements Recommender {
  readonly signal = 'content';
  /** TF-IDF rows of the catalog, and of the items added to it. */
  rows: SparseMatrix;
  private lengths: Float32Array;
  private readonly averageLength: number;
  /** The rows of the catalog, without what was added to them. */
  private readonly catalogRows: SparseMatrix;
  private readonly catalogLengths: Float32Array;
  private readonly postings: SparseMatrix;
  private readonly termCount: number;
  private readonly warmRows: number;
  /** The current profile by term, of length 1 … */
  private readonly profileOfTerms: Float32Array;
  /** … and the terms that it is made of. */
  private profileTerms: number[] = [];
  /** Scores of the current profile, by row. */
  private scores: Float32Array;
  /** A dense row for dot products of two items; all zero between calls. */
  private readonly scratch: Float32Array;

  /**
   * @param warmRows the first rows of the catalog, over which mean and deviation are taken
   * @param catalogSize rows of the whole catalog, of which `content` may hold the first alone
   */
  constructor(content: ContentColumns, warmRows: number, catalogSize?: number) {
    this.rows = weighTerms(content, catalogSize);
    this.catalogRows = this.rows;
    this.warmRows = warmRows;
    this.termCount = content.terms.length;
    this.lengths = rowLengths(this.rows);
    this.catalogLengths = this.lengths;
    let lengths = 0;
    for (let row = 0; row < warmRows; row++) lengths += this.lengths[row];
    this.averageLength = lengths / Math.max(1, warmRows);
    this.postings = transpose(this.rows, this.termCount);
    this.profileOfTerms = new Float32Array(this.termCount);
    this.scores = new Float32Array(this.rows.offsets.length - 1);
    this.scratch = new Float32Array(this.termCount);
  }

  /** Puts rows behind those of the catalog, in place of any that were put there before. */
  append(rows: SparseMatrix): void {
    const { catalogRows, catalogLengths } = this;
    this.rows = concatMatrices(catalogRows, rows);
    const added = rowLengths(rows);
    this.lengths = new Float32Array(catalogLengths.length + added.length);
    this.lengths.set(catalogLengths);
    this.lengths.set(added, catalogLengths.length);
    this.scores = new Float32Array(this.lengths.length);
  }

  profile(evidence: readonly Evidence[]): SignalProfile | null {
    const norm = this.readProfile(evidence);
    if (norm === 0) return null;
    const { scores, warmRows } = this;
    this.scoreRows();
    let sum = 0;
    let sumOfSquares = 0;
    for (let row = 0; row < warmRows; row++) {
      const score = scores[row];
      sum += score;
      sumOfSquares += score * score;
    }
    return {
      ...moments(sum, sumOfSquares, warmRows),
      coherence: Math.min(1, norm / this.lengthsOf(evidence)),
      score: (row) => scores[row],
      candidates: (limit) => {
        const best = new TopK(limit);
        let { threshold } = best;
        for (let row = 0; row < scores.length; row++) {
          if (!(scores[row] > threshold)) continue;
          best.push(row, scores[row]);
          threshold = best.threshold;
        }
        return best.drain();
      },
      contributions: (row) => this.contributions(row, evidence, norm),
    };
  }

  /** The cosine of two items. */
  similarity(a: number, b: number): number {
    const { offsets, columns, values } = this.rows;
    let [i, j] = [offsets[a], offsets[b]];
    const [endA, endB] = [offsets[a + 1], offsets[b + 1]];
    let product = 0;
    while (i < endA && j < endB) {
      if (columns[i] < columns[j]) i++;
      else if (columns[i] > columns[j]) j++;
      else product += values[i++] * values[j++];
    }
    return product / (this.lengths[a] * this.lengths[b]);
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

  /** Makes the profile of some evidence the current one, scaled to length 1; returns its length before, 0 for an empty one. */
  private readProfile(evidence: readonly Evidence[]): number {
    const profile = this.profileOfTerms;
    for (const term of this.profileTerms) profile[term] = 0;
    const terms: number[] = [];
    const add = (term: number, value: number) => {
      if (profile[term] === 0) terms.push(term);
      profile[term] += value;
    };
    for (const piece of evidence) {
      const factor = evidenceFactor(piece);
      if (piece.source.kind === 'item') {
        const { offsets, columns, values } = this.rows;
        const { row } = piece.source;
        for (let i = offsets[row]; i < offsets[row + 1]; i++) add(columns[i], factor * values[i]);
      } else {
        for (const term of piece.terms) add(term, factor * this.interestValue(piece));
      }
    }
    // A like and a dislike may cancel out and come back: then a term was listed twice.
    this.profileTerms = [...new Set(terms)].sort((a, b) => a - b);
    let squares = 0;
    for (const term of this.profileTerms) squares += profile[term] ** 2;
    const norm = Math.sqrt(squares);
    if (norm > 0) for (const term of this.profileTerms) profile[term] /= norm;
    return norm;
  }

  /** Term by term down the posting lists: what the user never met costs nothing. */
  private scoreRows(): void {
    const { scores, profileOfTerms } = this;
    const { offsets, columns, values } = this.postings;
    scores.fill(0);
    for (const term of this.profileTerms) {
      const weight = profileOfTerms[term];
      for (let i = offsets[term], end = offsets[term + 1]; i < end; i++) scores[columns[i]] += weight * values[i];
    }
    // Added rows are few, and in no posting list.
    for (let row = this.catalogLengths.length; row < scores.length; row++)
      scores[row] = this.product(row, profileOfTerms);
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
    const parts = new Float64Array(evidence.length);
    evidence.forEach((piece, i) => {
      const factor = evidenceFactor(piece) / norm;
      if (piece.source.kind === 'item') parts[i] = factor * this.product(piece.source.row, this.scratch);
      else for (const term of piece.terms) parts[i] += factor * this.interestValue(piece) * this.scratch[term];
    });
    this.clear(row);
    return parts;
  }

  /** An interest is as long as an average item, shared out among its terms. */
  private interestValue({ terms }: Evidence): number {
    return terms.length > 0 ? this.averageLength / Math.sqrt(terms.length) : 0;
  }

  private scatter(row: number): void {
    const { offsets, columns, values } = this.rows;
    for (let i = offsets[row]; i < offsets[row + 1]; i++) this.scratch[columns[i]] = values[i];
  }

  /** The inner product of a row with a dense vector by term. */
  private product(row: number, vector: Float32Array): number {
    const { offsets, columns, values } = this.rows;
    let product = 0;
    for (let i = offsets[row], end = offsets[row + 1]; i < end; i++) product += vector[columns[i]] * values[i];
    return product;
  }

  private clear(row: number): void {
    const { offsets, columns } = this.rows;
    for (let i = offsets[row]; i < offsets[row + 1]; i++) this.scratch[columns[i]] = 0;
  }
}

const evidenceFactor = ({ weight, sign }: Evidence): number => (sign > 0 ? weight : -DISLIKE_WEIGHT * weight);
