import type { ItemTowerColumns } from '../../format/item-tower';
import { dequantiseRows, type LatentColumns } from '../../format/latent';
import { dotRow, gram } from '../../math/linear-algebra';
import type { Mlp } from '../../math/mlp';
import { TopK } from '../../math/top-k';
import type { TermRows } from '../catalog/term-rows';
import { ScanIndex } from '../vector-index/scan-index';
import type { VectorIndex } from '../vector-index/vector-index';
import { type FoldInParameters, foldIn, type Observation } from './fold-in';
import { ItemTower } from './item-tower';
import { type Evidence, moments, type ProfileContext, type Recommender, type SignalProfile } from './recommender';
import { runTower, type TowerEvidence, towerInput, towerInputs } from './user-tower';

/** The score that a fold-in targets for a disliked item, where it targets 1 for a liked one and 0 for any other. */
const DISLIKE_TARGET = -0.5;

/**
 * An approximate index searches for the nearest few. Where a larger share of all vectors is asked for, as after a very
 * long history, scanning them all costs less.
 */
const MAX_APPROXIMATE_SHARE = 0.2;

/** What it reads of a domain's data. */
export interface LatentData {
  terms: TermRows;
  catalog: {
    size: number;
    /** Rows from here on were added after the build. */
    builtSize: number;
    /** Factors that came with an item, dims; those of other dimensions belong to another model and are ignored. */
    factors(row: number): Float32Array | null;
  };
  /** Gives factors to items without trained ones. */
  itemTower: ItemTowerColumns | null;
}

type FactorsContext = Pick<ProfileContext, 'evidence' | 'latentUser' | 'userFactors'>;

/** A user in the latent space, however computed. */
interface LatentUser {
  factors: Float32Array;
  /** How much each entry of the evidence that was used adds to the score of an item with the given factors. */
  contributions(item: Float32Array): Float64Array;
}

/**
 * Matrix factors: the user is folded in by one linear solve, or computed by the user tower; candidates come from a
 * vector index; items without interactions get their factors from the item tower.
 */
export class LatentRecommender implements Recommender {
  readonly signal = 'latent';
  readonly modes = ['hybrid', 'collaborative'] as const;
  readonly dependsOn = 'evidence';
  readonly quota = { strategy: 'factors', share: 1 } as const;
  readonly weight = 'learned';
  /** How many of the first catalog rows have trained factors. */
  readonly size: number;
  readonly dims: number;
  private readonly columns: LatentColumns;
  private readonly norms: Float32Array;
  private readonly parameters: FoldInParameters;
  private readonly mean: Float64Array;
  private readonly exact: ScanIndex;
  private approximate: VectorIndex | undefined;
  private lastIndexKind: VectorIndex['kind'] = 'exact';
  private itemTower: ItemTower | null = null;
  private userTower: Mlp | null = null;
  private maxTowerLikes = 0;
  private catalog: LatentData['catalog'] | null = null;

  /** @param data without it there are factors of items with interactions alone */
  constructor(latent: LatentColumns, data?: LatentData) {
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
    const { quantised, scales } = latent;
    this.exact =
      quantised instanceof Int8Array ? new ScanIndex(quantised, scales, dims) : new ScanIndex(factors, null, dims);
    if (data) this.setData(data);
  }

  /** @throws RangeError where the item tower has other dimensions than the factors */
  setData({ terms, catalog, itemTower }: LatentData): void {
    this.catalog = catalog;
    if (itemTower && itemTower.dims !== this.dims)
      throw new RangeError(`an item tower of ${itemTower.dims} dimensions does not fit factors of ${this.dims}`);
    if (itemTower && this.itemTower?.columns !== itemTower) this.itemTower = new ItemTower(itemTower, terms);
    this.itemTower?.setRows(terms);
  }

  /**
   * Computes the factors of users with short histories by this network from now on.
   *
   * @param maxLikes of a history that is short
   * @throws RangeError where the network does not fit the factors
   */
  attachTower(tower: Mlp, maxLikes: number): void {
    const [inputs, outputs] = [tower.layers[0].inputs, tower.layers[tower.layers.length - 1].outputs];
    const { dims } = this;
    if (inputs !== towerInputs(dims) || outputs !== dims)
      throw new RangeError(`a tower of ${inputs} inputs and ${outputs} outputs does not fit factors of ${dims}`);
    this.userTower = tower;
    this.maxTowerLikes = maxLikes;
  }

  /** Which index answered last. */
  get indexKind(): VectorIndex['kind'] {
    return this.lastIndexKind;
  }

  /**
   * Retrieves through `index` from now on.
   *
   * @param index of the trained factors
   * @throws RangeError where it has another number of vectors
   */
  attachIndex(index: VectorIndex): void {
    if (index.size !== this.size)
      throw new RangeError(`an index of ${index.size} vectors cannot serve ${this.size} items`);
    this.approximate = index;
  }

  /** The trained factors, size × dims, dequantised at each call: only 8 bits a number are stored. */
  itemFactors(): Float32Array {
    const { quantised, scales } = this.columns;
    return dequantiseRows(quantised, scales, this.dims);
  }

  /** @throws RangeError where `userFactors` are not dims numbers */
  profile(context: FactorsContext): SignalProfile | null {
    const used = this.usableEvidence(context.evidence);
    if (used.length === 0) return null;
    const user = this.locateUser(context, used);
    const { mean, deviation } = this.calibrate(user.factors);
    // An item without factors would score 0, which after dislikes alone would be the highest score.
    const withoutFactors = Math.min(0, mean);
    const towerScore = this.itemTower?.scorer(user.factors);
    const coldScore = (row: number): number | null => {
      const given = this.givenFactors(row);
      return given ? dot(user.factors, given) : (towerScore?.(row) ?? null);
    };
    return {
      mean,
      deviation,
      coherence: coherence(used),
      score: (row) => (row < this.size ? this.product(user.factors, row) : (coldScore(row) ?? withoutFactors)),
      candidates: (limit) => this.mergeAdded(user.factors, this.retrieve(user.factors, limit), limit, coldScore),
      contributions: (row) => {
        const item = this.factorsOf(row);
        if (!item) return null;
        const parts = new Float64Array(context.evidence.length);
        user.contributions(item).forEach((part, i) => {
          parts[used[i].index] = part;
        });
        return parts;
      },
    };
  }

  /** The input of the user tower; null where none of the evidence has factors, or the tower is not used for it. */
  towerInput(context: FactorsContext): Float32Array | null {
    if (!this.usesTower(context)) return null;
    const used = this.usableEvidence(context.evidence);
    return used.length === 0 ? null : towerInput(used, this.dims);
  }

  /** The user's factors, dims; null where none of the evidence has factors. */
  userFactors(context: FactorsContext): Float32Array | null {
    const used = this.usableEvidence(context.evidence);
    return used.length === 0 ? null : this.locateUser(context, used).factors;
  }

  private usesTower({ evidence, latentUser }: FactorsContext): boolean {
    if (!this.userTower || latentUser) return this.userTower !== null && latentUser === 'tower';
    const likes = evidence.filter(({ source, sign }) => source.kind === 'item' && sign > 0).length;
    return likes <= this.maxTowerLikes;
  }

  private usableEvidence(evidence: readonly Evidence[]): TowerEvidence[] {
    return evidence.flatMap((entry, index) => {
      const vector = this.vectorOf(entry);
      return vector ? [{ entry, index, vector }] : [];
    });
  }

  private locateUser(context: FactorsContext, evidence: readonly TowerEvidence[]): LatentUser {
    const { userFactors } = context;
    if (userFactors && userFactors.length !== this.dims)
      throw new RangeError(`${userFactors.length} numbers are not the factors of a user, which are ${this.dims}`);
    if (this.usesTower(context)) return runTower(this.userTower!, evidence, this.dims, userFactors);
    return userFactors ? this.knownUser(evidence, userFactors) : this.foldIn(evidence);
  }

  private foldIn(evidence: readonly TowerEvidence[]): LatentUser {
    const observations = evidence.map(({ entry, vector }): Observation => {
      return { vector, weight: entry.weight, target: entry.sign > 0 ? 1 : DISLIKE_TARGET };
    });
    return foldIn(this.parameters, observations);
  }

  /** A user whose factors are given: the linear system is solved only where the contributions are needed. */
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

  /** Adds to what the index found those later items that belong there: they are few, and in no index. */
  private mergeAdded(
    user: Float32Array,
    found: Uint32Array,
    limit: number,
    coldScore: (row: number) => number | null,
  ): Uint32Array {
    const { builtSize = 0, size = 0 } = this.catalog ?? {};
    if (size === builtSize) return found;
    const best = new TopK(limit);
    for (const row of found) best.push(row, this.product(user, row));
    for (let row = builtSize; row < size; row++) {
      const score = coldScore(row);
      if (score !== null) best.push(row, score);
    }
    return best.drain();
  }

  private retrieve(user: Float32Array, limit: number): Uint32Array {
    const index = this.approximate && limit <= MAX_APPROXIMATE_SHARE * this.size ? this.approximate : this.exact;
    this.lastIndexKind = index.kind;
    return index.search(user, limit);
  }

  /** The factors of an item, dims: trained, given, or computed by the item tower; null where there are none. */
  factorsOf(row: number): Float32Array | null {
    if (row >= this.size) return this.givenFactors(row) ?? this.itemTower?.factorsOf(row) ?? null;
    const { dims } = this;
    const { quantised, scales } = this.columns;
    return dequantiseRows(quantised.subarray(row * dims, (row + 1) * dims), scales.subarray(row, row + 1), dims);
  }

  private givenFactors(row: number): Float32Array | null {
    // Most rows that are scored belong to the build, and only later ones came with factors.
    if (!this.catalog || row < this.catalog.builtSize) return null;
    const factors = this.catalog.factors(row);
    return factors?.length === this.dims ? factors : null;
  }

  /** The inner product of a user with the factors of a row, without the rounding of the user that indexes do. */
  private product(user: Float32Array, row: number): number {
    const { dims } = this;
    const { quantised, scales } = this.columns;
    return scales[row] * dotRow(user, quantised, row * dims, dims);
  }

  /** An item is represented by its factors, an interest by a direction: towards its kind, not towards single items. */
  private vectorOf({ source, rows }: Evidence): Float32Array | null {
    return source.kind === 'item' ? this.factorsOf(source.row) : this.interestVector(rows);
  }

  /** The direction of the mean of some items' factors, of their average length; null where none has trained factors. */
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
  for (const { entry, vector } of evidence) {
    lengths += entry.weight * Math.sqrt(dot(vector, vector));
    for (let d = 0; d < sum.length; d++) sum[d] += entry.sign * entry.weight * vector[d];
  }
  return lengths === 0 ? 0 : Math.sqrt(sum.reduce((total, value) => total + value * value, 0)) / lengths;
}
