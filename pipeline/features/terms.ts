import type { Field, ItemRow } from '../../lib/contracts/domain-folder';
import { bestWords, fieldTerms } from '../../lib/engine/catalog/item-terms';
import type { ContentColumns } from '../../lib/format/content';
import { MAX_FREQUENCY } from '../../lib/format/derived';
import { toSparseRows } from '../../lib/math/sparse';

/** Words in a larger share of the texts do not distinguish items. */
const COMMON_WORD_SHARE = 0.1;
/** A term of a single item contributes to no similarity. */
const MIN_ITEMS = 2;

/**
 * Extracts the terms of every item and field, with the functions by which the engine extracts those of later items
 * (lib/engine/catalog/item-terms.ts). Terms of a single item are left out.
 *
 * @param notNamed words, in any case, that exclude a term from reasons
 * @param headItems terms of the first so many items get the smallest numbers
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
    if (field.kind === 'text') keepBestWords(rows, documentFrequency, firstTerm, documents);
  });

  // Renumber the remaining terms by frequency: small numbers take fewer bytes.
  const remaining = new Uint32Array(terms.length);
  for (const row of rows) for (const term of row.keys()) remaining[term]++;
  const isTailOnly = new Uint8Array(terms.length).fill(1);
  for (const row of rows.slice(0, headItems)) for (const term of row.keys()) isTailOnly[term] = 0;
  const kept = Array.from(terms.keys())
    .filter((term) => remaining[term] > 0 && documentFrequency[term] >= MIN_ITEMS)
    .sort(
      (a, b) =>
        isTailOnly[a] - isTailOnly[b] ||
        termFields[a] - termFields[b] ||
        documentFrequency[b] - documentFrequency[a] ||
        a - b,
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

/** Numbers of the terms that contain one of the words. */
function termsWithWords(terms: readonly string[], words: readonly string[]): Uint32Array {
  const listed = new Set(words.map((word) => word.toLowerCase()));
  const hasListedWord = (term: string) =>
    term
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .some((word) => listed.has(word));
  return Uint32Array.from(terms.keys()).filter((number) => hasListedWord(terms[number]));
}

/** Deletes all but the best words by TF-IDF of each item, in the text field whose terms begin at `firstTerm`. */
function keepBestWords(
  rows: Map<number, number>[],
  documentFrequency: number[],
  firstTerm: number,
  documents: number,
): void {
  for (const row of rows) {
    const words = [...row].filter(([term]) => term >= firstTerm);
    if (words.length === 0) continue;
    const distinctive = words.flatMap(([term, frequency]) =>
      documentFrequency[term] >= MIN_ITEMS &&
      documentFrequency[term] <= Math.max(MIN_ITEMS, COMMON_WORD_SHARE * documents)
        ? [{ term, frequency }]
        : [],
    );
    const keep = new Set(bestWords(distinctive, documentFrequency, documents).map(({ term }) => term));
    for (const [term] of words) if (!keep.has(term)) row.delete(term);
  }
}
