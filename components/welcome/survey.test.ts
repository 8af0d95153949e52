import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addInterests, describeChoice, isEnough, isFull, MAX_INTERESTS, toggleInterest } from './survey';

describe('the survey', () => {
  it('never has more than five interests, nor one twice', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...'abcdefgh')), (presses) => {
        const chosen = presses.reduce<string[]>(toggleInterest, []);
        expect(chosen.length).toBeLessThanOrEqual(MAX_INTERESTS);
        expect(new Set(chosen).size).toBe(chosen.length);
      }),
    );
  });

  it('removes an interest that is pressed again, also when full', () => {
    expect(toggleInterest(['a', 'b'], 'a')).toEqual(['b']);
    expect(toggleInterest(['a', 'b', 'c', 'd', 'e'], 'f')).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(toggleInterest(['a', 'b', 'c', 'd', 'e'], 'c')).toEqual(['a', 'b', 'd', 'e']);
  });

  it('appends interests to the visitor’s own, each once, up to the maximum', () => {
    const named = (ids: string) => [...ids].map((id) => ({ id, label: id.toUpperCase() }));
    expect(addInterests(named('ab'), named('bc'))).toEqual(named('abc'));
    expect(addInterests(named('abcd'), named('xyz'))).toEqual(named('abcdx'));
    expect(addInterests([], named('xyz'))).toEqual(named('xyz'));
    expect(addInterests(named('ab'), [])).toEqual(named('ab'));
  });

  it('is complete with three to five interests', () => {
    const counts = [0, 1, 2, 3, 4, 5].map((n) => 'abcde'.slice(0, n).split(''));
    expect(counts.map(isEnough)).toEqual([false, false, false, true, true, true]);
    expect(counts.map(isFull)).toEqual([false, false, false, false, false, true]);
    expect(describeChoice(counts[1])).toBe('1 chosen, 2 more to go');
    expect(describeChoice(counts[5])).toBe('5 chosen, the maximum');
  });
});
