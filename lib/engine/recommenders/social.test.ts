import { describe, expect, it } from 'vitest';
import { context, likedByFriends } from '../../../testing/engine/context';
import { SocialRecommender } from './social';

describe('the social signal', () => {
  const { score, mean, deviation, candidates, contributions } = new SocialRecommender().profile(
    likedByFriends(
      new Map([
        [7, 3],
        [2, 1],
        [9, 0.25],
      ]),
    ),
  )!;

  it('scores by the logarithm of the weight, and 0 for items that no friend liked', () => {
    expect([7, 2, 0].map((row) => score(row))).toEqual([2, 1, 0]);
    expect((score(2) - mean) / deviation).toBe(8);
    expect((score(0) - mean) / deviation).toBe(0);
  });

  it('retrieves what friends liked, highest weight first, without contributions of the user’s own evidence', () => {
    expect([...candidates(2)]).toEqual([7, 2]);
    expect([...candidates(9)]).toEqual([7, 2, 9]);
    expect(contributions(7)).toBeNull();
  });

  it('has no profile where friends liked nothing', () => {
    expect(new SocialRecommender().profile(context([]))).toBeNull();
  });
});
