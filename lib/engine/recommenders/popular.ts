import { BestRows, TopK } from '../../math/top-k';
import { moments, type ProfileContext, type Recommender, type SignalProfile } from './recommender';

/**
 * Strength of the prior in live weights, where a view weighs 1 and a like 3: with as much live weight, the data set and
 * recent events count the same. The live weights are those of a week, with a half-life of 3.5 days. The server's
 * PRIOR_WEIGHT (lib/server/trends/popular.ts) is 20,000, because its weights have a half-life of 7 days: at a constant
 * rate of events their sum is twice as large.
 */
const PRIOR_STRENGTH = 10_000;

/** What it reads of a domain's data. */
export interface PopularityData {
  catalog: {
    /** Rows of the build; later ones have no interactions. */
    builtSize: number;
    /** Users who chose an item. */
    popularity(row: number): number;
  };
  /** The first rows of the catalog, over which mean and deviation are taken. */
  calibrationRows: number;
}

/** The logarithm of how many users chose an item, the same for every user, blended with what is popular now. */
export class PopularRecommender implements Recommender {
  readonly signal = 'popular';
  readonly modes = ['hybrid', 'content', 'collaborative', 'popular'] as const;
  readonly dependsOn = 'live';
  readonly quota = { strategy: 'popular', share: 1 } as const;
  readonly weight = 'learned';
  private popularity!: Uint32Array;
  /** How many choices one unit of live weight is worth. */
  private choicesPerWeight = 0;
  private scores!: Float32Array;
  /** Rows by falling score, as many as any request needed so far: sorting all would delay loading. */
  private best!: BestRows;
  private prior!: SignalProfile;

  constructor(data: PopularityData) {
    this.setData(data);
  }

  setData({ catalog, calibrationRows }: PopularityData): void {
    const { builtSize } = catalog;
    // Items that are added later change nothing here.
    if (this.popularity?.length === builtSize) return;
    const popularity = Uint32Array.from({ length: builtSize }, (_, row) => catalog.popularity(row));
    const scores = Float32Array.from(popularity, (count) => Math.log1p(count));
    let sum = 0;
    let sumOfSquares = 0;
    let choices = 0;
    for (let row = 0; row < builtSize; row++) choices += popularity[row];
    for (let row = 0; row < calibrationRows; row++) {
      sum += scores[row];
      sumOfSquares += scores[row] ** 2;
    }
    this.popularity = popularity;
    this.scores = scores;
    const best = new BestRows(scores);
    this.best = best;
    this.choicesPerWeight = Math.max(1, choices) / PRIOR_STRENGTH;
    this.prior = {
      ...moments(sum, sumOfSquares, calibrationRows),
      coherence: 1,
      score: (row) => scores[row] ?? 0,
      candidates: (limit) => best.first(limit),
      contributions: () => null,
    };
  }

  /**
   * The prior blended with recent events. With p the share of an item in the choices of the data set and w its live
   * weight, the posterior of a Dirichlet prior of strength m is proportional to m · p + w; in units of choices, of
   * which the data set has C, that is count + w · C / m. An item without live weight keeps its score, and so does every
   * item where no item has live weight. Mean and deviation are those of the prior.
   */
  profile({ live: { trending } }: Pick<ProfileContext, 'live'>): SignalProfile {
    const { prior } = this;
    if (trending.size === 0) return prior;
    const lifted = new Map([...trending].map(([row, weight]) => [row, Math.log1p(this.posterior(row, weight))]));
    return {
      ...prior,
      score: (row) => lifted.get(row) ?? prior.score(row),
      candidates: (limit) => {
        const best = new TopK(limit);
        for (const [row, value] of lifted) best.push(row, value);
        for (const row of this.best.first(limit + lifted.size)) if (!lifted.has(row)) best.push(row, this.scores[row]);
        return best.drain();
      },
    };
  }

  /** Whether recent events are more than half of an item's popularity. */
  isTrending(row: number, weight: number): boolean {
    return this.posterior(row, weight) > 2 * (this.popularity[row] ?? 0);
  }

  private posterior(row: number, weight: number): number {
    return (this.popularity[row] ?? 0) + weight * this.choicesPerWeight;
  }
}
