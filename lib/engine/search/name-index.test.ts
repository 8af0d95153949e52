import fc from 'fast-check';
import { expect, it } from 'vitest';
import { finish } from './build';
import { type NamedDocument, NameIndexBuilder } from './name-index';
import { normalName } from './normal-name';

const DOCUMENTS = [
  { titles: ['The Godfather: Part II', 'Godfather 2'], creators: ['Francis Ford Coppola', 'Al Pacino'] },
  { titles: ['Heat'], creators: ['Michael Mann', 'Al Pacino'] },
  { titles: ['The Heat'], creators: [] },
  { titles: ['E.T. the Extra-Terrestrial'], creators: ['Heat'] },
  { titles: ['The Lord of the Rings: The Two Towers'], creators: [] },
];
const indexOf = (documents: readonly NamedDocument[]) => {
  const builder = new NameIndexBuilder();
  for (const document of documents) builder.add(document);
  return finish(builder.finish());
};
const index = indexOf(DOCUMENTS);
const find = (query: string) => Object.fromEntries(index.find(normalName(query)));

it('finds items by titles, parts of titles, initials, acronyms and people, with the surest kind', () => {
  expect(find('godfather 2')).toEqual({ 0: 'title' });
  expect(find('the godfather')).toEqual({ 0: 'main' });
  expect(find('heat')).toEqual({ 1: 'title', 2: 'title', 3: 'creator' });
  expect(find('e t')).toEqual({ 3: 'initials' });
  expect(find('LOTR')).toEqual({ 4: 'acronym' });
  expect(find('al pacino')).toEqual({ 0: 'creator', 1: 'creator' });
  for (const nothing of ['pacino', '', '!']) expect(find(nothing)).toEqual({});
});

it('finds every title by itself, whatever it is', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 300 }), (titles) => {
      const all = indexOf(titles.map((title) => ({ titles: [title], creators: [] })));
      titles.forEach((title, row) => {
        if (normalName(title) !== '') expect(all.find(normalName(title)).get(row)).toBe('title');
      });
    }),
    { numRuns: 30 },
  );
});
