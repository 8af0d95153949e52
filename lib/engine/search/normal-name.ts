import { isWordCharacter, tokenize } from './normalise';

/** Signs that belong to a name, as people say them. */
const SIGNS: readonly [RegExp, string][] = [
  [/(?<=[\p{L}\p{N}])\$(?=\p{L})|(?<=\p{L})\$/gu, 's'],
  [/(?<=\p{L})!(?=\p{L})/gu, 'i'],
  // "a-ha", "WALL·E", "AC/DC": parts of one or two letters belong together.
  [/(?<![\p{L}\p{N}])(\p{L}{1,2})[-/·](\p{L}{1,2})(?![\p{L}\p{N}])/gu, '$1$2'],
];
/** Words that names have or not. */
const OPTIONAL: ReadonlySet<string> = new Set(['a', 'an', 'the', 'and']);
/** Words before the number of a part. */
const PARTS: ReadonlySet<string> = new Set(['part', 'pt', 'vol', 'volume', 'chapter', 'episode', 'ep', 'no', 'number']);
const SHORT_FORMS: ReadonlyMap<string, string> = new Map([
  ['doctor', 'dr'],
  ['mister', 'mr'],
  ['missus', 'mrs'],
  ['saint', 'st'],
  ['versus', 'vs'],
]);
const NUMBER_AT_END = /(?<=^\p{L}{2,})\d+$/u;
const UNITS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const NUMBER_WORDS: ReadonlyMap<string, number> = new Map([
  ...UNITS.map((word, value): [string, number] => [word, value]),
  ...TENS.map((word, i): [string, number] => [word, 20 + 10 * i]),
]);
const ROMAN_NUMERALS: ReadonlyMap<string, number> = new Map(
  'ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx'.split(' ').map((word, i) => [word, i + 2]),
);

/**
 * The normal form of a name: equal for the spellings in which people write one. Case, accents, apostrophes, articles
 * and "and" do not count, numbers are digits ("Rocky II", "Twelve Angry Men"), as are those of parts ("Part II", "Vol.
 * 2"); initials are one word; "Doctor" is "dr".
 *
 * Applied to its own result it changes nothing.
 */
export const normalName = (text: string): string => normalise(tokenize(withSigns(text)));

function withSigns(text: string): string {
  let read = text;
  if (SIGN.test(text)) for (const [sign, replacement] of SIGNS) read = read.replace(sign, replacement);
  return read;
}
const SIGN = /[$!/·-]/;

/** Most names have nothing that is written in several ways, or an article alone: each step runs where it is needed. */
function normalise(tokens: readonly string[]): string {
  let words: string[] = [];
  let hasInitial = false;
  let hasNumber = false;
  let hasPart = false;
  for (const token of tokens) {
    if (OPTIONAL.has(token)) continue;
    if (token.length === 1 || WIDE_LETTER.test(token)) hasInitial = true;
    if (NUMBER_WORDS.has(token) || ROMAN_NUMERALS.has(token)) hasNumber = true;
    else if (PARTS.has(token)) hasPart = true;
    else if (DIGIT.test(token)) {
      hasNumber = true;
      // "Alien³" is "Alien 3".
      words.push(...token.replace(NUMBER_AT_END, ' $&').split(' '));
      continue;
    }
    words.push(SHORT_FORMS.get(token) ?? token);
  }
  if (words.length === 0) [words, hasInitial, hasNumber] = [tokens.slice(), true, true];
  if (hasInitial) words = joinInitials(words);
  if (hasNumber) words = withNumbers(words);
  if (hasNumber && hasPart) words = withoutParts(words);
  return words.join(' ');
}
const DIGIT = /\d/;
/** A letter beyond the first plane has two code units. */
const WIDE_LETTER = /^[\ud800-\udbff].$/s;

/** "kill bill vol 2" → "kill bill 2". */
function withoutParts(tokens: string[]): string[] {
  for (let i = tokens.length - 2; i > 0; i--)
    if (PARTS.has(tokens[i]) && /^\d+$/.test(tokens[i + 1])) tokens.splice(i, 1);
  return tokens;
}

/** "e t" → "et". Tokens of Chinese and Japanese are single letters too, and belong together. */
function joinInitials(tokens: readonly string[]): string[] {
  const joined: string[] = [];
  let last: 'initial' | 'character' | 'word' = 'word';
  for (const token of tokens) {
    const isSingle = [...token].length === 1 && /\p{L}/u.test(token);
    const kind = !isSingle ? 'word' : isWordCharacter(token) ? 'character' : 'initial';
    if (kind !== 'word' && kind === last) joined[joined.length - 1] += token;
    else joined.push(token);
    last = kind;
  }
  return joined;
}

/** Number words as digits: "twenty one" → 21, "one hundred one" → 101; roman numerals too, except at the beginning. */
function withNumbers(tokens: readonly string[]): string[] {
  const result: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    const roman = i > 0 ? ROMAN_NUMERALS.get(token) : undefined;
    let value = NUMBER_WORDS.get(token) ?? roman;
    if (value === undefined) {
      result.push(/^\d+$/.test(token) ? String(Number(token)) : token);
      continue;
    }
    const unit = NUMBER_WORDS.get(tokens[i + 1]);
    if (value >= 20 && value % 10 === 0 && unit !== undefined && unit > 0 && unit < 10 && roman === undefined) {
      value += unit;
      i++;
    }
    if (tokens[i + 1] === 'hundred' && value > 0 && value < 10) {
      i++;
      const rest = tokens[i + 1] === 'and' ? 2 : 1;
      const after = NUMBER_WORDS.get(tokens[i + rest]);
      value = 100 * value + (after ?? 0);
      if (after !== undefined) i += rest;
    }
    result.push(String(value));
  }
  return result;
}

/** How a name belongs to an item, the surest first. */
export const NAME_KINDS = ['title', 'initials', 'main', 'creator', 'acronym'] as const;
export type NameKind = (typeof NAME_KINDS)[number];

/** Words of a title before its subtitle: "Star Trek II: The Wrath of Khan". */
const SUBTITLE = /\s*(?::|\s[-–—]\s).*$/s;
/** "E.T. the Extra-Terrestrial" */
const LEADING_INITIALS = /^((?:\p{L}\.){2,})\s+\S/u;
/** A title of so many words has an acronym. */
const MIN_ACRONYM_WORDS = 3;

/** The normal names of a title: the whole, without its subtitle, the initials that it begins with, its acronym. */
export function namesOfTitle(title: string): { name: string; kind: NameKind }[] {
  const names: { name: string; kind: NameKind }[] = [];
  const add = (name: string, kind: NameKind) => {
    if (name !== '' && !names.some((other) => other.name === name)) names.push({ name, kind });
  };
  const tokens = tokenize(withSigns(title));
  add(normalise(tokens), 'title');
  const main = SUBTITLE_SIGN.test(title) ? title.replace(SUBTITLE, '') : title;
  if (main !== title && main !== '') add(normalName(main), 'main');
  const initials = title.includes('.') && LEADING_INITIALS.exec(title)?.[1];
  if (initials) add(normalName(initials), 'initials');
  add(acronymOf(main === title ? tokens : tokenize(main)), 'acronym');
  return names;
}
const SUBTITLE_SIGN = /[:–—-]/;

/** "The Lord of the Rings" → "lotr"; empty for a short title. */
function acronymOf(words: readonly string[]): string {
  const first = words[0] === 'the' ? 1 : 0;
  if (words.length - first < MIN_ACRONYM_WORDS) return '';
  let letters = '';
  for (let i = first; i < words.length; i++) letters += String.fromCodePoint(words[i].codePointAt(0)!);
  return letters;
}
