import { describe, expect, it } from 'vitest';
import { buildSearchData } from '../engine/search/build';
import { readSearch, writeSearch } from './search';
import { describeReader } from './testing/conformance';

const data = buildSearchData([
  { titles: ['The Matrix', 'Матрица'], creators: ['Lana Wachowski'], year: 1999 },
  { titles: ['Amélie'], creators: [], year: null },
  { titles: ['Matrix, The'], creators: ['Lana Someone'], year: -5 },
]);

describe('a search index', () => {
  it('reads back as it was written', () => {
    expect(readSearch(writeSearch(data))).toEqual(data);
    const empty = buildSearchData([]);
    expect(readSearch(writeSearch(empty))).toEqual(empty);
  });

  it('is refused where tokens, postings and fields differ in number', () => {
    for (const change of [{ tokens: data.tokens.slice(1) }, { fields: data.fields.subarray(1) }]) {
      expect(() => readSearch(writeSearch({ ...data, ...change }))).toThrow(
        expect.objectContaining({
          code: 'ARTIFACT_MALFORMED',
          message: 'search is inconsistent: tokens, postings and fields differ in number',
        }),
      );
    }
  });
});

describeReader('search', writeSearch(data), readSearch);
