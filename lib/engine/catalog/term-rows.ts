import { type SparseMatrix, transpose } from '../../math/sparse';
import { rowLengths } from './tfidf';

/** The TF-IDF rows of one segment of the catalog. */
export interface TermSegment {
  /** Items of the segment × terms. */
  matrix: SparseMatrix;
  /** Euclidean length by row. */
  lengths: Float32Array;
  /** The matrix by term; null for a segment of so few rows that reading them all costs less. */
  postings: SparseMatrix | null;
}

/**
 * @param matrix items of the segment × terms
 * @param termCount how many terms there are; 0 for a segment without posting lists
 */
export const termSegment = (matrix: SparseMatrix, termCount: number): TermSegment => ({
  matrix,
  lengths: rowLengths(matrix),
  postings: termCount > 0 ? transpose(matrix, termCount) : null,
});

/** The TF-IDF rows of all segments, by catalog row. Immutable. */
export class TermRows {
  readonly segments: readonly (TermSegment & { first: number })[];
  /** Rows of all segments. */
  readonly size: number;
  readonly termCount: number;

  constructor(segments: readonly TermSegment[], termCount: number) {
    let size = 0;
    this.segments = segments.map((segment) => {
      const first = size;
      size += segment.lengths.length;
      return { ...segment, first };
    });
    this.size = size;
    this.termCount = termCount;
  }

  /** The segment of a row; its row 0 is row `first` of the catalog. */
  segmentOf(row: number): TermSegment & { first: number } {
    const { segments } = this;
    let last = segments.length - 1;
    while (segments[last].first > row) last--;
    return segments[last];
  }

  /** The Euclidean length of a row, at least a positive number. */
  lengthOf(row: number): number {
    const { first, lengths } = this.segmentOf(row);
    return lengths[row - first];
  }

  /** Calls back with each term of a row, ascending, and its weight. */
  forEachTerm(row: number, visit: (term: number, weight: number) => void): void {
    const { first, matrix } = this.segmentOf(row);
    const { offsets, columns, values } = matrix;
    for (let i = offsets[row - first], end = offsets[row - first + 1]; i < end; i++) visit(columns[i], values[i]);
  }

  /** Whether an item has a term. */
  hasTerm(row: number, term: number): boolean {
    const { first, matrix } = this.segmentOf(row);
    const { offsets, columns } = matrix;
    for (let i = offsets[row - first]; i < offsets[row - first + 1]; i++) if (columns[i] === term) return true;
    return false;
  }

  /** The inner product of a row with a dense vector by term. */
  product(row: number, vector: Float32Array): number {
    const { first, matrix } = this.segmentOf(row);
    const { offsets, columns, values } = matrix;
    let product = 0;
    for (let i = offsets[row - first], end = offsets[row - first + 1]; i < end; i++)
      product += vector[columns[i]] * values[i];
    return product;
  }

  /** The cosine of two items, 0 … 1. */
  similarity(a: number, b: number): number {
    const [segmentA, segmentB] = [this.segmentOf(a), this.segmentOf(b)];
    const [rowA, rowB] = [a - segmentA.first, b - segmentB.first];
    const [matrixA, matrixB] = [segmentA.matrix, segmentB.matrix];
    let [i, j] = [matrixA.offsets[rowA], matrixB.offsets[rowB]];
    const [endA, endB] = [matrixA.offsets[rowA + 1], matrixB.offsets[rowB + 1]];
    let product = 0;
    while (i < endA && j < endB) {
      if (matrixA.columns[i] < matrixB.columns[j]) i++;
      else if (matrixA.columns[i] > matrixB.columns[j]) j++;
      else product += matrixA.values[i++] * matrixB.values[j++];
    }
    return product / (segmentA.lengths[rowA] * segmentB.lengths[rowB]);
  }

  /** Terms that two items share, the largest product of weights first. */
  sharedTerms(a: number, b: number): number[] {
    const [segmentA, segmentB] = [this.segmentOf(a), this.segmentOf(b)];
    const [rowA, rowB] = [a - segmentA.first, b - segmentB.first];
    const [matrixA, matrixB] = [segmentA.matrix, segmentB.matrix];
    const [endA, endB] = [matrixA.offsets[rowA + 1], matrixB.offsets[rowB + 1]];
    const shared: { term: number; weight: number }[] = [];
    for (let i = matrixA.offsets[rowA], j = matrixB.offsets[rowB]; i < endA && j < endB; ) {
      const [termA, termB] = [matrixA.columns[i], matrixB.columns[j]];
      if (termA < termB) i++;
      else if (termA > termB) j++;
      else {
        const weight = matrixA.values[i++] * matrixB.values[j++];
        if (weight > 0) shared.push({ term: termA, weight });
      }
    }
    return shared.sort((x, y) => y.weight - x.weight).map(({ term }) => term);
  }
}
