import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reason } from '../../contracts/engine';
import type { Evidence, SignalProfile } from '../recommenders/recommender';
import { evidenceShares, topReasons, type WeightedProfile } from './explain';

const evidence = Array.from(
  { length: 3 },
  (_, row): Evidence => ({ source: { kind: 'item', row }, weight: 1, sign: 1, rows: [row], terms: [] }),
);

/** A signal with the same contributions for every row. */
const signal = (weight: number, deviation: number, parts: number[] | null): WeightedProfile => ({
  weight,
  profile: {
    deviation,
    contributions: () => parts && Float64Array.from(parts),
  } as Partial<SignalProfile> as SignalProfile,
});
const historyReason = (index: number, share: number): Reason => ({
  kind: 'history',
  id: String(index),
  title: '',
  share,
  terms: [],
});
const FRIENDS: Reason = { kind: 'friends', names: ['Ana'], count: 1 };
const explain = (shares: number[], popularTerm = 0, popularity = 9, socialTerm = 0) =>
  topReasons(
    Float64Array.from(shares),
    { term: popularTerm, reason: popularity > 0 ? { kind: 'popular', count: popularity } : null },
    { term: socialTerm, reason: socialTerm === 0 ? null : FRIENDS },
    historyReason,
  );
const causes = (reasons: Reason[]) => reasons.map((reason) => ('id' in reason ? reason.id : reason.kind));

describe('evidenceShares', () => {
  it('sums the weighted contributions of all signals, in units of the score', () => {
    const signals = [signal(0.5, 2, [4, 0, -2]), signal(0.25, 0.5, [1, 2, 0]), signal(3, 1, null)];
    expect([...evidenceShares(0, evidence, signals)]).toEqual([0.5 * 2 + 0.25 * 2, 0.25 * 4, -0.5]);
  });

  it('does not read the profile of a signal of weight 0', () => {
    const withoutWeight = { weight: 0, profile: {} as SignalProfile };
    expect([...evidenceShares(0, evidence, [withoutWeight])]).toEqual([0, 0, 0]);
  });
});

describe('topReasons', () => {
  it('returns at most three causes, the largest first, each with its share of all positive causes', () => {
    const reasons = explain([1, 4, -9, 2, 1, 2]);
    expect(causes(reasons)).toEqual(['1', '3', '5']);
    expect(reasons).toEqual([historyReason(1, 0.4), historyReason(3, 0.2), historyReason(5, 0.2)]);
  });

  it('reports positive shares that are in descending order and sum to at most 1', () => {
    const share = fc.double({ min: -5, max: 5, noNaN: true });
    fc.assert(
      fc.property(fc.array(share, { maxLength: 30 }), share, (shares, popularTerm) => {
        const reasons = explain(shares, popularTerm);
        const reported = reasons.flatMap((reason) => ('share' in reason ? [reason.share] : []));
        expect(reported).toEqual([...reported].sort((a, b) => b - a));
        expect(reported.every((value) => value > 0 && value <= 1)).toBe(true);
        expect(reported.reduce((sum, value) => sum + value, 0)).toBeLessThanOrEqual(1 + 1e-9);
        expect(reasons.length).toBeGreaterThan(0);
        const positive = shares.reduce((sum, value) => sum + Math.max(0, value), Math.max(0, popularTerm));
        for (const reason of reasons) {
          if (reason.kind === 'history') expect(reason.share).toBeCloseTo(shares[Number(reason.id)] / positive, 9);
        }
      }),
    );
  });

  it('omits causes with a share of less than 5 %', () => {
    expect(causes(explain([95, 4.9, 0.1]))).toEqual(['0']);
    expect(causes(explain([95, 5]))).toEqual(['0', '1']);
  });

  it('returns the largest of many small causes', () => {
    const shares = Array.from({ length: 40 }, (_, i) => (i === 7 ? 1.1 : 1));
    expect(causes(explain(shares))).toEqual(['7']);
    // Popularity is a cause too, but a smaller one.
    expect(causes(explain(shares, 0.5))).toEqual(['7']);
  });

  it('adds popularity where it outweighs every other cause', () => {
    expect(causes(explain([1, 2], 3))).toEqual(['1', '0', 'popular']);
    expect(causes(explain([1, 2], 1.9))).toEqual(['1', '0']);
    expect(causes(explain([0.1], 100))).toEqual(['popular']);
  });

  it('falls back on popularity where no cause is positive', () => {
    expect(explain([], 0, 12)).toEqual([{ kind: 'popular', count: 12 }]);
    expect(explain([-1, 0], -2, 12)).toEqual([{ kind: 'popular', count: 12 }]);
    expect(explain([], 0, 0)).toEqual([]);
  });

  it('adds friends wherever they are a cause, first where they are the largest', () => {
    expect(causes(explain([1, 2], 0, 9, 3))).toEqual(['friends', '1', '0']);
    expect(causes(explain([1, 2], 0, 9, 0.5))).toEqual(['1', '0', 'friends']);
    expect(causes(explain([], 0, 9, 1))).toEqual(['friends']);
    expect(causes(explain([], 2, 9, 1))).toEqual(['friends', 'popular']);
    expect(causes(explain([2], 0, 9, -1))).toEqual(['0']);
    // Their term is part of the sum that shares refer to.
    expect(explain([1], 1, 9, 2)[1]).toMatchObject({ share: 0.25 });
  });
});
