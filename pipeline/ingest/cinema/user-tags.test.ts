import { expect, test } from 'vitest';
import { UserTags } from './user-tags';

test('keeps tags that two people gave to a film, in one spelling, most people first', () => {
  const tags = new UserTags();
  for (const [person, tag] of [
    ['1', 'Sci Fi'],
    ['2', 'sci-fi'],
    ['3', 'science fiction'],
    ['1', 'Aliens '],
    ['2', 'alien'],
    ['2', 'aliens'],
    ['3', 'kept by one only'],
  ]) {
    expect(tags.add('alien', person, tag)).toBeUndefined();
  }
  expect(tags.of('alien')).toEqual({
    kept: [
      { tag: 'sci-fi', people: new Set(['1', '2', '3']) },
      { tag: 'aliens', people: new Set(['1', '2']) },
    ],
    dropped: ['kept by one only'],
  });
  expect(tags.of('unknown')).toEqual({ kept: [], dropped: [] });
});

test('one person is enough for a tag that many people use on many films', () => {
  const tags = new UserTags();
  for (let person = 0; person < 5; person++) tags.add(`film ${person}`, `person ${person}`, 'dystopia');
  expect(tags.of('film 3').kept.map(({ tag }) => tag)).toEqual(['dystopia']);
});

test('rejects personal notes, judgements and sentences', () => {
  const tags = new UserTags();
  for (const tag of ['To see', 'IMDB Top 250', 'library', 'overrated', 'Boring!', 'bad acting', 'x', 'a'.repeat(41)]) {
    expect(tags.add('1', '1', tag), tag).toBeTypeOf('string');
  }
  for (const tag of ['over the top', 'dark', 'unreliable narrator'])
    expect(tags.add('1', '1', tag), tag).toBeUndefined();
});
