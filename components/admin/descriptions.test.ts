import { describe, expect, it } from 'vitest';
import type { Standing } from '../../lib/contracts/admin';
import { describeInterval, describeStanding, percent, span } from './descriptions';

describe('words of the operator’s page', () => {
  it.each([
    [-5, '0 s'],
    [59_400, '59 s'],
    [60_000, '1 min'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
    [50 * 3_600_000, '2 days'],
  ])('a span of %d ms', (milliseconds, text) => {
    expect(span(milliseconds)).toBe(text);
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
  ])('a share of %d', (share, text) => {
    expect(percent(share)).toBe(text);
  });

  it('says whether an interval leaves out 0', () => {
    expect(describeInterval('likes', null, 'usual')).toContain('Too few');
    expect(describeInterval('likes', { difference: 0.2, low: 0.1, high: 0.3 }, 'usual')).toContain(
      'leaves out 0: more',
    );
    expect(describeInterval('likes', { difference: -0.2, low: -0.3, high: -0.1 }, 'usual')).toContain('0: less');
    const open = describeInterval('clickThrough', { difference: 0.01, low: -0.02, high: 0.04 }, 'usual');
    expect(open).toBe('+1.00 points, between −2.00 and +4.00. 0 is among these: no difference shown yet.');
  });

  it('says where an item stands', () => {
    const about = { id: 'a', title: 'A', year: null };
    const scored = { score: 1, terms: [], reasons: [] };
    const opinion = (value: number) => ({ id: 'a', title: 'A', value, hidden: value <= 0, saved: false, at: 0 });
    const say = (item: Standing) => describeStanding(item, 20, 1000);
    expect(say({ ...about, place: 'listed', rank: 3, ...scored })).toContain('number 3 of the list');
    expect(say({ ...about, place: 'candidate', rank: 312, ...scored })).toContain('312 of 1,000');
    expect(say({ ...about, place: 'beyond', rank: null, ...scored })).toContain('No signal');
    expect(say({ ...about, place: 'seen', opinion: opinion(1) })).toContain('liked it already');
    expect(say({ ...about, place: 'hidden', opinion: opinion(-1) })).toContain('disliked');
    expect(say({ ...about, place: 'hidden', opinion: opinion(0) })).toContain('not interested');
  });
});
