import { describe, expect, it } from 'vitest';
import type { Field, ItemRow } from '../../lib/contracts/domain-folder';
import { extractTerms } from './terms';

const item = (changes: Partial<ItemRow>): ItemRow => ({ id: 'x', title: 'Untitled', ...changes });
const tags: Field = { name: 'genres', kind: 'tags', weight: 1 };

/** The terms of each item as `{term: frequency}`. */
function termsOf(items: ItemRow[], fields: Field[]): Record<string, number>[] {
  const { terms, rows, frequencies } = extractTerms(items, fields);
  return items.map((_, row) => {
    const found: Record<string, number> = {};
    for (let i = rows.offsets[row]; i < rows.offsets[row + 1]; i++) found[terms[rows.columns[i]]] = frequencies[i];
    return found;
  });
}

describe('tags', () => {
  const items = [
    { genres: ['Sci-Fi', 'Drama'] },
    { genres: ['sci-fi', 'Comedy'] },
    { genres: ['Drama', 'Drama', 'Film noir'] },
  ].map((row) => item({ tags: row }));

  it('are terms without regard to case, in the first spelling', () => {
    expect(termsOf(items, [tags])).toEqual([{ 'Sci-Fi': 1, Drama: 1 }, { 'Sci-Fi': 1 }, { Drama: 2 }]);
  });

  it('of a single item are left out', () => {
    expect(extractTerms(items, [tags]).terms).not.toContain('Comedy');
  });

  it('of two fields are two terms even if spelt alike', () => {
    const both = ['A', 'A'].map((name) => item({ creators: [name], tags: { cast: [name] } }));
    const { terms, termFields, fields } = extractTerms(both, [
      { name: 'creators', kind: 'tags', weight: 2 },
      { name: 'cast', kind: 'tags', weight: 1 },
    ]);
    expect(terms).toEqual(['A', 'A']);
    expect([...termFields]).toEqual([0, 1]);
    expect(fields).toEqual([
      { name: 'creators', weight: 2, tellable: true },
      { name: 'cast', weight: 1, tellable: true },
    ]);
  });

  it('of a field without weight are left out, and the field too', () => {
    expect(extractTerms(items, [{ ...tags, weight: 0 }])).toMatchObject({ fields: [], terms: [] });
  });

  it('have a frequency of at most 255', () => {
    const many = [item({ tags: { genres: Array(300).fill('A') } }), item({ tags: { genres: ['A'] } })];
    expect(termsOf(many, [tags])).toEqual([{ A: 255 }, { A: 1 }]);
  });
});

describe('text', () => {
  const text: Field = { name: 'plot', kind: 'text', weight: 1 };
  const plots = (...lines: string[]) => lines.map((plot) => item({ text: { plot } }));

  it('is split into words of at least three letters, without numbers', () => {
    const items = plots('A Spaceship, in 1999: the C++ épée!', 'spaceship of 1999 ÉPÉE c++ in the');
    expect(termsOf(items, [text])).toEqual(Array(2).fill({ spaceship: 1, the: 1, 'c++': 1, épée: 1 }));
    expect(extractTerms(items, [text]).fields).toEqual([{ name: 'plot', weight: 1, tellable: false }]);
  });

  it('loses words of more than a tenth of the texts, but never words of only two', () => {
    const items = plots(
      ...Array.from(
        { length: 40 },
        (_, i) => `common ${i < 4 ? 'seldom' : ''} ${i < 5 ? 'often' : ''} ${i < 2 ? 'pair' : ''}`,
      ),
    );
    expect([...extractTerms(items, [text]).terms].sort()).toEqual(['pair', 'seldom']);
  });

  it('keeps the 24 best words of a long text by TF-IDF', () => {
    const word = (n: number) => `word${String.fromCharCode(97 + n)}`;
    const long = Array.from({ length: 26 }, (_, n) => word(n)).join(' ');
    // Words a and b are in three texts, the rest in two; z occurs three times in the first.
    const items = plots(`${long} ${word(25)} ${word(25)}`, long, `${word(0)} ${word(1)}`, ...Array(30).fill(''));
    const [first] = termsOf(items, [text]);
    expect(Object.keys(first)).toHaveLength(24);
    expect(first[word(25)]).toBe(3);
    expect(first).not.toHaveProperty(word(0));
    expect(first).not.toHaveProperty(word(1));
  });

  it('can be the title, or tags declared as text', () => {
    const items = Array(2).fill(item({ title: 'Solar Wind', tags: { topics: ['deep space', 'deep sea'] } }));
    const [first] = termsOf(items, [
      { name: 'title', kind: 'text', weight: 1 },
      { name: 'topics', kind: 'text', weight: 1 },
    ]);
    expect(first).toEqual({ solar: 1, wind: 1, deep: 2, space: 1, sea: 1 });
  });
});

describe('numbers', () => {
  it('become ranges, and years become decades', () => {
    const items = [
      { year: 1994, numbers: { minutes: 100 } },
      { year: 1999, numbers: { minutes: 127 } },
      { year: -44, numbers: { minutes: 0 } },
      { year: -41, numbers: { minutes: 0 } },
      { numbers: { minutes: -0.3 } },
      { numbers: { minutes: -0.4 } },
    ].map(item);
    expect(
      termsOf(items, [
        { name: 'year', kind: 'number', weight: 1 },
        { name: 'minutes', kind: 'number', weight: 1 },
      ]),
    ).toEqual([
      { '1990s': 1, '64–128': 1 },
      { '1990s': 1, '64–128': 1 },
      { '-50s': 1, '0': 1 },
      { '-50s': 1, '0': 1 },
      { '−0.25–0.5': 1 },
      { '−0.25–0.5': 1 },
    ]);
  });
});

describe('the columns', () => {
  it('number terms by field, then by falling frequency, ascending in every item', () => {
    const items = [['B', 'A'], ['A', 'B'], ['C', 'A'], ['C']].map((genres, i) =>
      item({ tags: { genres }, creators: [i < 2 ? 'Ana' : 'Bo'] }),
    );
    const { terms, termFields, documentFrequency, rows } = extractTerms(items, [
      { name: 'creators', kind: 'tags', weight: 1 },
      tags,
    ]);
    expect(terms).toEqual(['Ana', 'Bo', 'A', 'B', 'C']);
    expect([...termFields]).toEqual([0, 0, 1, 1, 1]);
    expect([...documentFrequency]).toEqual([2, 2, 3, 2, 2]);
    expect([...rows.offsets]).toEqual([0, 3, 6, 9, 11]);
    expect([...rows.columns]).toEqual([0, 2, 3, 0, 2, 3, 1, 2, 4, 1, 4]);
  });

  it('are empty without items', () => {
    expect(extractTerms([], [tags]).rows.offsets).toHaveLength(1);
  });
});

describe('notNamed words', () => {
  it('match whole words in any case, and their terms stay in the matrix', () => {
    const items = ['Rough Cut', 'roughly', 'Cut'].flatMap((value) => [
      item({ tags: { genres: [value] } }),
      item({ tags: { genres: [value] } }),
    ]);
    const { terms, notNamed, documentFrequency } = extractTerms(items, [tags], ['ROUGH']);
    expect([...notNamed].map((term) => terms[term])).toEqual(['Rough Cut']);
    expect([...documentFrequency]).toEqual([2, 2, 2]);
  });
});

it('ignores blank tags', () => {
  const items = Array.from({ length: 3 }, () => item({ tags: { genres: ['', ' ', 'Drama'] } }));
  expect(extractTerms(items, [tags]).terms).toEqual(['Drama']);
});
