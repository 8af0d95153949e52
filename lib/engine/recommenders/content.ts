import { BestRows } from '../../math/top-k';
import type { TermRows } from '../catalog/term-rows';
import {
  type Evidence,
  moments,
  type ProfileContext,
  type Recommender,
  type SignalProfile,
  signedWeight,
} from './recommender';

/** What it reads of a domain's data. */
export interface ContentData {
  terms: TermRows;
  /** The first rows of the catalog, over which mean and deviation are taken. */
  calibrationRows: number;
}

/** Similarity of the items to a profile that is the weighted sum of what the user likes (Rocchio 1971). */
export class ContentRecommender implements Recommender {
  readonly signal = 'content';
  // The gate was trained with its confidence as an input in collaborative mode too.
  readonly modes = ['hybrid', 'content', 'collaborative'] as const;
  readonly dependsOn = 'evidence';
  readonly quota = { strategy: 'similar', share: 1 } as const;
  readonly weight = 'learned';
  private terms!: TermRows;
  private calibrationRows = 0;
  private averageLength = 0;
  /** The current profile by term, of length 1, and the terms that are not 0 in it. */
  private profileByTerm!: Float32Array;
  private profileTerms: number[] = [];
  /** Scores of the current profile, by row. */
  private scores!: Float32Array;
  /** A dense row for inner products of two items; all zero between calls. */
  private scratch!: Float32Array;

  constructor(data: ContentData) {
    this.setData(data);
  }

  setData({ terms, calibrationRows }: ContentData): void {
    this.terms = terms;
    this.calibrationRows = calibrationRows;
    let lengths = 0;
    for (let row = 0; row < calibrationRows; row++) lengths += terms.lengthOf(row);
    this.averageLength = lengths / Math.max(1, calibrationRows);
    this.profileByTerm = new Float32Array(terms.termCount);
    this.profileTerms = [];
    this.scores = new Float32Array(terms.size);
    this.scratch = new Float32Array(terms.termCount);
  }

  profile({ evidence }: Pick<ProfileContext, 'evidence'>): SignalProfile | null {
    const norm = this.buildProfile(evidence);
    if (norm === 0) return null;
    const { scores, calibrationRows } = this;
    this.scoreRows();
    let sum = 0;
    let sumOfSquares = 0;
    for (let row = 0; row < calibrationRows; row++) {
      const score = scores[row];
      sum += score;
      sumOfSquares += score * score;
    }
    // A row that shares no term with the profile is no candidate: its place passes on (docs/adr/0009).
    const best = new BestRows(scores, 0);
    return {
      ...moments(sum, sumOfSquares, calibrationRows),
      coherence: Math.min(1, norm / this.lengthIfAligned(evidence)),
      score: (row) => scores[row],
      candidates: (limit) => best.first(limit),
      contributions: (row) => this.contributions(row, evidence, norm),
    };
  }

  /**
   * Makes the profile of some evidence the current one, scaled to length 1.
   *
   * @returns its length before scaling; 0 for an empty profile
   */
  private buildProfile(evidence: readonly Evidence[]): number {
    const profile = this.profileByTerm;
    for (const term of this.profileTerms) profile[term] = 0;
    const terms: number[] = [];
    const add = (term: number, value: number) => {
      if (profile[term] === 0) terms.push(term);
      profile[term] += value;
    };
    for (const entry of evidence) {
      const factor = signedWeight(entry);
      if (entry.source.kind === 'item')
        this.terms.forEachTerm(entry.source.row, (term, weight) => add(term, factor * weight));
      else for (const term of entry.terms) add(term, factor * this.interestValue(entry));
    }
    // A term may be listed twice, where a like and a dislike cancelled out in between.
    this.profileTerms = [...new Set(terms)].sort((a, b) => a - b);
    let squares = 0;
    for (const term of this.profileTerms) squares += profile[term] ** 2;
    const norm = Math.sqrt(squares);
    if (norm > 0) for (const term of this.profileTerms) profile[term] /= norm;
    return norm;
  }

  /** Scores term by term through the posting lists: terms that the user's items do not have cost nothing. */
  private scoreRows(): void {
    const { scores, profileByTerm, profileTerms } = this;
    scores.fill(0);
    for (const { first, lengths, postings } of this.terms.segments) {
      if (!postings) {
        for (let row = first; row < first + lengths.length; row++) scores[row] = this.terms.product(row, profileByTerm);
        continue;
      }
      const { offsets, columns, values } = postings;
      const termCount = offsets.length - 1;
      for (const term of profileTerms) {
        // The segments after the head have further terms, which come last.
        if (term >= termCount) break;
        const weight = profileByTerm[term];
        for (let i = offsets[term], end = offsets[term + 1]; i < end; i++)
          scores[first + columns[i]] += weight * values[i];
      }
    }
  }

  /** The length that the profile would have if all evidence pointed the same way. */
  private lengthIfAligned(evidence: readonly Evidence[]): number {
    return evidence.reduce((sum, entry) => {
      const length = entry.source.kind === 'item' ? this.terms.lengthOf(entry.source.row) : this.averageLength;
      return sum + Math.abs(signedWeight(entry)) * length;
    }, 0);
  }

  private contributions(row: number, evidence: readonly Evidence[], norm: number): Float64Array {
    const { scratch, terms } = this;
    terms.forEachTerm(row, (term, weight) => {
      scratch[term] = weight;
    });
    const parts = new Float64Array(evidence.length);
    evidence.forEach((entry, i) => {
      const factor = signedWeight(entry) / norm;
      if (entry.source.kind === 'item') parts[i] = factor * terms.product(entry.source.row, scratch);
      else for (const term of entry.terms) parts[i] += factor * this.interestValue(entry) * scratch[term];
    });
    terms.forEachTerm(row, (term) => {
      scratch[term] = 0;
    });
    return parts;
  }

  /** An interest has the length of an average item, shared out among its terms. */
  private interestValue({ terms }: Evidence): number {
    return terms.length > 0 ? this.averageLength / Math.sqrt(terms.length) : 0;
  }
}
