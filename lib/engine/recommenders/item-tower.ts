import type { ItemTowerColumns } from '../../format/item-tower';
import { dequantiseRows } from '../../format/latent';
import type { SparseMatrix } from '../../math/sparse';

/**
 * The item tower: factors for an item that nobody chose yet, as the sum over its content terms of TF-IDF times the
 * term's factors. A linear map, so that a score stays a sum of terms (pipeline/train/train-item-tower.ts learns it).
 */
export class ItemTower {
  private readonly dims: number;
  /** By term of the tower: its factors, and … */
  private readonly factors: Float32Array;
  /** … by content term: its number in the tower, −1 where it has no factors. */
  private readonly numbers: Int32Array;
  private content: SparseMatrix;
  /** By term of the tower: the inner product of its factors with the current user's … */
  private readonly termScores: Float32Array;
  /** … found for the user of this number. */
  private readonly scoredFor: Uint32Array;
  private users = 0;

  /** @param content TF-IDF rows of the catalog */
  constructor({ dims, termCount, terms, quantised, scales }: ItemTowerColumns, content: SparseMatrix) {
    this.dims = dims;
    this.factors = dequantiseRows(quantised, scales, dims);
    this.numbers = new Int32Array(termCount).fill(-1);
    terms.forEach((term, number) => {
      this.numbers[term] = number;
    });
    this.content = content;
    this.termScores = new Float32Array(terms.length);
    this.scoredFor = new Uint32Array(terms.length);
  }

  /** Reads the terms of items from `content` from now on. */
  readRows(content: SparseMatrix): void {
    this.content = content;
  }

  /** The factors of a catalog row, dims; null where none of its terms was met in training. */
  factorsOf(row: number): Float32Array | null {
    const { dims, factors: termFactors, numbers, content } = this;
    let factors: Float32Array | null = null;
    for (let i = content.offsets[row]; i < content.offsets[row + 1]; i++) {
      const term = numbers[content.columns[i]];
      if (term < 0) continue;
      factors ??= new Float32Array(dims);
      for (let d = 0; d < dims; d++) factors[d] += content.values[i] * termFactors[term * dims + d];
    }
    return factors;
  }

  /**
   * The inner product of a user's factors with those of rows, null where {@link factorsOf} is: the map is linear, so that
   * each term is multiplied out once, whatever the number of items that have it. Valid until the next user's.
   */
  scorer(user: Float32Array): (row: number) => number | null {
    const { dims, factors, numbers, termScores, scoredFor, content } = this;
    const number = ++this.users;
    return (row) => {
      let score: number | null = null;
      for (let i = content.offsets[row]; i < content.offsets[row + 1]; i++) {
        const term = numbers[content.columns[i]];
        if (term < 0) continue;
        if (scoredFor[term] !== number) {
          let product = 0;
          for (let d = 0; d < dims; d++) product += user[d] * factors[term * dims + d];
          termScores[term] = product;
          scoredFor[term] = number;
        }
        score = (score ?? 0) + content.values[i] * termScores[term];
      }
      return score;
    };
  }
}
