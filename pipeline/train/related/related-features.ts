import { rowCount, type SparseMatrix, type SparseRows } from '../../../lib/math/sparse';

/** What the relatedness of two items is computed from, in the order of the weights that `fit-related.ts` finds. */
export const RELATED_FEATURES = [
  /** √ of the inner product of TF-IDF rows: all facts with the weights of their fields. */
  'content',
  /** The same by the field that cards show alone, such as genres. */
  'card',
  /** The same by the words of running text. */
  'text',
  /** The same by all that the creators' items have, so that an item without tags shares those of its creator. */
  'creators',
  /** Smoothed logarithm of the users who chose both over those expected by chance (PMI; Church & Hanks 1990). */
  'together',
  /** Logarithm of how many people know the item. */
  'popularity',
  /** Its square: the most popular items need not gain from being still more popular. */
  'popularitySquared',
  /** Mean rating, shrunk. */
  'quality',
] as const;
export type RelatedFeature = (typeof RELATED_FEATURES)[number];

/** Pseudocounts of `together`: pairs that few users could have chosen are near 0. */
const OBSERVED_PSEUDOCOUNT = 0.3;
const EXPECTED_PSEUDOCOUNT = 0.5;
const MIN_TOGETHER = -2;

/** Items by terms, and the same by term. */
export interface TermMatrix {
  rows: SparseMatrix;
  postings: SparseMatrix;
}

/** The data of the features, in shared memory where threads use it. All rows are warm items. */
export interface RelatedData {
  content: TermMatrix;
  card: TermMatrix;
  text: TermMatrix;
  /** Rows are creators; the last one is "no creator" and empty. */
  creatorTerms: TermMatrix;
  /** By item: the row of its first creator. */
  creatorOf: Uint32Array;
  /** By item: the number of its title. Items with the same title are other cuts, remakes or covers of one work. */
  workOf: Uint32Array;
  /** Likes by user and by item. */
  users: SparseRows;
  items: SparseRows;
  popularity: Float32Array;
  quality: Float32Array;
  /** Items that may be in a list. */
  candidates: Uint32Array;
}

/** Computes the features of one item after another; reuses its buffers. */
export class RelatedFeatures {
  private readonly data: RelatedData;
  private readonly userCount: number;
  private readonly common: Uint32Array;
  private readonly products: Float32Array;
  private readonly creatorProducts: Float32Array;
  /** By feature: z-scores, parallel to the candidates. */
  readonly columns: Float32Array[];

  constructor(data: RelatedData) {
    const itemCount = rowCount(data.items);
    this.data = data;
    this.userCount = rowCount(data.users);
    this.common = new Uint32Array(itemCount);
    this.products = new Float32Array(itemCount);
    this.creatorProducts = new Float32Array(rowCount(data.creatorTerms.rows));
    this.columns = RELATED_FEATURES.map(() => new Float32Array(data.candidates.length));
    const set = (feature: RelatedFeature, value: (row: number) => number) => {
      const column = this.column(feature);
      for (let i = 0; i < column.length; i++) column[i] = value(data.candidates[i]);
      standardise(column);
    };
    set('popularity', (row) => data.popularity[row]);
    set('popularitySquared', (row) => data.popularity[row] ** 2);
    set('quality', (row) => data.quality[row]);
  }

  /** Fills {@link columns} with the features of every candidate for a list about `seed`. */
  compute(seed: number): readonly Float32Array[] {
    const { data, products, creatorProducts } = this;
    const { candidates, creatorOf } = data;
    for (const feature of ['content', 'card', 'text'] as const) {
      multiply(data[feature], seed, products);
      this.fill(feature, (row) => Math.sqrt(products[row]));
    }
    multiply(data.creatorTerms, creatorOf[seed], creatorProducts);
    // The creator's own items are as like it as those of the nearest other creator: lists are not about one name.
    const own = creatorOf[seed];
    creatorProducts[own] = 0;
    creatorProducts[own] = creatorProducts.reduce((most, product) => Math.max(most, product), 0);
    this.fill('creators', (row) => Math.sqrt(creatorProducts[creatorOf[row]]));
    this.fillTogether(seed, candidates);
    return this.columns;
  }

  private column(feature: RelatedFeature): Float32Array {
    return this.columns[RELATED_FEATURES.indexOf(feature)];
  }

  private fill(feature: RelatedFeature, value: (row: number) => number): void {
    const { candidates } = this.data;
    const column = this.column(feature);
    for (let i = 0; i < column.length; i++) column[i] = value(candidates[i]);
    standardise(column);
  }

  private fillTogether(seed: number, candidates: Uint32Array): void {
    const { users, items } = this.data;
    const { common, userCount } = this;
    common.fill(0);
    for (let i = items.offsets[seed]; i < items.offsets[seed + 1]; i++) {
      const user = items.columns[i];
      for (let j = users.offsets[user]; j < users.offsets[user + 1]; j++) common[users.columns[j]]++;
    }
    const share = (items.offsets[seed + 1] - items.offsets[seed]) / Math.max(1, userCount);
    const column = this.column('together');
    for (let i = 0; i < column.length; i++) {
      const row = candidates[i];
      const expected = share * (items.offsets[row + 1] - items.offsets[row]);
      const ratio = (common[row] + OBSERVED_PSEUDOCOUNT) / (expected + EXPECTED_PSEUDOCOUNT);
      column[i] = Math.max(MIN_TOGETHER, Math.log(ratio));
    }
    standardise(column);
  }
}

/** Inner products of one row with every row, through the posting lists. */
function multiply({ rows, postings }: TermMatrix, row: number, products: Float32Array): void {
  products.fill(0);
  for (let i = rows.offsets[row]; i < rows.offsets[row + 1]; i++) {
    const term = rows.columns[i];
    const weight = rows.values[i];
    for (let j = postings.offsets[term]; j < postings.offsets[term + 1]; j++)
      products[postings.columns[j]] += weight * postings.values[j];
  }
}

/** Scales a column to mean 0 and standard deviation 1; a constant one to 0. */
function standardise(column: Float32Array): void {
  let sum = 0;
  let sumOfSquares = 0;
  for (let i = 0; i < column.length; i++) {
    sum += column[i];
    sumOfSquares += column[i] * column[i];
  }
  const mean = sum / Math.max(1, column.length);
  const variance = sumOfSquares / Math.max(1, column.length) - mean * mean;
  const scale = variance > 1e-9 * (1 + mean * mean) ? 1 / Math.sqrt(variance) : 0;
  for (let i = 0; i < column.length; i++) column[i] = (column[i] - mean) * scale;
}
