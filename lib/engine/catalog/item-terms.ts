import type { NewItem } from '../../contracts/live-signals';
import type { ContentColumns } from '../../format/content';
import { decadeOf, MAX_FREQUENCY, wordsOf } from '../../format/derived';
import type { TermCounts, TermStatistics } from './tfidf';

/**
 * The terms of an item. The pipeline extracts those of the catalog with these functions and the engine those of items
 * that came later, so that models only receive features that they were trained on.
 */

/** Words retained of one text; more cost bytes and add noise. */
export const MAX_WORDS_PER_TEXT = 24;

type ContentField = ContentColumns['fields'][number];

/** An item's facts, as a domain folder or a published item has them. */
export interface ItemFacts {
  title: string;
  year?: number | null;
  creators?: readonly string[];
  tags?: Readonly<Record<string, readonly string[]>>;
  text?: Readonly<Record<string, string>>;
  numbers?: Readonly<Record<string, number>>;
}

/**
 * The terms of an item in one field, repeats included: a tag is a term as it stands, running text is split into words,
 * a year becomes its decade and any other number the range between two powers of two.
 */
export function fieldTerms(
  item: ItemFacts,
  { name, kind }: { name: string; kind: 'text' | 'tags' | 'number' },
): string[] {
  if (kind === 'number') {
    const value = name === 'year' ? item.year : item.numbers?.[name];
    if (value === undefined || value === null) return [];
    return name === 'year' ? [decadeOf(value)] : [magnitude(value)];
  }
  const values =
    name === 'title'
      ? [item.title]
      : name === 'creators'
        ? (item.creators ?? [])
        : kind === 'text' && item.text?.[name] !== undefined
          ? [item.text[name]]
          : (item.tags?.[name] ?? []);
  return kind === 'text' ? values.flatMap(wordsOf) : values.filter((value) => value.trim() !== '');
}

/** The range that a number lies in, as "8–16". */
function magnitude(value: number): string {
  const exponent = value === 0 ? 0 : Math.floor(Math.log2(Math.abs(value)));
  return value === 0 ? '0' : `${value < 0 ? '−' : ''}${2 ** exponent}–${2 ** (exponent + 1)}`;
}

/** A term of an item, and how often it occurs there. */
export interface TermFrequency {
  term: number;
  frequency: number;
}

/**
 * The words that distinguish one text from others, by (1 + ln f) · ln(1 + N / n), best first.
 *
 * @param documentFrequency n, by term
 * @param documents N
 */
export function bestWords(
  words: readonly TermFrequency[],
  documentFrequency: ArrayLike<number>,
  documents: number,
): TermFrequency[] {
  const score = ({ term, frequency }: TermFrequency) =>
    (1 + Math.log(frequency)) * Math.log(1 + documents / Math.max(1, documentFrequency[term]));
  return words
    .map((word) => ({ word, score: score(word) }))
    .sort((a, b) => b.score - a.score || a.word.term - b.word.term)
    .slice(0, MAX_WORDS_PER_TEXT)
    .map(({ word }) => word);
}

/** A field of running text: its terms alone are never named, although they have weight. */
export const isText = ({ tellable, weight }: ContentField): boolean => !tellable && weight > 0;

const kindOf = (field: ContentField): 'text' | 'tags' | 'number' =>
  field.name === 'year' ? 'number' : isText(field) ? 'text' : 'tags';

/**
 * The terms of items that came after the vocabulary, which leaves out unknown ones. Scans the vocabulary once,
 * however many items there are: a map of it would cost every visit more.
 *
 * @param itemCount items of the whole catalog
 * @returns parallel to `items`
 */
export function countItemTerms(
  items: readonly NewItem[],
  { fields, terms, termFields, documentFrequency }: TermStatistics & Pick<ContentColumns, 'terms'>,
  itemCount: number,
): TermCounts[] {
  const counts = items.map((item) => {
    // 0 stands for an unknown year, as in the catalog.
    const facts = { ...item, year: item.year || null };
    return fields.map((field) => countValues(fieldTerms(facts, { name: field.name, kind: kindOf(field) })));
  });
  const wanted = fields.map((_, field) => new Set(counts.flatMap((byField) => [...byField[field].keys()])));
  const numbers = fields.map(() => new Map<string, number>());
  for (let term = 0; term < terms.length; term++) {
    const field = termFields[term];
    if (wanted[field].size === 0) continue;
    const key = terms[term].toLowerCase();
    if (wanted[field].has(key)) numbers[field].set(key, term);
  }
  return counts.map((byField) => {
    const found = byField.flatMap((values, field) => {
      const known = [...values].flatMap(([key, frequency]) => {
        const term = numbers[field].get(key);
        return term === undefined ? [] : [{ term, frequency }];
      });
      return isText(fields[field]) ? bestWords(known, documentFrequency, itemCount) : known;
    });
    found.sort((a, b) => a.term - b.term);
    return {
      terms: Uint32Array.from(found, ({ term }) => term),
      frequencies: Uint8Array.from(found, ({ frequency }) => Math.min(MAX_FREQUENCY, frequency)),
    };
  });
}

/** How often each value occurs, case folded. */
function countValues(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) {
    const key = value.toLowerCase();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
