import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogOf, contentOf } from '../../testing/format/catalog';
import type { Field, ItemRow } from '../contracts/domain-folder';
import { toSparseRows } from '../math/sparse';
import { splitCatalog } from './catalog';
import { type ContentColumns, joinContent, readContent, splitContent, writeContent } from './content';
import { describeReader } from './testing/conformance';

const content: ContentColumns = {
  fields: [
    { name: 'genres', weight: 1, tellable: true },
    { name: 'plot', weight: 0.3, tellable: false, search: true },
  ],
  terms: ['Drama', 'Sci-fi', 'été'],
  termFields: Uint8Array.of(0, 0, 1),
  notNamed: Uint32Array.of(1),
  documentFrequency: Uint32Array.of(3, 2, 300),
  rows: toSparseRows([[0, 1], [], [0, 2]]),
  frequencies: Uint8Array.of(1, 1, 2, 255),
};

const unrelated = catalogOf(['a', 'b', 'c'].map((id) => ({ id, title: id })));
const reread = (columns: ContentColumns, catalog = unrelated) =>
  readContent(writeContent(columns, catalog), catalog, 'c.bin');

describe('content', () => {
  it('round-trips', () => {
    expect(reread(content)).toEqual(content);
    const empty = {
      ...content,
      terms: [],
      termFields: new Uint8Array(),
      notNamed: new Uint32Array(),
      documentFrequency: new Uint32Array(),
      rows: toSparseRows([[], [], []]),
      frequencies: new Uint8Array(),
    };
    expect(reread(empty)).toEqual(empty);
  });

  it('is rejected for the rows of another catalog', () => {
    const file = writeContent(content, unrelated);
    expect(() => readContent(file, catalogOf([{ id: 'a', title: 'a' }]), 'c.bin')).toThrow(
      expect.objectContaining({
        code: 'ARTIFACT_MALFORMED',
        message: 'c.bin is inconsistent: its rows, terms and frequencies differ in number',
      }),
    );
  });

  it.each<[string, Partial<ContentColumns>]>([
    ['a silent term that there is not', { notNamed: Uint32Array.of(3) }],
    ['a term without a count', { documentFrequency: Uint32Array.of(3, 2) }],
  ])('is rejected with %s', (_, change) => {
    expect(() => reread({ ...content, ...change })).toThrow(
      expect.objectContaining({
        code: 'ARTIFACT_MALFORMED',
        message: expect.stringMatching(/^c\.bin is inconsistent: /),
      }),
    );
  });
});

describe('content that is derived from the catalog', () => {
  const word = fc.constantFrom('Star', 'star', 'wárs', 'C++', '1984', 'of', 'the', 'Étoile', 'x');
  const words = fc.array(word, { maxLength: 5 });
  const item: fc.Arbitrary<ItemRow> = fc.record({
    id: fc.string(),
    title: words.map((list) => `A ${list.join(' ')}`),
    year: fc.option(fc.integer({ min: -20, max: 40 }), { nil: undefined }),
    creators: words,
    tags: fc.record({ genres: words, cast: words }),
    text: fc.record({ plot: words.map((list) => list.join(' ')) }),
  });
  const fields: Field[] = [
    { name: 'genres', kind: 'tags', weight: 1 },
    { name: 'plot', kind: 'text', weight: 1 },
    { name: 'creators', kind: 'tags', weight: 2 },
    { name: 'cast', kind: 'tags', weight: 1, search: true },
    { name: 'title', kind: 'text', weight: 1 },
    { name: 'year', kind: 'number', weight: 1 },
  ];

  it('round-trips in one part or in two', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 12 }), fc.nat(12), (items, at) => {
        const cut = Math.min(at, items.length);
        const whole = contentOf(items, fields, ['star'], cut);
        const catalog = catalogOf(items);
        expect(reread(whole, catalog)).toEqual(whole);
        const [rows, parts] = [splitCatalog(catalog, cut), splitContent(whole, cut)];
        expect(joinContent(parts.head, parts.tail)).toEqual(whole);
        const head = { catalog: rows.head, content: reread(parts.head, rows.head) };
        expect(head.content).toEqual(parts.head);
        expect(readContent(writeContent(parts.tail, rows.tail, head), rows.tail, 'tail', head)).toEqual(parts.tail);
      }),
    );
  });

  it('does not store its terms and rows', () => {
    const items = Array.from({ length: 40 }, (_, n) => ({
      id: `${n}`,
      title: `Wonderful ${n % 2 ? 'Gardens' : 'Harbours'}`,
      creators: [`Ada the ${n % 5}th`],
      year: 1950 + n,
      tags: { genres: [`Genre ${n % 4}`], cast: [] },
    }));
    const file = writeContent(contentOf(items, fields), catalogOf(items));
    const text = new TextDecoder().decode(file);
    for (const stored of ['gardens', 'Ada', 'Genre', '1950s', 'rows0', 'rows2', 'rows4', 'rows5'])
      expect(text).not.toContain(stored);
  });

  it('is rejected with a catalog other than the one it was written with', () => {
    const items = ['one', 'two'].map((id) => ({ id, title: 'Twice the same' }));
    const file = writeContent(contentOf(items, fields), catalogOf(items));
    expect(() => readContent(file, catalogOf([items[0], { id: 'x', title: 'Different words' }]))).toThrow(
      expect.objectContaining({ code: 'ARTIFACT_MALFORMED' }),
    );
  });
});

const file = writeContent(content, unrelated);
describeReader('content', file, (bytes, label) => readContent(bytes, unrelated, label));
