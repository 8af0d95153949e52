import fc from 'fast-check';
import { expect, it } from 'vitest';
import { buildSearchData, type SearchDocument } from './build';
import { FIELD } from './columns';
import { tokenize } from './normalise';
import { COMPLETE, COMPLETE_BUT_LAST, PostingScan, type Span } from './posting-scan';
import { Vocabulary } from './vocabulary';

const words = fc.constantFrom('a', 'ab', 'abc', 'b', 'ba', '19');
const text = fc.array(words, { maxLength: 4 }).map((list) => list.join(' '));
const document: fc.Arbitrary<SearchDocument> = fc.record({
  titles: fc.array(text, { minLength: 1, maxLength: 2 }),
  creators: fc.array(text, { maxLength: 2 }),
  year: fc.constantFrom(null, 19, 1),
});
const catalog = fc.array(document, { maxLength: 15 });

/** The tokens of each field, by a plain scan. */
function fieldTokens({ titles, creators, year }: SearchDocument): [field: number, tokens: string[]][] {
  return [
    [FIELD.title, tokenize(titles[0])],
    [FIELD.aka, titles.slice(1).flatMap(tokenize)],
    [FIELD.creators, creators.flatMap(tokenize)],
    [FIELD.year, year === null ? [] : [String(year)]],
  ];
}

it('intersects like a plain scan of all documents, also in repeated searches', () => {
  const queries = fc.array(fc.uniqueArray(words, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(catalog, queries, (documents, tokenLists) => {
      const data = buildSearchData(documents);
      const vocabulary = new Vocabulary(data.tokens);
      const scan = new PostingScan(data, documents.length);
      for (const tokens of tokenLists) {
        const spans = tokens.map((token, position): Span => {
          const [first, end] = vocabulary.prefixRange(token);
          const from = data.offsets[first];
          const wholeTo = data.tokens[first] === token ? data.offsets[first + 1] : from;
          const open = position === tokens.length - 1;
          return { from, wholeTo, to: data.offsets[end], leads: position === 0, open };
        });
        const count = scan.intersect(spans);
        const found = [...scan.rows.slice(0, count)].sort((a, b) => a - b);
        const expected = [...documents.keys()].filter((row) => {
          const all = fieldTokens(documents[row]).flatMap(([, list]) => list);
          return tokens.every((token) => all.some((word) => word.startsWith(token)));
        });
        expect(found).toEqual(expected);
        for (const row of found) {
          const fields = fieldTokens(documents[row]);
          const all = fields.flatMap(([, list]) => list);
          for (const [field, list] of fields) {
            const begun = tokens.every((token) => list.some((word) => word.startsWith(token)));
            const whole = tokens.every((token) => list.includes(token));
            expect((scan.masks[row] & field) !== 0).toBe(begun);
            expect(((scan.masks[row] >> 8) & field) !== 0).toBe(whole);
          }
          expect((scan.masks[row] & COMPLETE) !== 0).toBe(tokens.every((token) => all.includes(token)));
          const butLast = tokens.slice(0, -1).every((token) => all.includes(token));
          expect((scan.masks[row] & COMPLETE_BUT_LAST) !== 0).toBe(butLast);
        }
      }
    }),
  );
});

it('accumulates for each row the weight of the closest class of each token', () => {
  const weights = [4, 2, 1];
  fc.assert(
    fc.property(
      catalog,
      fc.array(fc.tuple(words, words, words), { minLength: 1, maxLength: 3 }),
      (documents, choices) => {
        const data = buildSearchData(documents);
        const scan = new PostingScan(data, documents.length);
        const tokens = choices.map((choice) => {
          const classes = choice.map((word) => (data.tokens.includes(word) ? [data.tokens.indexOf(word)] : []));
          return { classes, weights, postings: classes.flat().length };
        });
        for (let repeat = 0; repeat < 2; repeat++) {
          const count = scan.accumulate(tokens);
          const found = new Map(Array.from(scan.rows.slice(0, count), (row) => [row, scan.evidence[row]]));
          for (const [row, item] of documents.entries()) {
            const all = fieldTokens(item).flatMap(([, list]) => list);
            const closest = choices.map((choice) => choice.findIndex((word) => all.includes(word)));
            const evidence = closest.reduce((sum, closeness) => sum + (weights[closeness] ?? 0), 0);
            expect(found.get(row) ?? 0).toBe(evidence);
            if (found.has(row)) {
              const title = tokenize(item.titles[0]);
              const inTitle = choices.filter((choice, i) => title.includes(choice[closest[i]]));
              expect(scan.inTitle[row]).toBe(inTitle.length);
            }
          }
        }
      },
    ),
  );
});
