import { describe, expect, it } from 'vitest';
import { readDelta, readFriendsLikes, readPublicSignals } from './answers';

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

describe('answers about what is shared', () => {
  it('are read as they are', () => {
    expect(readPublicSignals({ ...signals, domain: 'cinema' })).toEqual(signals);
    expect(readDelta({ ...delta, domain: 'cinema' })).toEqual(delta);
    expect(readFriendsLikes(likes)).toEqual(likes.friends);
  });

  it('of any other form are none', () => {
    for (const other of [null, undefined, 7, 'text', [], {}]) {
      expect([readPublicSignals(other), readDelta(other), readFriendsLikes(other)]).toEqual([null, null, null]);
    }
    for (const wrong of [{ trending: [{ id: 'a' }] }, { fresh: [7] }, { baseRate: Number.NaN }, { revision: '2' }]) {
      expect(readPublicSignals({ ...signals, ...wrong })).toBeNull();
    }
    for (const wrong of [{ items: [{ id: 'a' }] }, { withdrawn: [1] }, { revision: -1 }]) {
      expect(readDelta({ ...delta, ...wrong })).toBeNull();
    }
    expect(readFriendsLikes({ friends: [{ id: 'a', weight: 1, names: [1] }] })).toBeNull();
  });
});
