import type { NewItem } from '../../contracts/live-signals';
import type { CatalogColumns } from '../../format/catalog';
import type { ContentColumns } from '../../format/content';
import { decadeOf, MAX_FREQUENCY, wordsOf } from '../../format/derived';
import type { TermCounts } from '../recommenders/tfidf';

/** Most telling words kept of one text, as in the pipeline. */
const WORDS_PER_TEXT = 24;
/** Names of shown tags by which the field is known that they come from. */
const NAMES_LOOKED_UP = 50;

/** Fields that an item has besides its tags. */
const OWN_FIELDS = new Set(['title', 'creators', 'year']);

type ContentField = ContentColumns['fields'][number];

/** Only terms of running text may not be named, save those of fields without weight. */
const isText = ({ tellable, weight }: ContentField): boolean => !tellable && weight > 0;

/** What an item says in one field: the same values as pipeline/features/terms.ts makes of an item of the catalog. */
function fieldValues(item: NewItem, field: ContentField): string[] {
  if (field.name === 'year') return item.year ? [decadeOf(item.year)] : [];
  const values =
    field.name === 'title' ? [item.title] : field.name === 'creators' ? item.creators : (item.tags[field.name] ?? []);
  return isText(field) ? values.flatMap(wordsOf) : values.filter((value) => value.trim() !== '');
}

/**
 * The terms of items that came after the vocabulary: what it does not know is left out. Looks the whole vocabulary through
 * once, however many items there are, which spares every visit a map of it.
 *
 * @param itemCount rows of the whole catalog
 */
export function termsOfItems(items: readonly NewItem[], content: ContentColumns, itemCount: number): TermCounts[] {
  const { fields, terms, termFields } = content;
  const counts = items.map((item) => fields.map((field) => countValues(fieldValues(item, field))));
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
      return isText(fields[field]) ? tellingWords(known, content, itemCount) : known;
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

interface Counted {
  term: number;
  frequency: number;
}

/** The best words of a text by TF-IDF. */
function tellingWords(words: Counted[], { documentFrequency }: ContentColumns, itemCount: number): Counted[] {
  if (words.length <= WORDS_PER_TEXT) return words;
  const score = ({ term, frequency }: Counted) =>
    (1 + Math.log(frequency)) * Math.log(1 + itemCount / Math.max(1, documentFrequency[term]));
  return words.sort((a, b) => score(b) - score(a) || a.term - b.term).slice(0, WORDS_PER_TEXT);
}

/** The field whose values the catalog shows as tags: the one that has most of their names; null where it shows none. */
export function shownField({ tagNames }: CatalogColumns, { fields, terms, termFields }: ContentColumns): string | null {
  const names = new Set(tagNames.slice(0, NAMES_LOOKED_UP).map((name) => name.toLowerCase()));
  if (names.size === 0) return null;
  const hits = fields.map(() => 0);
  for (let term = 0; term < terms.length; term++) if (names.has(terms[term].toLowerCase())) hits[termFields[term]]++;
  const most = Math.max(...hits);
  return most > 0 ? fields[hits.indexOf(most)].name : null;
}

/** The tags of a row of the catalog by field, out of its terms: those of running text, title, creators and year left out. */
export function tagsOfRow(row: number, { fields, terms, termFields, rows }: ContentColumns): Record<string, string[]> {
  const tags: Record<string, string[]> = {};
  for (let i = rows.offsets[row]; i < rows.offsets[row + 1]; i++) {
    const term = rows.columns[i];
    const field = fields[termFields[term]];
    if (isText(field) || OWN_FIELDS.has(field.name)) continue;
    tags[field.name] ??= [];
    tags[field.name].push(terms[term]);
  }
  return tags;
}

/** The tags to show of an item: those of the shown field, and those under names that no field has. */
export function shownTags({ tags }: NewItem, shown: string | null, fields: readonly ContentField[]): string[] {
  const others = Object.keys(tags).flatMap((name) => (fields.some((field) => field.name === name) ? [] : tags[name]));
  return [...new Set([...(shown === null ? [] : (tags[shown] ?? [])), ...others])];
}

/** Names besides creators that the search box finds an item by. */
export const searchedNames = ({ tags }: NewItem, fields: readonly ContentField[]): string[] =>
  fields.flatMap(({ name, search }) => (search ? (tags[name] ?? []) : []));
