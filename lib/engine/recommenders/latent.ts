import type { ItemTowerColumns } from '../../format/item-tower';
import { dequantiseRows, type LatentColumns } from '../../format/latent';
import { dotRow, gram } from '../../math/linear-algebra';
import type { Mlp } from '../../math/mlp';
import type { SparseMatrix } from '../../math/sparse';
import { TopK } from '../../math/top-k';
import { ScanIndex } from '../vector-index/scan-index';
import type { VectorIndex } from '../vector-index/vector-index';
import { type FoldInParameters, foldIn, type Observation } from './fold-in';
import { ItemTower } from './item-tower';
import { type Evidence, moments, type Recommender, type SignalProfile } from './recommender';
import { runTower, type TowerEvidence, towerInput } from './user-tower';

/** The score that a disliked item is asked to have, where a liked one is asked for 1 and any other for 0. */
const DISLIKE_TARGET = -0.5;

/**
 * A graph is walked for the nearest few. For more than this share of all vectors (after a very long history) the walk
 * costs more than to scan them all.
 */
const MOST_APPROXIMATE = 0.2;

/** A user in the latent space, however found. */
interface LatentUser {
  factors: Float32Array;
  /** How much each piece of the evidence that was used brings to the score of an item with the given factors. */
  contributions(item: Float32Array): Float64Array;
}

/** How to find the user's factors where it is not by the fold-in. */
export interface TowerRun {
  tower: Mlp;
  /** Of the tower for this user, where it ran elsewhere. */
  output?: Float32Array;
}

/**
 * Matrix factors: the user is folded in by one linear solve, or found by the user tower; candidates come from a vector
 * index; items that nobody chose yet get their factors from the item tower.
 */
export class LatentRecommender implements Recommender {
  readonly signal = 'latent';
  /** How many of the first catalog rows have factors. */
  readonly size: number;
  readonly dims: number;
  private readonly columns: LatentColumns;
  private readonly norms: Float32Array;
  private readonly parameters: FoldInParameters;
  private readonly mean: Float64Array;
  private readonly exact: ScanIndex;
  private approximate: VectorIndex | undefined;
  private servedBy: VectorIndex['kind'] = 'exact';
  private itemTower: ItemTower | null = null;
  /** The first row that was added to the catalog … */
  private firstAdded = 0;
  /** … and, by added row, the factors that were given with it. */
  private added: readonly (Float32Array | null)[] = [];

  constructor(latent: LatentColumns) {
    const { dims, itemCount, unobservedWeight, regularization } = latent;
    this.columns = latent;
    this.dims = dims;
    this.size = itemCount;
    const factors = this.itemFactors();
    this.norms = new Float32Array(this.size);
    this.mean = new Float64Array(dims);
    for (let row = 0; row < this.size; row++) {
      let norm = 0;
      for (let d = 0; d < dims; d++) {
        const value = factors[row * dims + d];
        norm += value * value;
        this.mean[d] += value / this.size;
      }
      this.norms[row] = Math.sqrt(norm);
    }
    this.parameters = { dims, unobservedWeight, regularization, itemCount, gram: gram(factors, dims) };
    this.exact = new ScanIndex(latent.quantised, latent.scales, dims);
  }

  /** Which index served the last candidates. */
  get indexKind(): VectorIndex['kind'] {
    return this.servedBy;
  }

  /** Retrieves through `index` from now on; it must hold this recommender's factors. */
  attachIndex(index: VectorIndex): void {
    if (index.size !== this.size)
      throw new RangeError(`an index of ${index.size} vectors cannot serve ${this.size} items`);
    this.approximate = index;
  }

  /**
   * Has the item tower give factors to items without trained ones from now on.
   *
   * @param content TF-IDF rows of the catalog
   */
  attachItemTower(tower: ItemTowerColumns, content: SparseMatrix): void {
    if (tower.dims !== this.dims)
      throw new RangeError(`an item tower of ${tower.dims} dimensions does not fit factors of ${this.dims}`);
    this.itemTower = new ItemTower(tower, content);
  }

  /**
   * Has factors for rows that were added behind the catalog, in place of any that were added before.
   *
   * @param content TF-IDF rows of the catalog and of what was added; @param firstAdded the first row of the latter
   * @param given factors by added row; null where the item tower is to find them. Those of other dimensions belong to another
   * model, and count as null
   */
  append(content: SparseMatrix, firstAdded: number, given: readonly (Float32Array | null)[]): void {
    this.itemTower?.readRows(content);
    this.firstAdded = firstAdded;
    this.added = given.map((factors) => (factors?.length === this.dims ? factors : null));
  }

  /** The trained factors, size × dims, made anew at each call: what is kept is 8 bits a number. */
  itemFactors(): Float32Array {
    const { quantised, scales } = this.columns;
    return dequantiseRows(quantised, scales, this.dims);
  }

  /** @param known the user's factors, where they were found from the same evidence before */
  profile(evidence: readonly Evidence[], towerRun?: TowerRun, known?: Float32Array): SignalProfile | null {
    const used = this.usable(evidence);
    if (used.length === 0) return null;
    const user = towerRun
      ? runTower(towerRun.tower, used, this.dims, known ?? towerRun.output)
      : known
        ? this.knownUser(used, known)
        : this.foldIn(used);
    const { mean, deviation } = this.calibrate(user.factors);
    // An item without factors would score 0. After dislikes alone that would be the highest score there is.
    const withoutFactors = Math.min(0, mean);
    const towerScore = this.itemTower?.scorer(user.factors);
    const coldScore = (row: number): number | null => {
      const given = this.added[row - this.firstAdded];
      return given ? dot(user.factors, given) : (towerScore?.(row) ?? null);
    };
    return {
      mean,
      deviation,
      coherence: coherence(used),
      score: (row) => (row < this.size ? this.product(user.factors, row) : (coldScore(row) ?? withoutFactors)),
      candidates: (limit) => this.withAdded(user.factors, this.retrieve(user.factors, limit), limit, coldScore),
      contributions: (row) => {
        const item = this.factorsOf(row);
        if (!item) return null;
        const parts = new Float64Array(evidence.length);
        user.contributions(item).forEach((part, i) => {
          parts[used[i].index] = part;
        });
        return parts;
      },
    };
  }

  /** What a user tower takes for this evidence; null where none of it has a vector. */
  towerInput(evidence: readonly Evidence[]): Float32Array | null {
    const used = this.usable(evidence);
    return used.length === 0 ? null : towerInput(used, this.dims);
  }

  /** The user's factors by the closed form, or by a tower; null where none of the evidence has a vector. */
  userFactors(evidence: readonly Evidence[], towerRun?: TowerRun): Float32Array | null {
    const used = this.usable(evidence);
    if (used.length === 0) return null;
    return (towerRun ? runTower(towerRun.tower, used, this.dims, towerRun.output) : this.foldIn(used)).factors;
  }

  private usable(evidence: readonly Evidence[]): TowerEvidence[] {
    return evidence.flatMap((piece, index) => {
      const vector = this.vectorOf(piece);
      return vector ? [{ piece, index, vector }] : [];
    });
  }

  private foldIn(evidence: readonly TowerEvidence[]): LatentUser {
    const observations = evidence.map(({ piece, vector }): Observation => {
      return { vector, weight: piece.weight, target: piece.sign > 0 ? 1 : DISLIKE_TARGET };
    });
    return foldIn(this.parameters, observations);
  }

  /** What the index found, and the added items that belong among it: they are few, and in no index. */
  private withAdded(
    user: Float32Array,
    found: Uint32Array,
    limit: number,
    coldScore: (row: number) => number | null,
  ): Uint32Array {
    if (this.added.length === 0) return found;
    const best = new TopK(limit);
    for (const row of found) best.push(row, this.product(user, row));
    for (let row = this.firstAdded; row < this.firstAdded + this.added.length; row++) {
      const score = coldScore(row);
      if (score !== null) best.push(row, score);
    }
    return best.drain();
  }

  /** A user whose factors are known: the fold-in is done only where somebody asks why. */
  private knownUser(evidence: readonly TowerEvidence[], factors: Float32Array): LatentUser {
    let folded: LatentUser | undefined;
    return {
      factors,
      contributions: (item) => {
        folded ??= this.foldIn(evidence);
        return folded.contributions(item);
      },
    };
  }

  private retrieve(user: Float32Array, limit: number): Uint32Array {
    const index = this.approximate && limit <= MOST_APPROXIMATE * this.size ? this.approximate : this.exact;
    this.servedBy = index.kind;
    return index.search(user, limit);
  }

  /** Trained factors, or those of the item tower; null where neither knows the item. */
  factorsOf(row: number): Float32Array | null {
    if (row >= this.size) return this.added[row - this.firstAdded] ?? this.itemTower?.factorsOf(row) ?? null;
    const { dims } = this;
    const { quantised, scales } = this.columns;
    return dequantiseRows(quantised.subarray(row * dims, (row + 1) * dims), scales.subarray(row, row + 1), dims);
  }

  /** The inner product of a user with the factors of a row. The indexes round the user's; this does not. */
  private product(user: Float32Array, row: number): number {
    const { dims } = this;
    const { quantised, scales } = this.columns;
    return scales[row] * dotRow(user, quantised, row * dims, dims);
  }

  /** An item stands for itself. An interest is a direction, which draws towards all of its kind and not to those very items. */
  private vectorOf({ source, rows }: Evidence): Float32Array | null {
    return source.kind === 'item' ? this.factorsOf(source.row) : this.interestVector(rows);
  }

  /** The direction that stands for an interest: the mean of some items' factors, as long as they are on average. */
  interestVector(rows: readonly number[]): Float32Array | null {
    const known = rows.filter((row) => row < this.size);
    if (known.length === 0) return null;
    const mean = new Float32Array(this.dims);
    let norms = 0;
    for (const row of known) {
      norms += this.norms[row];
      this.factorsOf(row)!.forEach((value, d) => {
        mean[d] += value;
      });
    }
    const length = Math.sqrt(mean.reduce((sum, value) => sum + value * value, 0)) || 1;
    return mean.map((value) => (value * norms) / known.length / length);
  }

  /** The cosine of two items' factors; 0 where either has none. */
  similarity(a: number, b: number): number {
    if (a >= this.size || b >= this.size) return 0;
    const norms = this.norms[a] * this.norms[b];
    if (norms === 0) return 0;
    const { dims } = this;
    const { quantised, scales } = this.columns;
    const [startA, startB] = [a * dims, b * dims];
    let product = 0;
    for (let d = 0; d < dims; d++) product += quantised[startA + d] * quantised[startB + d];
    return (product * scales[a] * scales[b]) / norms;
  }

  /** Exact moments over all rows without scanning them: mean u·ȳ, mean square uᵀ(YᵀY/n)u. */
  private calibrate(user: Float32Array): { mean: number; deviation: number } {
    const { dims, size, parameters } = this;
    let sum = 0;
    let sumOfSquares = 0;
    for (let i = 0; i < dims; i++) {
      sum += user[i] * this.mean[i] * size;
      for (let j = 0; j < dims; j++) sumOfSquares += user[i] * user[j] * parameters.gram[i * dims + j];
    }
    return moments(sum, sumOfSquares, size);
  }
}

function dot(a: Float32Array, b: Float32Array): number {
  let product = 0;
  for (let d = 0; d < a.length; d++) product += a[d] * b[d];
  return product;
}

/** The length of the weighted sum of the vectors over the sum of their lengths. */
function coherence(evidence: readonly TowerEvidence[]): number {
  const sum = new Float64Array(evidence[0].vector.length);
  let lengths = 0;
  for (const { piece, vector } of evidence) {
    lengths += piece.weight * Math.sqrt(dot(vector, vector));
    for (let d = 0; d < sum.length; d++) sum[d] += piece.sign * piece.weight * vector[d];
  }
  return lengths === 0 ? 0 : Math.sqrt(sum.reduce((total, value) => total + value * value, 0)) / lengths;
}
