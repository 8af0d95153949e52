import type { ContentColumns } from '../../format/content';
import { MAX_FREQUENCY } from '../../format/derived';
import { type SparseMatrix, toSparseRows } from '../../math/sparse';

/**
 * How far a row's length is divided out. 1 would make every product a cosine, which favours items of which little is
 * known: three genres match three genres perfectly. 0 would favour those of which most is known. Between them lies the
 * idea of pivoted length normalisation (Singhal, Buckley & Mitra 1996); docs/adr/0003 has the figures.
 */
const LENGTH_EXPONENT = 0.5;

/**
 * TF-IDF rows (Salton & Buckley 1988): a term of field weight w that occurs f times in an item and in n of N items
 * weighs w · (1 + ln f) · ln(1 + N / n), over the length of the row to the power of {@link LENGTH_EXPONENT}.
 *
 * @param itemCount N, the rows of the whole catalog; `content` may hold the first of them alone
 */
export function weighTerms(content: ContentColumns, itemCount = content.rows.offsets.length - 1): SparseMatrix {
  const { offsets, columns } = content.rows;
  const values = new Float32Array(columns.length);
  const frequencyWeights = Float64Array.from({ length: MAX_FREQUENCY + 1 }, (_, f) => frequencyWeight(f));
  const termWeights = Float32Array.from(content.documentFrequency, (_, term) => termWeight(content, term, itemCount));
  for (let row = 0; row + 1 < offsets.length; row++) {
    const [begin, end] = [offsets[row], offsets[row + 1]];
    for (let i = begin; i < end; i++) values[i] = frequencyWeights[content.frequencies[i]] * termWeights[columns[i]];
    divideLength(values.subarray(begin, end));
  }
  return { offsets, columns, values };
}

/** Terms of one item, ascending, and how often each occurs. */
export interface TermCounts {
  terms: Uint32Array;
  /** Parallel to the terms. */
  frequencies: Uint8Array;
}

/** As {@link weighTerms}, for items that are not in the catalog: their documents do not count. */
export function weighRows(content: ContentColumns, itemCount: number, items: readonly TermCounts[]): SparseMatrix {
  const { offsets, columns } = toSparseRows(items.map(({ terms }) => [...terms]));
  const values = new Float32Array(columns.length);
  items.forEach(({ terms, frequencies }, row) => {
    const weights = values.subarray(offsets[row], offsets[row + 1]);
    for (let i = 0; i < terms.length; i++)
      weights[i] = frequencyWeight(frequencies[i]) * Math.fround(termWeight(content, terms[i], itemCount));
    divideLength(weights);
  });
  return { offsets, columns, values };
}

const frequencyWeight = (frequency: number): number => (frequency > 0 ? 1 + Math.log(frequency) : 0);

const termWeight = ({ fields, termFields, documentFrequency }: ContentColumns, term: number, itemCount: number) =>
  fields[termFields[term]].weight * Math.log(1 + itemCount / Math.max(1, documentFrequency[term]));

function divideLength(weights: Float32Array): void {
  let squares = 0;
  for (let i = 0; i < weights.length; i++) squares += weights[i] ** 2;
  const divisor = squares ** (LENGTH_EXPONENT / 2) || 1;
  for (let i = 0; i < weights.length; i++) weights[i] /= divisor;
}

/** The length of every row, 1 for an empty one. */
export function rowLengths(matrix: SparseMatrix): Float32Array {
  const lengths = new Float32Array(matrix.offsets.length - 1);
  for (let row = 0; row < lengths.length; row++) {
    let squares = 0;
    for (let i = matrix.offsets[row]; i < matrix.offsets[row + 1]; i++) squares += matrix.values[i] ** 2;
    lengths[row] = Math.sqrt(squares) || 1;
  }
  return lengths;
}
