import { describe, expect, it } from 'vitest';
import type { CatalogColumns } from '../../format/catalog';
import type { ContentColumns } from '../../format/content';
import { toSparseRows } from '../../math/sparse';
import { Catalog } from './catalog';
import { ContentVocabulary } from './content-vocabulary';
import { ItemIds } from './item-ids';
import { ItemLinks } from './item-links';
import { BuiltSegment } from './segment';

const columns: CatalogColumns = {
  ids: ['10', '20', '30'],
  titles: ['Ten', 'Twenty', 'Thirty'],
  aka: new Map(),
  years: Int16Array.of(1999, 0, -44),
  creatorNames: ['Ana', 'Bo'],
  creators: toSparseRows([[1, 0], [], [0]]),
  tagNames: ['Drama'],
  tags: toSparseRows([[0], [], []]),
  popularity: Uint32Array.of(7, 3, 0),
  external: new Map([
    ['imdb', ['tt1', 'tt2', '']],
    ['tmdb', ['20', '77', '78']],
    ['alt-id', ['77', '', 'a b/c']],
  ]),
};
const links = {
  imdb: 'https://imdb.example/{imdb}/',
  alt: 'https://alt.example/?q={alt-id}',
  both: 'https://both.example/{id}/{tmdb}',
};
const content: ContentColumns = {
  fields: [],
  terms: [],
  termFields: new Uint8Array(),
  notNamed: new Uint32Array(),
  documentFrequency: new Uint32Array(),
  rows: toSparseRows([[], [], []]),
  frequencies: new Uint8Array(),
};
const segment = new BuiltSegment({
  kind: 'head',
  catalog: columns,
  content,
  names: columns,
  vocabulary: new ContentVocabulary([content], 3),
  links: new ItemLinks(links),
  itemCount: 3,
});
const catalog = new Catalog([segment], new ItemIds([segment]), null, new Set());

describe('a catalog', () => {
  it('resolves own ids before external ones', () => {
    expect(catalog.resolve('20')).toBe(1);
    expect(catalog.resolve('tmdb:20')).toBe(0);
  });

  it('resolves external ids with or without their key, a shared one to the first item that has it', () => {
    expect(catalog.resolve('tt2')).toBe(1);
    expect(catalog.resolve('imdb:tt2')).toBe(1);
    expect(catalog.resolve('77')).toBe(1);
    expect(catalog.resolve('alt-id:77')).toBe(0);
  });

  it('does not resolve empty and unknown ids', () => {
    for (const id of ['', 'imdb:', 'tt3', 'tmdb:tt1', '__proto__', 'constructor'])
      expect(catalog.resolve(id), id).toBeUndefined();
  });

  it('summarises an item with its names, tags, external ids and links', () => {
    expect(catalog.summary(0)).toEqual({
      id: '10',
      title: 'Ten',
      year: 1999,
      creators: ['Bo', 'Ana'],
      tags: ['Drama'],
      external: { imdb: 'tt1', tmdb: '20', 'alt-id': '77' },
      links: {
        imdb: 'https://imdb.example/tt1/',
        alt: 'https://alt.example/?q=77',
        both: 'https://both.example/10/20',
      },
      popularity: 7,
    });
  });

  it('omits links whose id is missing, and escapes ids in links', () => {
    expect(catalog.summary(1).links).toEqual({ imdb: 'https://imdb.example/tt2/', both: 'https://both.example/20/77' });
    expect(catalog.summary(2).links.alt).toBe('https://alt.example/?q=a%20b%2Fc');
  });

  it('returns null for an unknown year', () => {
    expect([0, 1, 2].map((row) => catalog.year(row))).toEqual([1999, null, -44]);
  });
});
