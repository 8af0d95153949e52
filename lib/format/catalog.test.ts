import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toSparseRows } from '../math/sparse';
import { type CatalogColumns, internNames, joinCatalogs, readCatalog, splitCatalog, writeCatalog } from './catalog';
import { describeReader } from './testing/conformance';

/** A catalog with these ids and arbitrary other columns. */
function catalogOf(ids: string[], changes: Partial<CatalogColumns> = {}): CatalogColumns {
  return {
    ids,
    titles: ids.map((_, row) => `Title ${row}`),
    aka: new Map(),
    years: new Int16Array(ids.length),
    creatorNames: ['Ana', 'Bo'],
    creators: toSparseRows(ids.map((_, row) => (row % 2 ? [1, 0] : []))),
    tagNames: ['Tag'],
    tags: toSparseRows(ids.map(() => [0])),
    popularity: Uint32Array.from(ids, (_, row) => 1000 - row),
    external: new Map(),
    ...changes,
  };
}

const reread = (catalog: CatalogColumns) => readCatalog(writeCatalog(catalog));
const line = fc.string({ unit: 'binary' }).map((text) => text.replace(/[\n\0]/g, '_'));
const id = fc.oneof(
  line,
  fc.nat().map(String),
  fc.nat(99_999).map((n) => `tt${String(n).padStart(7, '0')}`),
  fc.stringMatching(/^[a-c]{0,2}0{0,3}\d{1,18}$/),
);

describe('a catalog', () => {
  it('round-trips, for any ids', () => {
    const column = fc.oneof(
      fc.array(id),
      fc.array(fc.nat().map(String)),
      fc.array(fc.nat(99_999).map((n) => `tt${String(n).padStart(7, '0')}`)),
    );
    fc.assert(
      fc.property(
        column,
        fc.infiniteStream(id),
        fc.infiniteStream(fc.integer({ min: -9999, max: 9999 })),
        (ids, others, years) => {
          const take = <T>(stream: Iterator<T>) => ids.map(() => stream.next().value as T);
          const catalog = catalogOf(ids, {
            titles: take(others),
            years: Int16Array.from(take(years)),
            external: new Map([
              ['sparse', take(others).map((value, row) => (row % 3 ? '' : value))],
              ['none', ids.map(() => '')],
            ]),
          });
          expect(reread(catalog)).toEqual(catalog);
        },
      ),
    );
  });

  it.each([
    ['of IMDb', ['tt0111161', 'tt0068646', 'tt10872600']],
    ['plain numbers', ['0', '318', '10', '7']],
    ['with leading zeros', ['007', '042', '100']],
    ['with leading zeros in some', ['007', '42', '0042']],
    ['of several prefixes', ['a1', 'b2', 'c3']],
    ['without a number', ['alpha', 'beta']],
    ['too large to count with', ['12345678901234567890', '9007199254740993']],
    ['odd', ['1e3', '-5', '٣', '½', ' 7', '7 ', 'a\tb1']],
  ])('keeps ids %s', (_, ids) => {
    expect(reread(catalogOf(ids, { external: new Map([['key', ids]]) })).ids).toEqual(ids);
    expect(reread(catalogOf(ids, { external: new Map([['key', [...ids.slice(1), '']]]) })).external.get('key')).toEqual(
      [...ids.slice(1), ''],
    );
  });

  it('stores numbered ids in fewer bytes than their text', () => {
    const ids = Array.from({ length: 1000 }, (_, row) => `tt${String(7919 * row).padStart(7, '0')}`);
    const text = writeCatalog(catalogOf(ids.map((value) => `${value}x`))).length;
    expect(writeCatalog(catalogOf(ids)).length).toBeLessThan(text - 6 * ids.length);
  });

  it('stores titles in any script, alternative titles by row, and negative years', () => {
    const catalog = catalogOf(['a', 'b', 'c'], {
      titles: ['七人の侍', 'Amélie 🎬', '\ufeffMarked'],
      aka: new Map([
        [2, ['Third', 'Tercera']],
        [0, ['Seven Samurai']],
      ]),
      years: Int16Array.of(-9999, 0, 9999),
    });
    expect(reread(catalog)).toEqual(catalog);
    expect(reread(catalogOf(['a'], { titles: ['two\nlines'] })).titles).toEqual(['two lines']);
  });

  it('may be empty', () => {
    const catalog = catalogOf([], { creatorNames: [], tagNames: [] });
    expect(reread(catalog)).toEqual(catalog);
  });

  it('is rejected if its columns differ in length', () => {
    const changes: Partial<CatalogColumns>[] = [
      { titles: ['one'] },
      { years: new Int16Array(3) },
      { popularity: new Uint32Array(1) },
      { tags: toSparseRows([[0]]) },
      { external: new Map([['key', ['x']]]) },
      { ids: ['a', 'b', 'c'] },
    ];
    for (const change of changes) {
      expect(() => reread(catalogOf(['a', 'b'], change))).toThrow(
        expect.objectContaining({
          code: 'ARTIFACT_MALFORMED',
          message: 'catalog is inconsistent: its columns differ in length',
        }),
      );
    }
  });

  it('is rejected if a list refers to a missing name', () => {
    expect(() => reread(catalogOf(['a', 'b'], { creators: toSparseRows([[0], [3]]) }))).toThrow(
      'section "creators" holds 3',
    );
    expect(() => reread(catalogOf(['a', 'b'], { aka: new Map([[2, ['x']]]) }))).toThrow('section "akaRows" holds 2');
  });
});

describe('ids that can be derived', () => {
  const titles = ['Health Law', 'C++ & You', 'Über Café', 'Other'];
  const slugs = ['health-law', 'c-you', 'über-café', 'not-this'];
  it('round-trip: the slug of the title, a prefix and an external id, and numbers among them', () => {
    const catalog = catalogOf(['coursera-health-law', '7', 'coursera-über-café', '=x'], {
      titles,
      external: new Map([
        ['slug', slugs],
        ['mark', ['', '=', '==', '=health-law']],
      ]),
    });
    expect(reread(catalog)).toEqual(catalog);
  });

  it('take fewer bytes than their text', () => {
    const many = Array.from({ length: 50 }, (_, row) => `Title ${row}`);
    const slugs = many.map((title) => title.toLowerCase().replace(' ', '-'));
    const prefixed = slugs.map((slug) => `x-${slug}`);
    const bytes = (ids: string[], slug: string[]) =>
      writeCatalog(catalogOf(ids, { titles: many, external: new Map([['slug', slug]]) })).length;
    const shifted = slugs.map((_, row) => `${slugs[(row + 1) % 50]}x`);
    const numbers = many.map((_, row) => `${row}`);
    expect(
      bytes(
        numbers,
        slugs.map((slug) => `${slug}x`),
      ) - bytes(numbers, slugs),
    ).toBeGreaterThan(50 * 7);
    expect(
      bytes(
        prefixed.map((id) => `${id}x`),
        shifted,
      ) -
        bytes(
          prefixed.map((id) => `${id}y`),
          slugs.map((slug) => `${slug}y`),
        ),
    ).toBeGreaterThan(50 * 7);
  });
});

describe('a catalog in two parts', () => {
  const names = fc.array(fc.constantFrom('Ana', 'Bo', 'Cy', 'Di', 'Eve'), { maxLength: 3 });
  const row = fc.record({
    id,
    creators: names,
    tags: names,
    year: fc.nat(2030),
    aka: fc.array(line, { maxLength: 2 }),
  });

  it('joins to the whole, and round-trips part by part', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), fc.nat(12), (rows, at) => {
        const cut = Math.min(at, rows.length);
        const creators = internNames(rows.map((item) => item.creators));
        const tags = internNames(rows.map((item) => item.tags));
        const whole = catalogOf(
          rows.map((item) => item.id),
          {
            creatorNames: creators.names,
            creators: creators.lists,
            tagNames: tags.names,
            tags: tags.lists,
            years: Int16Array.from(rows, ({ year }) => year),
            aka: new Map(rows.flatMap(({ aka }, i) => (aka.length > 0 ? [[i, aka] as const] : []))),
            external: new Map([['key', rows.map((item) => `k${item.id}`)]]),
          },
        );
        const { head, tail } = splitCatalog(whole, cut);
        expect(joinCatalogs(head, tail)).toEqual(whole);
        expect(head.creatorNames).toEqual(internNames(rows.slice(0, cut).map((item) => item.creators)).names);
        const readHead = readCatalog(writeCatalog(head));
        expect(readHead).toEqual(head);
        expect(readCatalog(writeCatalog(tail, head), 'tail', readHead)).toEqual(tail);
      }),
    );
  });
});

describe('internNames', () => {
  it('numbers names by first appearance', () => {
    expect(internNames([['b', 'a'], [], ['a', 'c', 'b']])).toEqual({
      names: ['b', 'a', 'c'],
      lists: toSparseRows([[0, 1], [], [1, 2, 0]]),
    });
  });
});

describeReader(
  'catalog',
  writeCatalog(
    catalogOf(['t1', 't22', 't3'], {
      aka: new Map([[1, ['Other']]]),
      years: Int16Array.of(1999, 0, -44),
      external: new Map([
        ['imdb', ['tt0000001', '', 'tt0000003']],
        ['slug', ['x', 'y', '']],
      ]),
    }),
  ),
  readCatalog,
);
