import { moments, type Recommender, type SignalProfile } from './recommender';

/** The prior: the logarithm of how many users chose an item, the same for everyone. */
export class PopularRecommender implements Recommender {
  readonly signal = 'popular';
  private readonly profileOfEveryone: SignalProfile;

  /**
   * @param popularity users by row; rows are in falling order as far as `calibrationRows`
   * @param calibrationRows the first rows of the catalog, over which mean and deviation are taken
   */
  constructor(popularity: Uint32Array, calibrationRows: number) {
    const scores = Float32Array.from(popularity, (count) => Math.log1p(count));
    let sum = 0;
    let sumOfSquares = 0;
    for (let row = 0; row < calibrationRows; row++) {
      sum += scores[row];
      sumOfSquares += scores[row] ** 2;
    }
    this.profileOfEveryone = {
      ...moments(sum, sumOfSquares, calibrationRows),
      coherence: 1,
      score: (row) => scores[row],
      candidates: (limit) => Uint32Array.from({ length: Math.min(limit, scores.length) }, (_, row) => row),
      contributions: () => null,
    };
  }

  profile(): SignalProfile {
    return this.profileOfEveryone;
  }
}
