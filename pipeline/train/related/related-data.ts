import { weighTerms } from '../../../lib/engine/catalog/tfidf';
import { type SparseMatrix, type SparseRows, sliceRows, transpose } from '../../../lib/math/sparse';
import type { Dataset } from '../../dataset/dataset';
import { cardTagField } from '../../features/card-field';
import { extractTerms } from '../../features/terms';
import { getOrSet } from '../../ingest/text';
import { toSharedArray, toSharedRows } from '../shared-memory';
import type { RelatedData, TermMatrix } from './related-features';

/** Ratings by which a mean is shrunk towards that of all: few ratings say little. */
const RATING_PRIOR = 200;
/** Items with fewer likes are in no list, unless people elsewhere know them. */
const MIN_LIKES = 2;

/**
 * Prepares the features of a data set, in shared memory.
 *
 * @param byItem likes by item
 * @param termRows TF-IDF of every item
 */
export function prepareRelatedData(dataset: Dataset, byItem: SparseRows, termRows: SparseMatrix): RelatedData {
  const { config, items, warmItems, popularity, externalPopularity } = dataset;
  const warm = items.slice(0, warmItems);
  const card = cardTagField(config);
  const onlyFields = (fields: typeof config.fields) =>
    termMatrix(
      weighTerms(
        extractTerms(
          warm,
          fields.map((field) => ({ ...field, weight: 1 })),
        ),
      ),
    );
  const contentRows = firstRows(termRows, warmItems);
  const { creatorOf, creatorTerms } = poolByCreator(dataset, contentRows);
  const known = externalPopularity ?? popularity;
  return {
    content: termMatrix(contentRows),
    card: onlyFields(config.fields.filter(({ name }) => name === card)),
    text: onlyFields(config.fields.filter(({ kind, name }) => kind === 'text' && name !== 'title')),
    creatorTerms: termMatrix(creatorTerms),
    creatorOf: toSharedArray(creatorOf),
    workOf: toSharedArray(numberTitles(warm.map(({ title }) => title))),
    users: toSharedRows(dataset.likes),
    items: toSharedRows(byItem),
    popularity: toSharedArray(Float32Array.from({ length: warmItems }, (_, row) => Math.log1p(known[row]))),
    quality: toSharedArray(shrunkRatings(dataset)),
    candidates: toSharedArray(
      Uint32Array.from(
        Array.from({ length: warmItems }, (_, row) => row).filter(
          (row) => popularity[row] >= MIN_LIKES || (externalPopularity?.[row] ?? 0) >= MIN_LIKES,
        ),
      ),
    ),
  };
}

/** The mean rating of every warm item, shrunk towards the mean of all (Bayesian average); 0 where there are none. */
function shrunkRatings({ warmItems, popularity, externalPopularity, ratings }: Dataset): Float32Array {
  if (!ratings) return new Float32Array(warmItems);
  const known = externalPopularity ?? popularity;
  let sum = 0;
  let weights = 0;
  for (let row = 0; row < warmItems; row++) {
    if (Number.isNaN(ratings[row])) continue;
    sum += known[row] * ratings[row];
    weights += known[row];
  }
  const mean = sum / Math.max(1, weights);
  return Float32Array.from({ length: warmItems }, (_, row) =>
    Number.isNaN(ratings[row]) ? mean : (known[row] * ratings[row] + RATING_PRIOR * mean) / (known[row] + RATING_PRIOR),
  );
}

/** A number for every title; the same for spellings and cuts of one, such as "Brazil (Director's Cut)". */
function numberTitles(titles: readonly string[]): Uint32Array {
  const numbers = new Map<string, number>();
  return Uint32Array.from(titles, (title) => {
    const bare = title.replace(/[([].*$/, '').trim() || title;
    const key =
      bare
        .normalize('NFKD')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]/gu, '') || title;
    return getOrSet(numbers, key, () => numbers.size);
  });
}

/** The mean row of each creator's items; an item counts for its first creator. */
function poolByCreator(
  { items, warmItems }: Dataset,
  rows: SparseMatrix,
): { creatorOf: Uint32Array; creatorTerms: SparseMatrix } {
  const numbers = new Map<string, number>();
  const first = items.slice(0, warmItems).map(({ creators }) => creators?.[0]);
  for (const name of first) if (name !== undefined && !numbers.has(name)) numbers.set(name, numbers.size);
  const none = numbers.size;
  const creatorOf = Uint32Array.from(first, (name) => (name === undefined ? none : numbers.get(name)!));
  const sums: Map<number, number>[] = Array.from({ length: none + 1 }, () => new Map());
  for (let row = 0; row < warmItems; row++) {
    if (creatorOf[row] === none) continue;
    const sum = sums[creatorOf[row]];
    for (let i = rows.offsets[row]; i < rows.offsets[row + 1]; i++)
      sum.set(rows.columns[i], (sum.get(rows.columns[i]) ?? 0) + rows.values[i]);
  }
  const offsets = new Uint32Array(none + 2);
  const columns: number[] = [];
  const values: number[] = [];
  sums.forEach((sum, creator) => {
    let squares = 0;
    for (const value of sum.values()) squares += value * value;
    for (const [term, value] of [...sum].sort(([a], [b]) => a - b)) {
      columns.push(term);
      values.push(value / Math.sqrt(squares));
    }
    offsets[creator + 1] = columns.length;
  });
  return {
    creatorOf,
    creatorTerms: { offsets, columns: Uint32Array.from(columns), values: Float32Array.from(values) },
  };
}

function firstRows(matrix: SparseMatrix, count: number): SparseMatrix {
  return { ...sliceRows(matrix, 0, count), values: matrix.values.slice(0, matrix.offsets[count]) };
}

/** A matrix and its posting lists, in shared memory. */
function termMatrix(rows: SparseMatrix): TermMatrix {
  const termCount = rows.columns.reduce((most, term) => Math.max(most, term + 1), 0);
  const postings = transpose(rows, termCount);
  return { rows: shareMatrix(rows), postings: shareMatrix(postings) };
}

function shareMatrix(matrix: SparseMatrix): SparseMatrix {
  return { ...toSharedRows(matrix), values: toSharedArray(matrix.values) };
}
