import { TopK } from '../../math/top-k';
import { moments, type Recommender, type SignalProfile } from './recommender';

/**
 * Strength of the prior in live weights, where a view weighs 1 and a like 3: with as much live weight, data and recent events count the
 * same. The live weights are those of a week, with a half-life of 3.5 days. The server's PRIOR_WEIGHT (lib/server/trends/popular.ts) is
 * 20,000, because its weights have a half-life of 7 days: at a constant rate of events their sum is twice as large.
 */
const PRIOR_STRENGTH = 10_000;

/** The prior: the logarithm of how many users chose an item, the same for everyone. */
export class PopularRecommender implements Recommender {
  readonly signal = 'popular';
  private readonly popularity: Uint32Array;
  /** How many live weights make one choice. */
  private readonly choicesPerWeight: number;
  private readonly scores: Float32Array;
  private readonly profileOfEveryone: SignalProfile;

  /**
   * @param popularity users by row; rows are in falling order as far as `calibrationRows`
   * @param calibrationRows the first rows of the catalog, over which mean and deviation are taken
   */
  constructor(popularity: Uint32Array, calibrationRows: number) {
    this.popularity = popularity;
    const scores = Float32Array.from(popularity, (count) => Math.log1p(count));
    this.scores = scores;
    let sum = 0;
    let sumOfSquares = 0;
    let choices = 0;
    for (let row = 0; row < popularity.length; row++) choices += popularity[row];
    for (let row = 0; row < calibrationRows; row++) {
      sum += scores[row];
      sumOfSquares += scores[row] ** 2;
    }
    this.choicesPerWeight = Math.max(1, choices) / PRIOR_STRENGTH;
    this.profileOfEveryone = {
      ...moments(sum, sumOfSquares, calibrationRows),
      coherence: 1,
      // Rows that were added to the catalog are behind it: nobody chose them.
      score: (row) => scores[row] ?? 0,
      candidates: (limit) => Uint32Array.from({ length: Math.min(limit, scores.length) }, (_, row) => row),
      contributions: () => null,
    };
  }

  profile(): SignalProfile {
    return this.profileOfEveryone;
  }

  /**
   * The prior blended with what people did lately. With p the share of an item in the choices of the data set and w its live
   * weight, the posterior of a Dirichlet prior of strength m is proportional to m · p + w; in units of choices, of which
   * the data set has C, that is count + w · C / m. An item without live weight keeps its score, and so does
   * every item where nothing has live weight. Mean and deviation are those of the prior.
   *
   * @param live weights by row
   */
  trendingProfile(live: ReadonlyMap<number, number>): SignalProfile {
    const prior = this.profileOfEveryone;
    if (live.size === 0) return prior;
    const lifted = new Map([...live.keys()].map((row) => [row, Math.log1p(this.posterior(row, live.get(row)!))]));
    const score = (row: number) => lifted.get(row) ?? prior.score(row);
    return {
      ...prior,
      score,
      candidates: (limit) => {
        const best = new TopK(limit);
        for (const [row, value] of lifted) best.push(row, value);
        for (let row = 0; row < this.scores.length && this.scores[row] > best.threshold; row++)
          if (!lifted.has(row)) best.push(row, this.scores[row]);
        return best.drain();
      },
    };
  }

  /** Whether more than half of what speaks for an item of this live weight happened lately. */
  isTrending(row: number, weight: number): boolean {
    return this.posterior(row, weight) > 2 * (this.popularity[row] ?? 0);
  }

  private posterior(row: number, weight: number): number {
    return (this.popularity[row] ?? 0) + weight * this.choicesPerWeight;
  }
}
