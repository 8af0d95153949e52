import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ContentColumns } from '../../format/content';
import { toSparseRows } from '../../math/sparse';
import { ContentVocabulary } from './content-vocabulary';
import { ItemIds } from './item-ids';
import { ItemLinks } from './item-links';
import { DeltaSegment } from './segment';

interface Item {
  id: string;
  external: Record<string, string>;
}

const content: ContentColumns = {
  fields: [],
  terms: [],
  termFields: new Uint8Array(),
  notNamed: new Uint32Array(),
  documentFrequency: new Uint32Array(),
  rows: toSparseRows([]),
  frequencies: new Uint8Array(),
};
const vocabulary = new ContentVocabulary([content], 0);
const segmentOf = (items: readonly Item[]) =>
  new DeltaSegment(
    items.map((item) => ({ ...item, title: '', creators: [], tags: {}, publishedAt: 0 })),
    vocabulary,
    null,
    new ItemLinks({}),
    0,
  );
const item = (id: string, external: Record<string, string> = {}): Item => ({ id, external });

describe('ItemIds', () => {
  it('numbers own ids through consecutive segments, from the first row on', () => {
    const ids = new ItemIds([segmentOf([item('a'), item('b')]), segmentOf([]), segmentOf([item('c')])], 10);
    expect(['a', 'b', 'c', 'd', ''].map((id) => ids.byOwnId(id))).toEqual([10, 11, 12, undefined, undefined]);
  });

  it('finds external ids with and without their key', () => {
    const ids = new ItemIds([segmentOf([item('a', { imdb: 'tt1' })]), segmentOf([item('b', { tmdb: '7' })])], 3);
    expect(['tt1', 'imdb:tt1', '7', 'tmdb:7'].map((id) => ids.byExternalId(id))).toEqual([3, 3, 4, 4]);
    expect(['imdb:7', 'tmdb:tt1', 'imdb:', 'a', ''].map((id) => ids.byExternalId(id))).toEqual(
      Array(5).fill(undefined),
    );
  });

  it('gives an id without a key to the system listed first, whatever the segment', () => {
    const ids = new ItemIds([
      segmentOf([item('a', { imdb: '1', tmdb: '9' })]),
      segmentOf([item('b', { tmdb: '1', imdb: '9' })]),
    ]);
    expect([ids.byExternalId('1'), ids.byExternalId('9')]).toEqual([0, 1]);
    expect([ids.byExternalId('tmdb:1'), ids.byExternalId('tmdb:9')]).toEqual([1, 0]);
  });

  it('gives an id that two items of one system have to the first item', () => {
    const ids = new ItemIds([segmentOf([item('a', { imdb: '1' }), item('b', { imdb: '1' })])]);
    expect(ids.byExternalId('1')).toBe(0);
  });

  it('has no ids without segments', () => {
    const ids = new ItemIds([]);
    expect([ids.byOwnId('a'), ids.byExternalId('a')]).toEqual([undefined, undefined]);
  });

  it('finds the same rows however the items are divided into segments', () => {
    const external = fc.dictionary(fc.constantFrom('imdb', 'tmdb', 'isbn'), fc.constantFrom('', '1', '2', '3', '4'));
    const items = fc
      .array(external, { maxLength: 12 })
      .map((list) => list.map((values, n): Item => item(`i${n}`, { ...values })));
    fc.assert(
      fc.property(items, fc.array(fc.nat(12), { maxLength: 3 }), fc.nat(5), (given, cuts, firstRow) => {
        const bounds = [0, ...cuts.map((cut) => Math.min(cut, given.length)).sort((a, b) => a - b), given.length];
        const segments = bounds.slice(1).map((end, i) => segmentOf(given.slice(bounds[i], end)));
        const [whole, divided] = [new ItemIds([segmentOf(given)], firstRow), new ItemIds(segments, firstRow)];
        given.forEach(({ id }, n) => {
          expect([whole.byOwnId(id), divided.byOwnId(id)]).toEqual([firstRow + n, firstRow + n]);
        });
        for (const value of ['', '1', '2', '3', '4'])
          for (const id of [value, `imdb:${value}`, `tmdb:${value}`, `isbn:${value}`])
            expect(divided.byExternalId(id), id).toBe(whole.byExternalId(id));
      }),
    );
  });
});
