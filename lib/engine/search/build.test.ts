import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildSearchData, type SearchDocument } from './build';
import { FIELD, type SearchColumns } from './columns';
import { tokenize, withoutArticle } from './normalise';

const words = fc.constantFrom('the', 'a', 'Star', 'wars', 'Wárs', 'II', '1984', '!', 'é');
const text = fc.array(words, { maxLength: 4 }).map((list) => list.join(' '));
const document: fc.Arbitrary<SearchDocument> = fc.record({
  titles: fc.array(text, { minLength: 1, maxLength: 3 }),
  creators: fc.array(text, { maxLength: 2 }),
  year: fc.option(fc.integer({ min: -50, max: 2030 }), { nil: null }),
});

/** The fields of a document with a token, by a plain scan. */
function fieldsOf({ titles, creators, year }: SearchDocument, token: string): number {
  let fields = 0;
  for (const [position, title] of titles.entries()) {
    const tokens = tokenize(title);
    if (tokens.includes(token)) fields |= position === 0 ? FIELD.title : FIELD.aka;
    if (tokens[0] === token || withoutArticle(tokens)[0] === token) fields |= FIELD.start;
  }
  if (creators.some((name) => tokenize(name).includes(token))) fields |= FIELD.creators;
  if (year !== null && String(Math.abs(year)) === token) fields |= FIELD.year;
  return fields;
}

function postings({ offsets, rows, fields }: SearchColumns, token: number): [row: number, fields: number][] {
  const from = offsets[token];
  return Array.from(rows.slice(from, offsets[token + 1]), (row, i) => [row, fields[from + i]]);
}

describe('buildSearchData', () => {
  it('lists for every token the rows that a plain scan finds', () => {
    fc.assert(
      fc.property(fc.array(document, { maxLength: 12 }), (documents) => {
        const data = buildSearchData(documents);
        expect(data.offsets).toHaveLength(data.tokens.length + 1);
        expect(data.offsets[data.tokens.length]).toBe(data.rows.length);
        expect(data.fields).toHaveLength(data.rows.length);
        expect(data.tokens).toEqual([...new Set(data.tokens)].sort());
        for (const [position, token] of data.tokens.entries()) {
          const found = documents.flatMap((item, row) => {
            const fields = fieldsOf(item, token);
            return fields ? [[row, fields]] : [];
          });
          expect(postings(data, position)).toEqual(found);
        }
        const all = documents.flatMap(({ titles, creators }) => [...titles, ...creators].flatMap(tokenize));
        for (const token of all) expect(data.tokens).toContain(token);
      }),
    );
  });

  it('marks the first token of a title, with and without its article', () => {
    const data = buildSearchData([{ titles: ['The Matrix', 'Matrix 1'], creators: [], year: 1999 }]);
    const fields = new Map(data.tokens.map((token, position) => [token, postings(data, position)[0][1]]));
    expect(fields.get('the')).toBe(FIELD.title | FIELD.start);
    expect(fields.get('matrix')).toBe(FIELD.title | FIELD.aka | FIELD.start);
    expect(fields.get('1')).toBe(FIELD.aka);
    expect(fields.get('1999')).toBe(FIELD.year);
  });

  it('accepts an empty catalog', () => {
    const data = buildSearchData([]);
    expect(data.tokens).toEqual([]);
    expect(data.offsets).toEqual(Uint32Array.of(0));
  });
});
