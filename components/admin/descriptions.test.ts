import { describe, expect, it } from 'vitest';
import type { Standing } from '../../lib/contracts/admin';
import { describeInterval, describeStanding, formatDuration, formatPercent } from './descriptions';

describe('texts of the operator’s page', () => {
  it.each([
    [-5, '0 s'],
    [59_400, '59 s'],
    [60_000, '1 min'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
    [50 * 3_600_000, '2 days'],
  ])('format a duration of %d ms', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  it.each([
    [0, '0 %'],
    [0.0004, '< 0.1 %'],
    [0.053, '5.3 %'],
    [0.5, '50 %'],
    [0.9512, '95 %'],
    [0.995, '99.5 %'],
    [0.99999, '> 99.9 %'],
    [1, '100 %'],
  ])('format a share of %d', (share, text) => {
    expect(formatPercent(share)).toBe(text);
  });

  it('say whether a difference is significant', () => {
    expect(describeInterval('likes', null, 'usual')).toContain('Too few');
    expect(describeInterval('likes', { difference: 0.2, low: 0.1, high: 0.3 }, 'usual')).toContain(
      'Significantly more',
    );
    expect(describeInterval('likes', { difference: -0.2, low: -0.3, high: -0.1 }, 'usual')).toContain(
      'Significantly less',
    );
    const open = describeInterval('clickThrough', { difference: 0.01, low: -0.02, high: 0.04 }, 'usual');
    expect(open).toBe('+1.00 points, between −2.00 and +4.00. No significant difference yet.');
  });

  it('say where an item is in a list', () => {
    const about = { id: 'a', title: 'A', year: null };
    const scored = { score: 1, terms: [], reasons: [] };
    const opinion = (value: number) => ({ id: 'a', title: 'A', value, hidden: value <= 0, saved: false, at: 0 });
    const describeItem = (item: Standing) => describeStanding(item, 20, 1000);
    expect(describeItem({ ...about, place: 'listed', rank: 3, ...scored })).toContain('number 3 of the list');
    expect(describeItem({ ...about, place: 'candidate', rank: 312, ...scored })).toContain('312 of 1,000');
    expect(describeItem({ ...about, place: 'beyond', rank: null, ...scored })).toContain('No signal');
    expect(describeItem({ ...about, place: 'seen', opinion: opinion(1) })).toContain('liked it already');
    expect(describeItem({ ...about, place: 'hidden', opinion: opinion(-1) })).toContain('disliked');
    expect(describeItem({ ...about, place: 'hidden', opinion: opinion(0) })).toContain('not interested');
  });
});
