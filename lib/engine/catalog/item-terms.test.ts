import { beforeAll, describe, expect, it } from 'vitest';
import { tinyParts } from '../../../testing/engine/tiny-engine';
import { TINY, tinyItems } from '../../../testing/tiny-domain';
import type { NewItem } from '../../contracts/live-signals';
import { type CatalogColumns, joinCatalogs } from '../../format/catalog';
import { type ContentColumns, joinContent } from '../../format/content';
import { countItemTerms } from './item-terms';
import { weighItems, weighTerms } from './tfidf';

let catalog: CatalogColumns;
let content: ContentColumns;
beforeAll(async () => {
  const { head, tail } = await tinyParts();
  catalog = joinCatalogs(head.catalog, tail.catalog);
  content = joinContent(head.content, tail.content);
});

/** The items of the tiny domain in the form of newly published items. */
const newItems = (): NewItem[] =>
  tinyItems().map(({ id, title, year, creators = [], tags = {}, external = {} }) => ({
    id,
    title,
    year,
    creators,
    tags,
    external,
  }));

describe('the terms of new items', () => {
  it('have the weights that the pipeline computes for the same items', () => {
    const items = newItems();
    const terms = countItemTerms(items, content, TINY.items);
    const [rows, expected] = [weighItems(content, TINY.items, terms), weighTerms(content)];
    items.forEach(({ id }, i) => {
      const row = catalog.ids.indexOf(id);
      const part = (matrix: typeof rows, at: number) => {
        const [begin, end] = [matrix.offsets[at], matrix.offsets[at + 1]];
        return [[...matrix.columns.subarray(begin, end)], [...matrix.values.subarray(begin, end)]];
      };
      expect(part(rows, i), id).toEqual(part(expected, row));
      expect(part(rows, i)[0].length).toBeGreaterThan(2);
    });
  });

  it('ignore case and words outside the vocabulary', () => {
    const [item] = newItems();
    const other: NewItem = {
      ...item,
      title: `${item.title.toUpperCase()} quux`,
      tags: {
        genres: [...item.tags.genres.map((tag) => tag.toLowerCase()), 'not in vocabulary', ' '],
        moods: ['Even'],
      },
    };
    const [plain, upperCase] = countItemTerms([item, other], content, TINY.items);
    expect(upperCase).toEqual(plain);
  });

  it('are ascending, each with its frequency', () => {
    const [item] = newItems();
    const [tag] = item.tags.genres;
    const tags = { genres: [...item.tags.genres, tag, tag] };
    const [{ terms, frequencies }] = countItemTerms([{ ...item, tags }], content, TINY.items);
    expect([...terms]).toEqual([...terms].sort((a, b) => a - b));
    const at = [...terms].findIndex((term) => content.terms[term] === tag);
    expect(frequencies[at]).toBe(3);
  });

  it('are the 24 most informative words of a long text', () => {
    const fields = [{ name: 'title', weight: 1, tellable: false }];
    const words = Array.from({ length: 40 }, (_, i) => `word${String.fromCharCode(97 + (i % 26))}${i}`);
    const long: ContentColumns = {
      fields,
      terms: words,
      termFields: new Uint8Array(40),
      notNamed: new Uint32Array(),
      documentFrequency: Uint32Array.from({ length: 40 }, (_, i) => 1 + i),
      rows: { offsets: Uint32Array.of(0), columns: new Uint32Array() },
      frequencies: new Uint8Array(),
    };
    const item: NewItem = { id: 'x', title: words.join(' '), creators: [], tags: {}, external: {} };
    const [{ terms }] = countItemTerms([item], long, 100);
    expect([...terms]).toEqual(Array.from({ length: 24 }, (_, i) => i));
  });

  it('are empty for an item without known words', () => {
    const unknown: NewItem = { id: 'x', title: 'Quux', creators: [], tags: {}, external: {} };
    expect(countItemTerms([unknown], content, TINY.items)).toEqual([
      { terms: new Uint32Array(), frequencies: new Uint8Array() },
    ]);
    expect(countItemTerms([], content, TINY.items)).toEqual([]);
  });
});
