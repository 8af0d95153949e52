import { describe, expect, it } from 'vitest';
import { context, likedByFriends } from '../../../testing/engine/context';
import { SocialRecommender } from './social';

describe('what friends liked', () => {
  const { score, mean, deviation, candidates, contributions } = new SocialRecommender().profile(
    likedByFriends(
      new Map([
        [7, 3],
        [2, 1],
        [9, 0.25],
      ]),
    ),
  )!;

  it('counts by how many there are, each less than the one before, and not at all where there are none', () => {
    expect([7, 2, 0].map((row) => score(row))).toEqual([2, 1, 0]);
    expect((score(2) - mean) / deviation).toBe(8);
    expect((score(0) - mean) / deviation).toBe(0);
  });

  it('is proposed, highest first, and is none of the visitor’s own evidence', () => {
    expect([...candidates(2)]).toEqual([7, 2]);
    expect([...candidates(9)]).toEqual([7, 2, 9]);
    expect(contributions(7)).toBeNull();
  });

  it('is no signal where friends liked nothing', () => {
    expect(new SocialRecommender().profile(context([]))).toBeNull();
  });
});
