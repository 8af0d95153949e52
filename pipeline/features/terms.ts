import type { Field, ItemRow } from '../../lib/contracts/domain-folder';
import type { ContentColumns } from '../../lib/format/content';
import { decadeOf, MAX_FREQUENCY, wordsOf } from '../../lib/format/derived';
import { toSparseRows } from '../../lib/math/sparse';

/** Most telling words kept of one text; the rest costs bytes and adds noise. */
const WORDS_PER_TEXT = 24;
/** Words in more than this share of the texts tell nothing apart. */
const COMMON_WORD_SHARE = 0.1;
/** A term of one item makes it similar to nothing. */
const LEAST_ITEMS = 2;

/**
 * The terms of every item and field: a tag is one term as it stands (case folded), running text is split into words,
 * a year or another number becomes the range it lies in. Terms of a single item are left out.
 *
 * @param notNamed words of terms that no reason is to name, in any case
 * @param headItems terms of the first so many items are numbered before all others
 */
export function extractTerms(
  items: readonly ItemRow[],
  fields: readonly Field[],
  notNamed: readonly string[] = [],
  headItems = items.length,
): ContentColumns {
  const used = fields.filter(({ weight, search }) => weight > 0 || search);
  const termNumbers = new Map<string, number>();
  const terms: string[] = [];
  const termFields: number[] = [];
  const documentFrequency: number[] = [];
  const rows: Map<number, number>[] = items.map(() => new Map());

  used.forEach((field, fieldNumber) => {
    const firstTerm = terms.length;
    let documents = 0;
    items.forEach((item, row) => {
      const values = fieldTerms(item, field);
      if (values.length > 0) documents++;
      for (const value of values) {
        const key = `${fieldNumber}\t${value.toLowerCase()}`;
        let term = termNumbers.get(key);
        if (term === undefined) {
          term = terms.length;
          termNumbers.set(key, term);
          terms.push(value);
          termFields.push(fieldNumber);
          documentFrequency.push(0);
        }
        const count = rows[row].get(term) ?? 0;
        if (count === 0) documentFrequency[term]++;
        rows[row].set(term, count + 1);
      }
    });
    if (field.kind === 'text') keepTellingWords(rows, documentFrequency, firstTerm, documents);
  });

  // Renumber the terms that remain by how common they are: small numbers for common terms code shortest.
  const remaining = new Uint32Array(terms.length);
  for (const row of rows) for (const term of row.keys()) remaining[term]++;
  const later = new Uint8Array(terms.length).fill(1);
  for (const row of rows.slice(0, headItems)) for (const term of row.keys()) later[term] = 0;
  const kept = Array.from(terms.keys())
    .filter((term) => remaining[term] > 0 && documentFrequency[term] >= LEAST_ITEMS)
    .sort(
      (a, b) =>
        later[a] - later[b] || termFields[a] - termFields[b] || documentFrequency[b] - documentFrequency[a] || a - b,
    );
  const newNumber = new Map(kept.map((term, index) => [term, index]));
  const lists = rows.map((row) =>
    [...row].flatMap(([term, count]) => {
      const number = newNumber.get(term);
      return number === undefined ? [] : [{ number, count }];
    }),
  );
  for (const list of lists) list.sort((a, b) => a.number - b.number);
  return {
    fields: used.map(({ name, kind, weight, search }) => ({
      name,
      weight,
      tellable: kind !== 'text' && weight > 0,
      ...(search && { search }),
    })),
    terms: kept.map((term) => terms[term]),
    termFields: Uint8Array.from(kept, (term) => termFields[term]),
    notNamed: termsWithWords(
      kept.map((term) => terms[term]),
      notNamed,
    ),
    documentFrequency: Uint32Array.from(kept, (term) => documentFrequency[term]),
    rows: toSparseRows(lists.map((list) => list.map(({ number }) => number))),
    frequencies: Uint8Array.from(lists.flatMap((list) => list.map(({ count }) => Math.min(MAX_FREQUENCY, count)))),
  };
}

function termsWithWords(terms: readonly string[], listed: readonly string[]): Uint32Array {
  const unwanted = new Set(listed.map((word) => word.toLowerCase()));
  const hasOne = (term: string) =>
    term
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .some((word) => unwanted.has(word));
  return Uint32Array.from(terms.keys()).filter((number) => hasOne(terms[number]));
}

/** Of each item's words in the field whose terms begin at `firstTerm`, keeps the best by TF-IDF. */
function keepTellingWords(
  rows: Map<number, number>[],
  documentFrequency: number[],
  firstTerm: number,
  documents: number,
): void {
  for (const row of rows) {
    const words = [...row].filter(([term]) => term >= firstTerm);
    if (words.length === 0) continue;
    const scored = words
      .filter(
        ([term]) =>
          documentFrequency[term] >= LEAST_ITEMS &&
          documentFrequency[term] <= Math.max(LEAST_ITEMS, COMMON_WORD_SHARE * documents),
      )
      .map(([term, count]) => ({
        term,
        score: (1 + Math.log(count)) * Math.log(1 + documents / documentFrequency[term]),
      }))
      .sort((a, b) => b.score - a.score || a.term - b.term);
    const keep = new Set(scored.slice(0, WORDS_PER_TEXT).map(({ term }) => term));
    for (const [term] of words) if (!keep.has(term)) row.delete(term);
  }
}

function fieldTerms(item: ItemRow, field: Field): string[] {
  if (field.kind === 'number') {
    const value = field.name === 'year' ? item.year : item.numbers?.[field.name];
    if (value === undefined) return [];
    return field.name === 'year' ? [decadeOf(value)] : [magnitude(value)];
  }
  const values =
    field.name === 'title'
      ? [item.title]
      : field.name === 'creators'
        ? (item.creators ?? [])
        : field.kind === 'text'
          ? [item.text?.[field.name] ?? (item.tags?.[field.name] ?? []).join(' ')]
          : (item.tags?.[field.name] ?? []);
  return field.kind === 'text' ? values.flatMap(wordsOf) : values.filter((value) => value.trim() !== '');
}

/** Numbers alike in size share a term: the range between two powers of two. */
function magnitude(value: number): string {
  const exponent = value === 0 ? 0 : Math.floor(Math.log2(Math.abs(value)));
  return value === 0 ? '0' : `${value < 0 ? '−' : ''}${2 ** exponent}–${2 ** (exponent + 1)}`;
}
