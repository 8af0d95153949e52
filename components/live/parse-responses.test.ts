import { describe, expect, it } from 'vitest';
import { parseDelta, parseFriendsLikes, parsePublicSignals } from './parse-responses';

const signals = {
  trending: [{ id: 'a', weight: 1 }],
  fresh: [{ id: 'b', impressions: 3, clicks: 1 }],
  baseRate: 0.05,
  revision: 2,
};
const delta = {
  revision: 2,
  withdrawn: ['x'],
  items: [{ id: 'a', title: 'A', creators: [], tags: {}, publishedAt: 1 }],
};
const likes = { friends: [{ id: 'a', weight: 1, names: ['Ana'] }] };

describe('responses about live signals', () => {
  it('are parsed as they are', () => {
    expect(parsePublicSignals({ ...signals, domain: 'cinema' })).toEqual(signals);
    expect(parseDelta({ ...delta, domain: 'cinema' })).toEqual(delta);
    expect(parseFriendsLikes(likes)).toEqual(likes.friends);
  });

  it('of any other shape are rejected', () => {
    for (const other of [null, undefined, 7, 'text', [], {}]) {
      expect([parsePublicSignals(other), parseDelta(other), parseFriendsLikes(other)]).toEqual([null, null, null]);
    }
    for (const wrong of [{ trending: [{ id: 'a' }] }, { fresh: [7] }, { baseRate: Number.NaN }, { revision: '2' }]) {
      expect(parsePublicSignals({ ...signals, ...wrong })).toBeNull();
    }
    for (const wrong of [{ items: [{ id: 'a' }] }, { withdrawn: [1] }, { revision: -1 }]) {
      expect(parseDelta({ ...delta, ...wrong })).toBeNull();
    }
    expect(parseFriendsLikes({ friends: [{ id: 'a', weight: 1, names: [1] }] })).toBeNull();
  });
});
