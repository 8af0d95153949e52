import type { ItemTowerColumns } from '../../format/item-tower';
import { dequantiseRows } from '../../format/latent';
import type { TermRows } from '../catalog/term-rows';

/**
 * The item tower: factors for an item without interactions, as the sum over its content terms of TF-IDF times the
 * term's factors. A linear map, so that a score stays a sum over terms (trained in pipeline/train/train-item-tower.ts).
 */
export class ItemTower {
  readonly columns: ItemTowerColumns;
  /** Tower terms × dims. */
  private readonly factors: Float32Array;
  /** By content term: its number in the tower, −1 where it has no factors. */
  private readonly numbers: Int32Array;
  private rows: TermRows;
  /** By tower term: the inner product of its factors with those of the user numbered in `scoredFor`. */
  private readonly termScores: Float32Array;
  private readonly scoredFor: Uint32Array;
  private users = 0;

  /** @param rows TF-IDF rows of the catalog */
  constructor(columns: ItemTowerColumns, rows: TermRows) {
    const { dims, termCount, terms, quantised, scales } = columns;
    this.columns = columns;
    this.factors = dequantiseRows(quantised, scales, dims);
    this.numbers = new Int32Array(termCount).fill(-1);
    terms.forEach((term, number) => {
      this.numbers[term] = number;
    });
    this.rows = rows;
    this.termScores = new Float32Array(terms.length);
    this.scoredFor = new Uint32Array(terms.length);
  }

  /** Reads the terms of items from `rows` from now on. */
  setRows(rows: TermRows): void {
    this.rows = rows;
  }

  /** The factors of a catalog row, dims; null where none of its terms has factors. */
  factorsOf(row: number): Float32Array | null {
    const { dims } = this.columns;
    const { factors: termFactors, numbers } = this;
    let factors: Float32Array | null = null;
    this.rows.forEachTerm(row, (contentTerm, weight) => {
      const term = numbers[contentTerm];
      if (term < 0) return;
      factors ??= new Float32Array(dims);
      for (let d = 0; d < dims; d++) factors[d] += weight * termFactors[term * dims + d];
    });
    return factors;
  }

  /**
   * Scores rows for one user: the inner product of the user's factors with those of {@link factorsOf}, null where that
   * is null. The map is linear, so each term is multiplied out once, whatever the number of items that have it.
   *
   * @param user dims
   * @returns valid until the next call
   */
  scorer(user: Float32Array): (row: number) => number | null {
    const { dims } = this.columns;
    const { factors, numbers, termScores, scoredFor, rows } = this;
    const number = ++this.users;
    return (row) => {
      const { first, matrix } = rows.segmentOf(row);
      const { offsets, columns, values } = matrix;
      let score: number | null = null;
      for (let i = offsets[row - first]; i < offsets[row - first + 1]; i++) {
        const term = numbers[columns[i]];
        if (term < 0) continue;
        if (scoredFor[term] !== number) {
          let product = 0;
          for (let d = 0; d < dims; d++) product += user[d] * factors[term * dims + d];
          termScores[term] = product;
          scoredFor[term] = number;
        }
        score = (score ?? 0) + values[i] * termScores[term];
      }
      return score;
    };
  }
}
