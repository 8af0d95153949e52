import { beforeAll, describe, expect, it } from 'vitest';
import { newItem, type TinyParts, tinyParts } from '../../../testing/engine/tiny-engine';
import { TINY, tinyItems } from '../../../testing/tiny-domain';
import type { PublishedItem } from '../../contracts/live-signals';
import { DomainData } from './domain-data';
import { ItemLinks } from './item-links';
import { DeltaSegment, type Segment } from './segment';

let parts: TinyParts;
let data: DomainData;
let deltaOf: (items: readonly PublishedItem[]) => DeltaSegment;
beforeAll(async () => {
  parts = await tinyParts();
  const { manifest, head, tail } = parts;
  data = DomainData.open(manifest, head).withTail(tail);
  const links = new ItemLinks(manifest.domain.links);
  deltaOf = (items) => new DeltaSegment(items, data.vocabulary, 'genres', links, manifest.counts.items);
});

const termsOf = ({ terms: { matrix } }: Segment, row: number) => {
  const [begin, end] = [matrix.offsets[row], matrix.offsets[row + 1]];
  return [[...matrix.columns.subarray(begin, end)], [...matrix.values.subarray(begin, end)]];
};
/** The segment of a catalog row, and the row within it. */
const placeOf = (row: number): [Segment, number] => {
  const [head, tail] = data.catalog.segments;
  return row < head.size ? [head, row] : [tail, row - head.size];
};

describe('the segments of the build', () => {
  it('are the head and the tail, with the facts of the source items', () => {
    const { segments } = data.catalog;
    expect(segments.map(({ kind, size }) => [kind, size])).toEqual([
      ['head', TINY.items - TINY.coldItems],
      ['tail', TINY.coldItems],
    ]);
    const found = segments.flatMap((segment) =>
      Array.from({ length: segment.size }, (_, row) => {
        const { id, title, year, creators, tags, external } = segment.summary(row);
        expect([segment.id(row), segment.title(row), segment.year(row)]).toEqual([id, title, year]);
        expect([segment.creators(row), segment.external(row, 'sku')]).toEqual([creators, external.sku]);
        return { id, title, year, creators, tags: { genres: tags }, external };
      }),
    );
    const sorted = (items: { id?: string }[]) => items.toSorted((a, b) => String(a.id).localeCompare(String(b.id)));
    expect(sorted(found)).toEqual(sorted(tinyItems()));
  });

  it('have ascending term numbers, with a weight each', () => {
    for (const segment of data.catalog.segments)
      for (let row = 0; row < segment.size; row++) {
        const [terms, weights] = termsOf(segment, row);
        expect(terms).toEqual(terms.toSorted((a, b) => a - b));
        expect(terms.length).toBeGreaterThan(2);
        expect(weights.every((weight) => weight > 0)).toBe(true);
        expect([segment.factors(row), segment.publishedAt(row)]).toEqual([null, null]);
      }
  });
});

describe('DeltaSegment', () => {
  it('has the same facts, search documents and term weights as the build for the records of its items', () => {
    const records = Array.from({ length: TINY.items }, (_, row) => data.recordOf(row));
    const delta = deltaOf(records);
    expect(delta.size).toBe(TINY.items);
    for (let row = 0; row < TINY.items; row++) {
      const [built, at] = placeOf(row);
      expect(delta.summary(row)).toEqual({ ...built.summary(at), popularity: 0 });
      expect(delta.searchDocument(row)).toEqual(built.searchDocument(at));
      expect(termsOf(delta, row)).toEqual(termsOf(built, at));
      expect(delta.external(row, 'sku')).toBe(built.external(at, 'sku'));
      // Records have no time of publication, since their items are not new.
      expect(delta.publishedAt(row)).toBeNull();
    }
  });

  it('has the facts, the factors and the time of publication of its items', () => {
    const delta = deltaOf([
      newItem('n0', 'Even', { factors: [1, 2], external: { isbn: '9' } }),
      newItem('n1', 'Odd', { year: 0, publishedAt: 0 }),
      newItem('n2', 'Odd', { year: null, external: {} }),
    ]);
    expect([0, 1, 2].map((row) => delta.id(row))).toEqual(['n0', 'n1', 'n2']);
    expect([0, 1, 2].map((row) => delta.title(row))).toEqual(['Zephyr amber n0', 'Zephyr amber n1', 'Zephyr amber n2']);
    expect([0, 1, 2].map((row) => delta.creators(row))).toEqual([['Ada Even 1'], ['Bob Odd 1'], ['Bob Odd 1']]);
    expect([0, 1, 2].map((row) => delta.year(row))).toEqual([1990, null, null]);
    expect([0, 1, 2].map((row) => delta.factors(row))).toEqual([Float32Array.of(1, 2), null, null]);
    expect([0, 1, 2].map((row) => delta.publishedAt(row))).toEqual([1_700_000_000, null, 1_700_000_000]);
    expect(new Set(delta.externalKeys)).toEqual(new Set(['isbn', 'sku']));
    expect([0, 1, 2].map((row) => delta.external(row, 'isbn'))).toEqual(['9', '', '']);
    expect([0, 1, 2].map((row) => delta.external(row, 'sku'))).toEqual(['', 'fresh-n1', '']);
    expect([delta.aka(), delta.popularity()]).toEqual([[], 0]);
  });

  it('can be empty', () => {
    const delta = deltaOf([]);
    expect([delta.size, delta.externalKeys, delta.terms.lengths.length]).toEqual([0, [], 0]);
  });
});
