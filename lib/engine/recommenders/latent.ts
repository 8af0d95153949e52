import { dequantiseRows, type LatentColumns } from '../../format/latent';
import { gram } from '../linear-algebra';
import { ExactIndex } from '../vector-index/exact';
import type { VectorIndex } from '../vector-index/vector-index';
import { type FoldInParameters, foldIn, type Observation } from './fold-in';
import { type Evidence, moments, type Recommender, type SignalProfile } from './recommender';

/** The score that a disliked item is asked to have, where a liked one is asked for 1 and any other for 0. */
const DISLIKE_TARGET = -0.5;

/**
 * A graph is walked for the nearest few. For more than this share of all vectors (after a very long history) the walk
 * costs more than to scan them all.
 */
const MOST_APPROXIMATE = 0.2;

/** Matrix factors: the user is folded in by one linear solve; candidates come from a vector index. */
export class LatentRecommender implements Recommender {
  readonly signal = 'latent';
  /** How many of the first catalog rows have factors. */
  readonly size: number;
  readonly dims: number;
  /** size × dims */
  readonly factors: Float32Array;
  private readonly norms: Float32Array;
  private readonly parameters: FoldInParameters;
  private readonly mean: Float64Array;
  private readonly exact: ExactIndex;
  private approximate: VectorIndex | undefined;
  private servedBy: VectorIndex['kind'] = 'exact';

  constructor(latent: LatentColumns) {
    const { dims } = latent;
    this.dims = dims;
    this.size = latent.itemCount;
    this.factors = dequantiseRows(latent.quantised, latent.scales, dims);
    this.norms = new Float32Array(this.size);
    this.mean = new Float64Array(dims);
    for (let row = 0; row < this.size; row++) {
      let norm = 0;
      for (let d = 0; d < dims; d++) {
        const value = this.factors[row * dims + d];
        norm += value * value;
        this.mean[d] += value / this.size;
      }
      this.norms[row] = Math.sqrt(norm);
    }
    const { unobservedWeight, regularization, itemCount } = latent;
    this.parameters = { dims, unobservedWeight, regularization, itemCount, gram: gram(this.factors, dims) };
    this.exact = new ExactIndex(this.factors, dims);
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

  profile(evidence: readonly Evidence[]): SignalProfile | null {
    const observations: Observation[] = [];
    const owners: number[] = [];
    evidence.forEach((piece, owner) => {
      const vector = this.vectorOf(piece);
      if (!vector) return;
      observations.push({ vector, weight: piece.weight, target: piece.sign > 0 ? 1 : DISLIKE_TARGET });
      owners.push(owner);
    });
    if (observations.length === 0) return null;
    const user = foldIn(this.parameters, observations);
    const { mean, deviation } = this.calibrate(user.factors);
    // An item without factors would score 0. After dislikes alone that would be the highest score there is.
    const withoutFactors = Math.min(0, mean);
    return {
      mean,
      deviation,
      score: (row) => (row < this.size ? this.dot(user.factors, row) : withoutFactors),
      candidates: (limit) => this.retrieve(user.factors, limit),
      contributions: (row) => {
        if (row >= this.size) return null;
        const parts = new Float64Array(evidence.length);
        user.contributions(this.row(row)).forEach((part, i) => {
          parts[owners[i]] += part;
        });
        return parts;
      },
    };
  }

  private retrieve(user: Float32Array, limit: number): Uint32Array {
    const index = this.approximate && limit <= MOST_APPROXIMATE * this.size ? this.approximate : this.exact;
    this.servedBy = index.kind;
    return index.search(user, limit);
  }

  private row(row: number): Float32Array {
    return this.factors.subarray(row * this.dims, (row + 1) * this.dims);
  }

  /**
   * An item stands for itself. An interest is a direction: the mean of its items' factors, as long as they are on
   * average, so that it draws towards all of its kind and not to those very items.
   */
  private vectorOf({ source, rows }: Evidence): Float32Array | null {
    const known = rows.filter((row) => row < this.size);
    if (known.length === 0) return null;
    if (source.kind === 'item') return this.row(known[0]);
    const mean = new Float32Array(this.dims);
    let norms = 0;
    for (const row of known) {
      norms += this.norms[row];
      this.row(row).forEach((value, d) => {
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
    const { dims, factors } = this;
    let product = 0;
    for (let d = 0; d < dims; d++) product += factors[a * dims + d] * factors[b * dims + d];
    return product / norms;
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

  private dot(user: Float32Array, row: number): number {
    const { dims, factors } = this;
    let product = 0;
    for (let d = 0; d < dims; d++) product += user[d] * factors[row * dims + d];
    return product;
  }
}
