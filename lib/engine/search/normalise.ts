/** Splits indexed text and queries into normalised tokens. */

/** The rest of a query beyond this many code points is ignored. */
export const MAX_QUERY_CODE_POINTS = 100;
/** Tokens of a query beyond this many are ignored. */
export const MAX_QUERY_TOKENS = 12;
/** Longer tokens are cut, in index and queries alike, so that they still match. In UTF-16 code units. */
export const MAX_TOKEN_LENGTH = 64;

/** Articles that queries may omit at the start of a title. */
const ARTICLES: ReadonlySet<string> = new Set(['a', 'an', 'the']);

/** A fast path: most titles consist of these letters, digits, spaces and separators only. */
const PLAIN = /^[a-z0-9 ,:;!?()&/"-]*$/i;
const NON_ASCII = /[^\0-\x7f]/;
const APOSTROPHES = /['`\u00b4\u02bb\u02bc\u2018\u2019\u2032\uff07]/g;
/** "E.T.", "S.W.A.T.", "M*A*S*H": single letters with a dot or star after each, the last one optional. */
const INITIALS =
  /(?<![\p{L}\p{N}])(?:\p{L}[.*]){2,}(?:\p{L}(?![\p{L}\p{N}]))?|(?<![\p{L}\p{N}])\p{L}[.*]\p{L}(?![\p{L}\p{N}])/gu;
/** A space must precede these, because NFKD turns "8½" into "81⁄2". */
const VULGAR_FRACTIONS = /[\u00bc-\u00be\u2150-\u215e\u2189]/g;
/**
 * Marks that people omit in typing: those of Latin, Greek and Cyrillic letters, Hebrew points, Arabic vowel signs. The
 * vowel signs of Indic scripts and Thai work like letters and are not removed.
 */
const DIACRITICS = /(?=\p{M})[\p{Script=Inherited}\p{Script=Cyrillic}\p{Script=Hebrew}\p{Script=Arabic}]/gu;
/** Letters that NFKD does not decompose, although people type one or two plain letters for them. */
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
/** Names with signs that tell them from other names. */
const SIGNED_NAMES: readonly [RegExp, string][] = [
  [/(?<![\p{L}\p{N}])([a-z])\+\+/giu, '$1plusplus'],
  [/(?<![\p{L}\p{N}])([a-z])#/giu, '$1sharp'],
  [/\.net(?![\p{L}\p{N}])/giu, ' dotnet'],
];
/** Whether any of these names may be in a text: most have none of the signs. */
const SIGN_OF_NAME = /[+#]|\.net/i;
const WORD_CHARACTER = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]$/u;
/** Chinese and Japanese are written without spaces, so each of their characters is a token. */
const TOKEN =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{N}\p{M}])+/gu;
const ASCII_TOKEN = /[a-z0-9]+/g;

/**
 * Splits a text at characters that are neither letters nor numbers, after compatibility decomposition (NFKD), removal
 * of diacritics and case folding. Apostrophes and the dots of initials do not split: "don't" → `dont`, "E.T." → `et`.
 * Signs that are part of a name are kept as words: "C++" → `cplusplus`, ".NET" → `dotnet`.
 *
 * @returns tokens in order, with repetitions
 */
export function tokenize(text: string): string[] {
  if (text.length <= MAX_TOKEN_LENGTH && PLAIN.test(text)) return text.toLowerCase().match(ASCII_TOKEN) ?? [];
  let read = text;
  if (SIGN_OF_NAME.test(text)) for (const [sign, name] of SIGNED_NAMES) read = read.replace(sign, name);
  const joined = read.replace(APOSTROPHES, '').replace(INITIALS, (initials) => initials.replace(/[.*]/g, ''));
  if (!NON_ASCII.test(joined)) return (joined.toLowerCase().match(ASCII_TOKEN) ?? []).map(cut);
  // Upper case first, because it also folds letters without a lower-case equivalent, such as "ß" and the dotless "ı".
  const folded = joined
    .replace(VULGAR_FRACTIONS, ' $&')
    .normalize('NFKD')
    .replace(DIACRITICS, '')
    .toUpperCase()
    .toLowerCase()
    .replace(SPECIAL_LETTERS, (letter) => PLAIN_LETTERS[letter]);
  return (folded.match(TOKEN) ?? []).map(cut);
}

/** Whether a token is a character of Chinese or Japanese, which is a word of its own. */
export const isWordCharacter = (token: string): boolean => WORD_CHARACTER.test(token);

function cut(token: string): string {
  if (token.length <= MAX_TOKEN_LENGTH) return token;
  const last = token.charCodeAt(MAX_TOKEN_LENGTH - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return token.slice(0, splitsPair ? MAX_TOKEN_LENGTH - 1 : MAX_TOKEN_LENGTH);
}

/** @returns `tokens` without a leading article, unless it is the only token */
export function withoutArticle(tokens: string[]): string[] {
  return tokens.length > 1 && ARTICLES.has(tokens[0]) ? tokens.slice(1) : tokens;
}

export interface Query {
  /** In order, with repetitions; at most {@link MAX_QUERY_TOKENS}. */
  tokens: string[];
  /** Whether the last token may be incomplete, because the query ends with it. */
  open: boolean;
}

/** Parses a query. The limits bound its cost for long input. */
export function parseQuery(text: string): Query {
  // A code point takes one or two code units, so this prefix is long enough.
  const points = Array.from(text.slice(0, 2 * MAX_QUERY_CODE_POINTS)).slice(0, MAX_QUERY_CODE_POINTS);
  const read = points.join('');
  const tokens = tokenize(read);
  return {
    tokens: tokens.slice(0, MAX_QUERY_TOKENS),
    open: tokens.length <= MAX_QUERY_TOKENS && /[\p{L}\p{N}\p{M}]$/u.test(read),
  };
}
