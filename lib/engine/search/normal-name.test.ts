import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namesOfTitle, normalName } from './normal-name';

describe('normalName', () => {
  it.each([
    ['Rocky II', 'Rocky 2'],
    ['The Godfather: Part II', 'godfather 2'],
    ['Back to the Future Part III', 'back to the future part 3'],
    ['Henry V', 'henry 5'],
    ['Kill Bill: Vol. 2', 'kill bill 2'],
    ['Twelve Angry Men', '12 Angry Men'],
    ["Ocean's Eleven", 'oceans 11'],
    ['50 Cent', 'Fifty Cent'],
    ['Twenty-One Jump Street', '21 jump street'],
    ['One Hundred and One Dalmatians', '101 dalmatians'],
    ['R.E.M.', 'REM'],
    ['E.T.', 'E T'],
    ['M*A*S*H', 'mash'],
    ['P!nk', 'Pink'],
    ['Ke$ha', 'kesha'],
    ['a-ha', 'aha'],
    ['AC/DC', 'acdc'],
    ['Dr. No', 'Doctor No'],
    ['Mr. Nobody', 'mister nobody'],
    ['St. Elmo’s Fire', "saint elmo's fire"],
    ['The Fast and the Furious', 'Fast & Furious'],
    ['Amélie', 'AMELIE'],
    ['Alien³', 'alien 3'],
    ['Se7en', 'se7en'],
  ])('of %s is that of %s', (a, b) => {
    expect(normalName(a)).toBe(normalName(b));
  });

  it.each([
    ['I, Robot', 'i robot'],
    ['X', 'x'],
    ['V for Vendetta', 'v for vendetta'],
    ['The The', 'the the'],
    ['Part of Me', 'part of me'],
    ['1917', '1917'],
    ['七人の侍', '七人の侍'],
    ['constructor', 'constructor'],
  ])('of %s is %s', (text, name) => {
    expect(normalName(text)).toBe(name);
  });

  it('stays the same when it is normalised again', () => {
    const word = fc.constantFrom(
      'the',
      'Part',
      'II',
      'x',
      'twenty',
      'one',
      'hundred',
      'and',
      'Dr.',
      'A.',
      'b',
      '3',
      'Ö',
      '$',
      'no',
    );
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.array(word, { maxLength: 6 }).map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(text, (some) => {
        const once = normalName(some);
        expect(normalName(once)).toBe(once);
      }),
      { numRuns: 500 },
    );
  });
});

describe('namesOfTitle', () => {
  it.each([
    ['Star Trek II: The Wrath of Khan', ['star trek 2 wrath of khan', 'star trek 2', 'sti']],
    ['E.T. the Extra-Terrestrial', ['et extra terrestrial', 'et', 'etet']],
    ['The Lord of the Rings: The Two Towers', ['lord of rings 2 towers', 'lord of rings', 'lotr']],
    ['Heat', ['heat']],
    ['!!!', []],
  ])('of %s are %j', (title, names) => {
    expect(namesOfTitle(title).map(({ name }) => name)).toEqual(names);
  });
});
