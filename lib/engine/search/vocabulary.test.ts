import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_FUZZY_LENGTH, Vocabulary } from './vocabulary';

/** Optimal string alignment of `pattern` with every prefix of `token`, the whole token last, by the textbook table. */
function alignments(pattern: string, token: string): number[] {
  const table = Array.from({ length: pattern.length + 1 }, (_, i) => {
    const row = new Array<number>(token.length + 1).fill(0);
    row[0] = i;
    return row;
  });
  for (let j = 0; j <= token.length; j++) table[0][j] = j;
  for (let i = 1; i <= pattern.length; i++) {
    for (let j = 1; j <= token.length; j++) {
      const differs = pattern[i - 1] === token[j - 1] ? 0 : 1;
      table[i][j] = Math.min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + differs);
      const isSwap = i > 1 && j > 1 && pattern[i - 1] === token[j - 2] && pattern[i - 2] === token[j - 1];
      if (isSwap) table[i][j] = Math.min(table[i][j], table[i - 2][j - 2] + 1);
    }
  }
  return table[pattern.length];
}

type Found = [token: string, distance: number, prefixDistance: number];

function searchPlainly(tokens: string[], pattern: string, bound: number, asPrefix: boolean): Found[] {
  return tokens.flatMap((token): Found[] => {
    const distances = alignments(pattern, token);
    const distance = Math.min(distances[token.length], bound + 1);
    const prefixDistance = Math.min(...distances, bound + 1);
    const matches = distance <= bound || (asPrefix && prefixDistance <= bound);
    return matches ? [[token, distance, prefixDistance]] : [];
  });
}

function search(vocabulary: Vocabulary, tokens: string[], pattern: string, bound: number, asPrefix: boolean): Found[] {
  vocabulary.searchFuzzy(pattern, bound, asPrefix);
  const { matches, distances, prefixDistances, matchCount } = vocabulary;
  return Array.from(matches.slice(0, matchCount), (t, m) => [tokens[t], distances[m], prefixDistances[m]]);
}

const letters = fc.constantFrom('a', 'b', 'c', 'é');
const word = fc.string({ unit: letters, minLength: 1, maxLength: 9 });
const vocabularyOf = fc.uniqueArray(word, { maxLength: 60 }).map((tokens) => tokens.sort());

describe('Vocabulary', () => {
  it('finds the same as the textbook table', () => {
    fc.assert(
      fc.property(
        vocabularyOf,
        fc.array(fc.tuple(word, fc.constantFrom(1, 2), fc.boolean()), { minLength: 1, maxLength: 5 }),
        (tokens, queries) => {
          const vocabulary = new Vocabulary(tokens);
          for (const [pattern, bound, asPrefix] of queries) {
            const expected = searchPlainly(tokens, pattern, bound, asPrefix);
            expect(search(vocabulary, tokens, pattern, bound, asPrefix)).toEqual(expected);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('matches patterns up to the width of its rows, and no longer ones', () => {
    const longest = 'ab'.repeat(16).slice(0, MAX_FUZZY_LENGTH);
    const tokens = [longest, `${longest.slice(1)}c`, `${longest}cc`].sort();
    const vocabulary = new Vocabulary(tokens);
    for (const bound of [1, 2]) {
      const expected = searchPlainly(tokens, longest, bound, true);
      expect(search(vocabulary, tokens, longest, bound, true)).toEqual(expected);
    }
    expect(search(vocabulary, tokens, `${longest}c`, 2, false)).toEqual([]);
  });

  it('counts a transposition, also of the first two letters, as one edit', () => {
    const tokens = ['inception', 'jaws', 'matrix'];
    const vocabulary = new Vocabulary(tokens);
    expect(search(vocabulary, tokens, 'inceptoin', 2, false)).toEqual([['inception', 1, 1]]);
    expect(search(vocabulary, tokens, 'ajws', 1, false)).toEqual([['jaws', 1, 1]]);
  });

  it('returns the range of a prefix', () => {
    fc.assert(
      fc.property(vocabularyOf, fc.string({ unit: letters, maxLength: 3 }), (tokens, prefix) => {
        const [from, to] = new Vocabulary(tokens).prefixRange(prefix);
        expect(tokens.slice(from, to)).toEqual(tokens.filter((token) => token.startsWith(prefix)));
      }),
    );
  });
});
