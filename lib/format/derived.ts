import type { SparseRows } from '../math/sparse';
import type { CatalogColumns } from './catalog';

/** Columns of the catalog from which a content field can be derived. Derived fields are not stored. */
export const SOURCES = ['titles', 'creators', 'tags', 'years'] as const;
export type Source = (typeof SOURCES)[number];

/** Frequencies are stored in one byte. */
export const MAX_FREQUENCY = 255;

/** Rows of a catalog with the names that their lists refer to, including those of preceding rows. */
export type NamedRows = Pick<CatalogColumns, 'titles' | 'years' | 'creators' | 'creatorNames' | 'tags' | 'tagNames'>;

/** @returns words of at least three characters, in lower case, with accents; words of digits only are left out */
export function wordsOf(text: string): string[] {
  const folded = text.toLowerCase();
  const words = folded.match(NON_ASCII.test(folded) ? WORD : ASCII_WORD) ?? [];
  return words.filter((word) => !DIGITS.test(word));
}

const NON_ASCII = /[^\0-\x7f]/;
const WORD = /[\p{L}\p{N}][\p{L}\p{N}+#]{2,}/gu;
const ASCII_WORD = /[a-z0-9][a-z0-9+#]{2,}/g;
const DIGITS = /^\d+$/;

/** @returns the term of a year: "1980s" for 1987 */
export const decadeOf = (year: number): string => `${Math.floor(year / 10) * 10}s`;

/** The values of one catalog column. */
export interface Values {
  /** Distinct values ignoring case, spelled as in their first appearance, in order of first appearance. */
  spellings: string[];
  /** `spellings` in lower case. */
  keys: string[];
  /** Value numbers by row, in order, with repetitions. */
  rows: SparseRows;
}

export function valuesOf(source: Source, rows: NamedRows): Values {
  const spellings: string[] = [];
  const numbers = new Map<string, number>();
  const number = (key: string, spelling: string): number => {
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, spellings.length);
    return spellings.push(spelling) - 1;
  };
  const count = rows.titles.length;
  const offsets = new Uint32Array(count + 1);
  const values: number[] = [];
  if (source === 'titles') {
    for (let row = 0; row < count; row++) {
      for (const word of wordsOf(rows.titles[row])) values.push(number(word, word));
      offsets[row + 1] = values.length;
    }
  } else if (source === 'years') {
    for (let row = 0; row < count; row++) {
      const year = rows.years[row];
      if (year !== 0) values.push(number(decadeOf(year), decadeOf(year)));
      offsets[row + 1] = values.length;
    }
  } else {
    const [names, lists] = source === 'creators' ? [rows.creatorNames, rows.creators] : [rows.tagNames, rows.tags];
    const UNSEEN = -2;
    const BLANK = -1;
    const numberOf = new Int32Array(names.length).fill(UNSEEN);
    for (let row = 0; row < count; row++) {
      for (let i = lists.offsets[row]; i < lists.offsets[row + 1]; i++) {
        const name = lists.columns[i];
        if (numberOf[name] === UNSEEN)
          numberOf[name] = names[name].trim() === '' ? BLANK : number(names[name].toLowerCase(), names[name]);
        if (numberOf[name] !== BLANK) values.push(numberOf[name]);
      }
      offsets[row + 1] = values.length;
    }
  }
  return { spellings, keys: [...numbers.keys()], rows: { offsets, columns: Uint32Array.from(values) } };
}

/** The entries of one content field. Terms are numbered within the field. */
export interface FieldRows {
  /** Ascending and distinct in each list. */
  rows: SparseRows;
  /** Parallel to `rows.columns`. */
  frequencies: Uint8Array;
}

/**
 * Counts the terms of each row.
 *
 * @param termOf by value number: its term number, −1 if it is not a term
 */
export function countTerms({ rows }: Values, termOf: Int32Array): FieldRows {
  const count = rows.offsets.length - 1;
  const offsets = new Uint32Array(count + 1);
  const columns = new Uint32Array(rows.columns.length);
  const frequencies = new Uint8Array(rows.columns.length);
  let end = 0;
  for (let row = 0; row < count; row++) {
    const begin = end;
    for (let i = rows.offsets[row]; i < rows.offsets[row + 1]; i++) {
      const term = termOf[rows.columns[i]];
      if (term < 0) continue;
      let at = end;
      while (at > begin && columns[at - 1] >= term) at--;
      if (at < end && columns[at] === term) {
        if (frequencies[at] < MAX_FREQUENCY) frequencies[at]++;
        continue;
      }
      columns.copyWithin(at + 1, at, end);
      frequencies.copyWithin(at + 1, at, end);
      columns[at] = term;
      frequencies[at] = 1;
      end++;
    }
    offsets[row + 1] = end;
  }
  return { rows: { offsets, columns: columns.slice(0, end) }, frequencies: frequencies.slice(0, end) };
}

/**
 * Orders the values that are terms as terms are numbered: by falling document frequency, then by first appearance.
 *
 * @param documentFrequency by value number; 0 if it is not a term
 * @returns value numbers
 */
export function orderTerms(documentFrequency: ArrayLike<number>): number[] {
  const chosen: number[] = [];
  for (let value = 0; value < documentFrequency.length; value++) if (documentFrequency[value] > 0) chosen.push(value);
  return chosen.sort((a, b) => documentFrequency[b] - documentFrequency[a] || a - b);
}
