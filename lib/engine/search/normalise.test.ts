import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MAX_QUERY_CODE_POINTS,
  MAX_QUERY_TOKENS,
  MAX_TOKEN_LENGTH,
  parseQuery,
  tokenize,
  withoutArticle,
} from './normalise';

describe('tokenize', () => {
  it.each([
    ['The Godfather: Part II', ['the', 'godfather', 'part', 'ii']],
    ['Amélie', ['amelie']],
    ['Léon', ['leon']],
    ['WALL·E', ['wall', 'e']],
    ['AC/DC', ['ac', 'dc']],
    ['Simon & Garfunkel', ['simon', 'garfunkel']],
    ['Don’t Look Now', ['dont', 'look', 'now']],
    ["Don't Look Now", ['dont', 'look', 'now']],
    ['E.T. the Extra-Terrestrial', ['et', 'the', 'extra', 'terrestrial']],
    ['M*A*S*H', ['mash']],
    ['N.W.A', ['nwa']],
    ['J.R.R. Tolkien', ['jrr', 'tolkien']],
    ['Mr. T', ['mr', 't']],
    ['8½', ['8', '1', '2']],
    ['8 1/2', ['8', '1', '2']],
    ['Alien³', ['alien3']],
    ['Æon Flux', ['aeon', 'flux']],
    ['Bølle', ['bolle']],
    ['Die Straße', ['die', 'strasse']],
    ['ＦＵＬＬ　ＷＩＤＴＨ', ['full', 'width']],
  ])('%s', (text, tokens) => {
    expect(tokenize(text)).toEqual(tokens);
  });

  it('folds case in every script', () => {
    expect(tokenize('ΟΔΥΣΣΕΥΣ')).toEqual(tokenize('οδυσσεύς'));
    expect(tokenize('СТАЛКЕР')).toEqual(tokenize('Сталкер'));
    expect(tokenize('İSTANBUL')).toEqual(['istanbul']);
  });

  it('keeps vowel signs of Indic scripts and removes Hebrew points', () => {
    expect(tokenize('हिंदी')).toEqual(['हिंदी']);
    expect(tokenize('שָׁלוֹם')).toEqual(['שלום']);
  });

  it('makes each Chinese or Japanese character a token', () => {
    expect(tokenize('七人の侍')).toEqual(['七', '人', 'の', '侍']);
  });

  it('finds nothing in punctuation and emoji', () => {
    expect(tokenize('')).toEqual([]);
    expect(tokenize('¿?!… — "" \u0000')).toEqual([]);
    expect(tokenize('👩‍👩‍👧 🎬')).toEqual([]);
  });

  it('returns short, folded tokens that a second pass does not change', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        for (const token of tokenize(text)) {
          expect(token.length).toBeGreaterThan(0);
          expect(token.length).toBeLessThanOrEqual(MAX_TOKEN_LENGTH);
          expect(token).not.toMatch(/\s/u);
        }
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aZ9 éø.-’'), maxLength: 60 }), (text) => {
        const tokens = tokenize(text);
        expect(tokenize(tokens.join(' '))).toEqual(tokens);
        expect(tokenize(text.toUpperCase())).toEqual(tokens);
      }),
    );
  });
});

describe('withoutArticle', () => {
  it('drops a leading article, unless nothing would be left', () => {
    expect(withoutArticle(['the', 'matrix'])).toEqual(['matrix']);
    expect(withoutArticle(['matrix', 'the'])).toEqual(['matrix', 'the']);
    expect(withoutArticle(['the'])).toEqual(['the']);
  });
});

describe('parseQuery', () => {
  it('reports whether the last word may be incomplete', () => {
    expect(parseQuery('Star Wa')).toEqual({ tokens: ['star', 'wa'], open: true });
    expect(parseQuery('star wars ')).toEqual({ tokens: ['star', 'wars'], open: false });
    expect(parseQuery('').open).toBe(false);
  });

  it('reads no more than its limits', () => {
    expect(parseQuery('word '.repeat(2000)).tokens).toHaveLength(MAX_QUERY_TOKENS);
    expect(parseQuery('a'.repeat(10_000)).tokens).toEqual(['a'.repeat(MAX_TOKEN_LENGTH)]);
    expect(parseQuery(`${'🎬'.repeat(MAX_QUERY_CODE_POINTS - 1)}a b`).tokens).toEqual(['a']);
    expect(parseQuery(`${'🎬'.repeat(MAX_QUERY_CODE_POINTS)}a`).tokens).toEqual([]);
  });
});
