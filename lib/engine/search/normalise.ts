/** How text becomes the tokens that are indexed, and how a query becomes the tokens that are looked up. */

/** A query is read up to this many code points; the rest is ignored. */
export const MAX_QUERY_CODE_POINTS = 100;
/** Tokens of a query beyond this many are ignored. */
export const MAX_QUERY_TOKENS = 12;
/** Longer tokens are cut, in the index and in the query alike, so that they still meet. UTF-16 code units. */
export const MAX_TOKEN_LENGTH = 64;

/** Articles that may be left out at the start of a title. */
const ARTICLES: ReadonlySet<string> = new Set(['a', 'an', 'the']);

/** Letters, digits, blanks and marks that only part words: most titles are nothing else. */
const PLAIN = /^[a-z0-9 ,:;!?()&/"-]*$/i;
const NON_ASCII = /[^\0-\x7f]/;
const APOSTROPHES = /['`\u00b4\u02bb\u02bc\u2018\u2019\u2032\uff07]/g;
/** "E.T.", "S.W.A.T.", "M*A*S*H": single letters with a dot or star after each, the last one optional. */
const INITIALS =
  /(?<![\p{L}\p{N}])(?:\p{L}[.*]){2,}(?:\p{L}(?![\p{L}\p{N}]))?|(?<![\p{L}\p{N}])\p{L}[.*]\p{L}(?![\p{L}\p{N}])/gu;
/** NFKD would glue "8½" into "81⁄2". */
const VULGAR_FRACTIONS = /[\u00bc-\u00be\u2150-\u215e\u2189]/g;
/**
 * Marks that may be left out in typing: those of Latin, Greek and Cyrillic letters, Hebrew points, Arabic vowel
 * signs. The vowel signs of Indic scripts and Thai are letters in all but name and stay.
 */
const DIACRITICS = /(?=\p{M})[\p{Script=Inherited}\p{Script=Cyrillic}\p{Script=Hebrew}\p{Script=Arabic}]/gu;
/** Letters that NFKD leaves whole though they are typed as one or two plain ones. */
const PLAIN_LETTERS: Readonly<Record<string, string>> = {
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ς: 'σ',
};
const SPECIAL_LETTERS = /[æœøłđðþħς]/g;
/** Chinese and Japanese are written without spaces: there each character is a token. */
const TOKEN =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{N}\p{M}])+/gu;
const ASCII_TOKEN = /[a-z0-9]+/g;

/**
 * The tokens of a text in order, repeats included: compatibility-decomposed (NFKD), without diacritics,
 * case-folded, split at whatever is neither letter nor number. Apostrophes join ("don't" → `dont`), as do
 * the dots of initials ("E.T." → `et`).
 */
export function tokenize(text: string): string[] {
  if (text.length <= MAX_TOKEN_LENGTH && PLAIN.test(text)) return text.toLowerCase().match(ASCII_TOKEN) ?? [];
  const joined = text.replace(APOSTROPHES, '').replace(INITIALS, (initials) => initials.replace(/[.*]/g, ''));
  if (!NON_ASCII.test(joined)) return (joined.toLowerCase().match(ASCII_TOKEN) ?? []).map(cut);
  // Upper case first: it unfolds what has no lower-case equal, such as "ß" and the dotless "ı".
  const folded = joined
    .replace(VULGAR_FRACTIONS, ' $&')
    .normalize('NFKD')
    .replace(DIACRITICS, '')
    .toUpperCase()
    .toLowerCase()
    .replace(SPECIAL_LETTERS, (letter) => PLAIN_LETTERS[letter]);
  return (folded.match(TOKEN) ?? []).map(cut);
}

function cut(token: string): string {
  if (token.length <= MAX_TOKEN_LENGTH) return token;
  const last = token.charCodeAt(MAX_TOKEN_LENGTH - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return token.slice(0, splitsPair ? MAX_TOKEN_LENGTH - 1 : MAX_TOKEN_LENGTH);
}

/** `tokens` without the article they begin with, if that leaves anything. */
export function withoutArticle(tokens: string[]): string[] {
  return tokens.length > 1 && ARTICLES.has(tokens[0]) ? tokens.slice(1) : tokens;
}

export interface Query {
  /** In order, repeats included; at most {@link MAX_QUERY_TOKENS}. */
  tokens: string[];
  /** True while the last token may still be growing: nothing follows it. */
  open: boolean;
}

/** Reads what was typed. Costs the same for ten thousand characters as for a hundred. */
export function parseQuery(text: string): Query {
  // A code point takes one or two code units, so this prefix holds all that is read.
  const points = Array.from(text.slice(0, 2 * MAX_QUERY_CODE_POINTS)).slice(0, MAX_QUERY_CODE_POINTS);
  const read = points.join('');
  const tokens = tokenize(read);
  return {
    tokens: tokens.slice(0, MAX_QUERY_TOKENS),
    open: tokens.length <= MAX_QUERY_TOKENS && /[\p{L}\p{N}\p{M}]$/u.test(read),
  };
}
