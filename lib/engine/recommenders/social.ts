import type { ProfileContext, Recommender, SignalProfile } from './recommender';

/**
 * One like of today by one friend weighs 1, and counts as being as many standard deviations above the average as the
 * items of a list cut from a whole catalog are: it lifts an item a little below the first twenty among them.
 */
const DEVIATION = 1 / 8;

/** The weight of the social signal for each unit that the other signals have together. */
const SOCIAL_WEIGHT = 0.25;

/**
 * What people whom the user follows liked: s(i) = log₂(1 + w) with w the decayed weight of their likes, so that the
 * second friend adds less than the first. One user's friends liked few items: mean and deviation are fixed, since those
 * over the catalog would be about 0.
 */
export class SocialRecommender implements Recommender {
  readonly signal = 'social';
  readonly modes = ['hybrid'] as const;
  readonly dependsOn = 'live';
  readonly quota = { strategy: 'social', share: 1 } as const;
  readonly weight = SOCIAL_WEIGHT;

  /** It has no model, and needs no items. */
  setData(): void {}

  profile({ live: { friends } }: Pick<ProfileContext, 'live'>): SignalProfile | null {
    if (friends.size === 0) return null;
    return {
      mean: 0,
      deviation: DEVIATION,
      coherence: 1,
      score: (row) => Math.log2(1 + (friends.get(row) ?? 0)),
      candidates: (limit) => Uint32Array.from([...friends.keys()].slice(0, limit)),
      contributions: () => null,
    };
  }
}
