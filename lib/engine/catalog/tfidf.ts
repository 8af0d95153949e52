import type { ContentColumns } from '../../format/content';
import { MAX_FREQUENCY } from '../../format/derived';
import { type SparseMatrix, type SparseRows, toSparseRows } from '../../math/sparse';

/**
 * How far a row's length is divided out. 1 would make every product a cosine, which favours items with few known terms:
 * three genres match three genres perfectly. 0 would favour items with many. In between is the idea of pivoted length
 * normalisation (Singhal, Buckley & Mitra 1996); docs/adr/0003 has the figures.
 */
const LENGTH_EXPONENT = 0.5;

/** What the weight of a term depends on, by term number. */
export type TermStatistics = Pick<ContentColumns, 'fields' | 'termFields' | 'documentFrequency'>;

/** Rows of term numbers, and how often each term occurs in its item. */
export interface TermFrequencies {
  rows: SparseRows;
  /** Parallel to `rows.columns`. */
  frequencies: Uint8Array;
}

/**
 * TF-IDF rows (Salton & Buckley 1988): a term of field weight w that occurs f times in an item and in n of N items
 * weighs w · (1 + ln f) · ln(1 + N / n), divided by the length of the row to the power of {@link LENGTH_EXPONENT}.
 *
 * @param content term numbers and frequencies, items × terms
 * @param itemCount N, the items of the whole catalog; `content` may hold a part of them
 * @param statistics of every term that `content` names; its own by default
 */
export function weighTerms(
  content: TermFrequencies & Partial<TermStatistics>,
  itemCount: number,
  statistics: TermStatistics,
): SparseMatrix;
export function weighTerms(content: ContentColumns, itemCount?: number): SparseMatrix;
export function weighTerms(
  content: TermFrequencies & Partial<TermStatistics>,
  itemCount = content.rows.offsets.length - 1,
  statistics = content as TermStatistics,
): SparseMatrix {
  const { offsets, columns } = content.rows;
  const values = new Float32Array(columns.length);
  const frequencyWeights = Float64Array.from({ length: MAX_FREQUENCY + 1 }, (_, f) => frequencyWeight(f));
  const termWeights = Float32Array.from(statistics.documentFrequency, (_, term) =>
    termWeight(statistics, term, itemCount),
  );
  for (let row = 0; row + 1 < offsets.length; row++) {
    const [begin, end] = [offsets[row], offsets[row + 1]];
    for (let i = begin; i < end; i++) values[i] = frequencyWeights[content.frequencies[i]] * termWeights[columns[i]];
    divideByLength(values.subarray(begin, end));
  }
  return { offsets, columns, values };
}

/** The terms of one item, ascending, and how often each occurs. */
export interface TermCounts {
  terms: Uint32Array;
  /** Parallel to the terms. */
  frequencies: Uint8Array;
}

/**
 * The same weights for a few items that the catalog does not have; they do not change the document frequencies.
 *
 * @param itemCount N, the items of the catalog
 * @returns items × terms
 */
export function weighItems(statistics: TermStatistics, itemCount: number, items: readonly TermCounts[]): SparseMatrix {
  const { offsets, columns } = toSparseRows(items.map(({ terms }) => [...terms]));
  const values = new Float32Array(columns.length);
  items.forEach(({ terms, frequencies }, row) => {
    const weights = values.subarray(offsets[row], offsets[row + 1]);
    for (let i = 0; i < terms.length; i++)
      weights[i] = frequencyWeight(frequencies[i]) * Math.fround(termWeight(statistics, terms[i], itemCount));
    divideByLength(weights);
  });
  return { offsets, columns, values };
}

const frequencyWeight = (frequency: number): number => (frequency > 0 ? 1 + Math.log(frequency) : 0);

const termWeight = ({ fields, termFields, documentFrequency }: TermStatistics, term: number, itemCount: number) =>
  fields[termFields[term]].weight * Math.log(1 + itemCount / Math.max(1, documentFrequency[term]));

function divideByLength(weights: Float32Array): void {
  let squares = 0;
  for (let i = 0; i < weights.length; i++) squares += weights[i] ** 2;
  const divisor = squares ** (LENGTH_EXPONENT / 2) || 1;
  for (let i = 0; i < weights.length; i++) weights[i] /= divisor;
}

/** The Euclidean length of every row; 1 for an empty one, which is a divisor. */
export function rowLengths(matrix: SparseMatrix): Float32Array {
  const lengths = new Float32Array(matrix.offsets.length - 1);
  for (let row = 0; row < lengths.length; row++) {
    let squares = 0;
    for (let i = matrix.offsets[row]; i < matrix.offsets[row + 1]; i++) squares += matrix.values[i] ** 2;
    lengths[row] = Math.sqrt(squares) || 1;
  }
  return lengths;
}
