import { expect, test } from 'vitest';
import { Spellings, singular } from './spellings';
import { foldKey } from './text';

test('the most frequent spelling replaces the others', () => {
  const tags = new Spellings((tag) => singular(foldKey(tag)));
  for (const tag of ['Zombies', 'zombie', 'zombie', 'ZOMBIE']) tags.add(tag);
  expect(tags.usual('zombies')).toBe('zombie');
  expect(tags.usual('never seen')).toBe('never seen');
});

test('of equally frequent spellings the one in small letters wins, in any order', () => {
  for (const order of [
    ['Sci-Fi', 'SCI FI'],
    ['SCI FI', 'Sci-Fi'],
  ]) {
    const tags = new Spellings(foldKey);
    for (const tag of order) tags.add(tag);
    expect(tags.usual('SCIFI')).toBe('Sci-Fi');
  }
});

test('synonyms get the first form, and may be chained', () => {
  const tags = new Spellings(foldKey, [['sci-fi', 'science fiction']]);
  tags.join('future tales', 'science fiction');
  tags.join('sci-fi', 'future tales');
  for (let time = 0; time < 5; time++) tags.add('science fiction');
  expect(tags.usual('Future Tales')).toBe('sci-fi');
});

test('singular and plural have the same key, words that only end alike do not', () => {
  for (const [one, many] of [
    ['database', 'databases'],
    ['strategy', 'strategies'],
    ['zombie', 'zombies'],
  ]) {
    expect(singular(many)).toBe(singular(one));
  }
  expect(['business', 'analysis', 'virus', 'gas'].map(singular)).toEqual(['business', 'analysis', 'virus', 'gas']);
});
