import { z } from 'zod';
import { InkpickError } from '../contracts/errors';
import { concatArrays, concatRows, type SparseRows, sliceRows } from '../math/sparse';
import type { CatalogColumns } from './catalog';
import { ContainerReader, ContainerWriter } from './container';
import { countTerms, type FieldRows, type NamedRows, orderTerms, SOURCES, type Source, valuesOf } from './derived';

const fieldSchema = z.object({
  name: z.string(),
  weight: z.number(),
  /** Whether reasons may name its terms; words of running text are never named. */
  tellable: z.boolean(),
  /** The search box finds items by its terms. */
  search: z.boolean().optional(),
});
const storedFieldsSchema = z.array(
  fieldSchema.extend({
    /** The catalog column from which the field is derived. */
    from: z.enum(SOURCES).optional(),
    /** Whether a term occurs more than once in an item. */
    repeats: z.boolean().optional(),
  }),
);

/**
 * The content matrix before weighting: term frequencies in compressed sparse rows, items × terms. Weights are computed
 * from frequency, document frequency and field (lib/engine/catalog/tfidf.ts).
 */
export interface ContentColumns {
  /** Fields, by the numbers in `termFields`. */
  fields: z.infer<typeof fieldSchema>[];
  terms: string[];
  /** Field number of each term. */
  termFields: Uint8Array;
  /** Numbers of the terms that reasons do not name, ascending. */
  notNamed: Uint32Array;
  /** Number of items with each term, including items that were pruned from `rows`. */
  documentFrequency: Uint32Array;
  /** Term numbers by item, ascending. */
  rows: SparseRows;
  /** Number of occurrences of the term in the item, at most 255; parallel to `rows.columns`. */
  frequencies: Uint8Array;
}

/**
 * Splits a matrix at a row. Both parts share one numbering of terms: the tail lists only the terms after those of the
 * head, and its rows may refer to terms of both. Document frequencies remain those of the whole matrix.
 *
 * @param headRows number of rows in the head
 */
export function splitContent(
  content: ContentColumns,
  headRows: number,
): { head: ContentColumns; tail: ContentColumns } {
  const { fields, terms, termFields, notNamed, documentFrequency, rows, frequencies } = content;
  const entries = rows.offsets[headRows];
  let used = 0;
  for (let i = 0; i < entries; i++) used = Math.max(used, rows.columns[i] + 1);
  return {
    head: {
      fields,
      terms: terms.slice(0, used),
      termFields: termFields.slice(0, used),
      notNamed: notNamed.filter((term) => term < used),
      documentFrequency: documentFrequency.slice(0, used),
      rows: sliceRows(rows, 0, headRows),
      frequencies: frequencies.slice(0, entries),
    },
    tail: {
      fields,
      terms: terms.slice(used),
      termFields: termFields.slice(used),
      notNamed: notNamed.filter((term) => term >= used),
      documentFrequency: documentFrequency.slice(used),
      rows: sliceRows(rows, headRows, rows.offsets.length - 1),
      frequencies: frequencies.slice(entries),
    },
  };
}

/** The inverse of {@link splitContent}. */
export function joinContent(head: ContentColumns, tail: ContentColumns): ContentColumns {
  return {
    fields: head.fields,
    terms: head.terms.concat(tail.terms),
    termFields: concatArrays(head.termFields, tail.termFields),
    notNamed: concatArrays(head.notNamed, tail.notNamed),
    documentFrequency: concatArrays(head.documentFrequency, tail.documentFrequency),
    rows: concatRows(head.rows, tail.rows),
    frequencies: concatArrays(head.frequencies, tail.frequencies),
  };
}

/** The rows that precede a tail. */
export interface ContentHead {
  catalog: CatalogColumns;
  content: ContentColumns;
}

/** @returns the catalog column from which a field of this name may be derived */
const sourceOf = (field: string): Source =>
  field === 'title' ? 'titles' : field === 'creators' ? 'creators' : field === 'year' ? 'years' : 'tags';

/** @returns the rows of a part, with the names of the preceding rows */
const namedRows = (catalog: CatalogColumns, head?: ContentHead): NamedRows =>
  head
    ? {
        ...catalog,
        creatorNames: head.catalog.creatorNames.concat(catalog.creatorNames),
        tagNames: head.catalog.tagNames.concat(catalog.tagNames),
      }
    : catalog;

/** @returns the term numbers of each field, ascending */
function termsByField({ fields, termFields }: ContentColumns, first = 0): number[][] {
  const numbers: number[][] = fields.map(() => []);
  termFields.forEach((field, term) => {
    numbers[field].push(first + term);
  });
  return numbers;
}

/** Terms of a field, derived from the rows of a catalog and numbered within the field. */
interface DerivedTerms {
  rows: FieldRows;
  /** Of the terms that are not in the head. */
  spellings: string[];
  documentFrequency: number[];
}

/**
 * @param known terms of the field in the head, in order
 * @param frequencyOf returns the document frequency of each value that is not in `known`, in order of appearance; 0 if
 *   it is not a term
 */
function deriveTerms(
  source: Source,
  rows: NamedRows,
  known: readonly string[],
  frequencyOf: (candidates: string[]) => ArrayLike<number>,
): DerivedTerms {
  const values = valuesOf(source, rows);
  const numbers = new Map(known.map((term, number) => [term.toLowerCase(), number]));
  const termOf = Int32Array.from(values.keys, (key) => numbers.get(key) ?? -1);
  const candidates = Array.from(termOf.keys()).filter((value) => termOf[value] < 0);
  const frequencies = frequencyOf(candidates.map((value) => values.keys[value]));
  const chosen = orderTerms(frequencies);
  chosen.forEach((candidate, position) => {
    termOf[candidates[candidate]] = known.length + position;
  });
  return {
    rows: countTerms(values, termOf),
    spellings: chosen.map((candidate) => values.spellings[candidates[candidate]]),
    documentFrequency: chosen.map((candidate) => frequencies[candidate]),
  };
}

/**
 * Writes a content matrix. A field that repeats a catalog column (`title`, `creators`, `year`, the shown tags) is not
 * stored: the reader derives it from the column by {@link deriveTerms}. The writer checks that this gives the same
 * field.
 *
 * @param catalog the same rows
 * @param head the preceding rows if these are a tail
 */
export function writeContent(
  content: ContentColumns,
  catalog: CatalogColumns,
  head?: ContentHead,
): Uint8Array<ArrayBuffer> {
  const { terms, documentFrequency, fields } = content;
  const first = head?.content.terms.length ?? 0;
  const headTerms = head ? termsByField(head.content) : fields.map(() => []);
  const ownTerms = termsByField(content, first);
  const rows = namedRows(catalog, head);
  const writer = new ContainerWriter('content');
  const codings = fields.map(({ name }, field): { from?: Source; repeats?: boolean } => {
    const stored = fieldRows(content, first + terms.length, [...headTerms[field], ...ownTerms[field]]);
    const known = headTerms[field].map((term) => head!.content.terms[term]);
    const own = ownTerms[field].map((term) => term - first);
    const frequencyByKey = new Map(own.map((term) => [terms[term].toLowerCase(), documentFrequency[term]]));
    let frequencies: number[] = [];
    const derived = deriveTerms(sourceOf(name), rows, known, (candidates) => {
      frequencies = candidates.map((key) => frequencyByKey.get(key) ?? 0);
      return frequencies;
    });
    const isSame =
      isEqual(
        derived.spellings,
        own.map((term) => terms[term]),
      ) &&
      isEqual(
        derived.documentFrequency,
        own.map((term) => documentFrequency[term]),
      ) &&
      isEqual(derived.rows.rows.offsets, stored.rows.offsets) &&
      isEqual(derived.rows.rows.columns, stored.rows.columns) &&
      isEqual(derived.rows.frequencies, stored.frequencies);
    if (isSame) {
      writer.varint(`docFreq${field}`, frequencies);
      return { from: sourceOf(name) };
    }
    writer.sets(`rows${field}`, stored.rows);
    const repeats = stored.frequencies.some((frequency) => frequency !== 1);
    if (repeats) writer.array(`freq${field}`, stored.frequencies);
    return { repeats };
  });
  const isStored = (_: unknown, term: number) => codings[content.termFields[term]].from === undefined;
  return writer
    .json(
      'fields',
      fields.map((field, number) => ({ ...field, ...codings[number] })),
    )
    .strings('terms', terms.filter(isStored))
    .varint('docFreq', documentFrequency.filter(isStored))
    .array('termFields', content.termFields)
    .deltas('notNamed', content.notNamed)
    .finish();
}

/** @returns the entries of the field whose terms are `numbers` */
function fieldRows({ rows, frequencies }: ContentColumns, termCount: number, numbers: number[]): FieldRows {
  const local = new Int32Array(termCount).fill(-1);
  numbers.forEach((term, number) => {
    local[term] = number;
  });
  const offsets = new Uint32Array(rows.offsets.length);
  const entries: number[] = [];
  for (let row = 0; row + 1 < offsets.length; row++) {
    for (let i = rows.offsets[row]; i < rows.offsets[row + 1]; i++) if (local[rows.columns[i]] >= 0) entries.push(i);
    offsets[row + 1] = entries.length;
  }
  return {
    rows: { offsets, columns: Uint32Array.from(entries, (i) => local[rows.columns[i]]) },
    frequencies: Uint8Array.from(entries, (i) => frequencies[i]),
  };
}

const isEqual = <T>(a: ArrayLike<T>, b: ArrayLike<T>): boolean => {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
};

/**
 * Reads the output of {@link writeContent}.
 *
 * @param catalog the same rows
 * @param label names the file in errors
 * @param head the preceding rows if these are a tail
 * @throws InkpickError as {@link ContainerReader} does, and ARTIFACT_MALFORMED if sections contradict each other or the
 *   catalog is not the one that the file was written with
 */
export function readContent(
  file: Uint8Array,
  catalog: CatalogColumns,
  label = 'content',
  head?: ContentHead,
): ContentColumns {
  const reader = new ContainerReader(file, 'content', label);
  const inconsistent = (what: string) => new InkpickError('ARTIFACT_MALFORMED', `${label} is inconsistent: ${what}`);
  const stored = reader.json('fields', storedFieldsSchema);
  const fields = stored.map(({ from, repeats, ...field }) => field);
  const termFields = reader.u8('termFields');
  const first = head?.content.terms.length ?? 0;
  const notNamed = reader.deltas('notNamed', first + termFields.length);
  if (termFields.some((field) => field >= fields.length)) throw inconsistent('a term belongs to no field');
  if (
    head &&
    !isEqual(
      head.content.fields.map(({ name }) => name),
      fields.map(({ name }) => name),
    )
  )
    throw inconsistent('its fields are not those of the preceding rows');

  const terms: string[] = Array.from(termFields, () => '');
  const documentFrequency = new Uint32Array(termFields.length);
  const storedTerms = reader.strings('terms');
  const storedFrequencies = reader.varint('docFreq');
  const headTerms = head ? termsByField(head.content) : fields.map(() => []);
  const ownTerms = Array.from(fields, (): number[] => []);
  let next = 0;
  termFields.forEach((field, term) => {
    ownTerms[field].push(first + term);
    if (stored[field].from) return;
    terms[term] = storedTerms[next];
    documentFrequency[term] = storedFrequencies[next++];
  });
  if (next !== storedTerms.length || next !== storedFrequencies.length)
    throw inconsistent(
      `it has ${storedTerms.length} terms and ${storedFrequencies.length} counts, where ${next} belong to it`,
    );

  const rows = namedRows(catalog, head);
  const parts = stored.map(({ from, repeats }, field): FieldRows => {
    if (!from) {
      const lists = reader.sets(`rows${field}`, headTerms[field].length + ownTerms[field].length);
      return {
        rows: lists,
        frequencies: repeats ? reader.u8(`freq${field}`) : new Uint8Array(lists.columns.length).fill(1),
      };
    }
    const derived = deriveTerms(
      from,
      rows,
      headTerms[field].map((term) => head!.content.terms[term]),
      (candidates) => {
        const frequencies = reader.varint(`docFreq${field}`);
        if (frequencies.length !== candidates.length)
          throw inconsistent(
            `field ${field} counts ${frequencies.length} values, where the catalog has ${candidates.length}`,
          );
        return frequencies;
      },
    );
    if (derived.spellings.length !== ownTerms[field].length)
      throw inconsistent(`field ${field} has ${derived.spellings.length} terms, not ${ownTerms[field].length}`);
    ownTerms[field].forEach((term, i) => {
      terms[term - first] = derived.spellings[i];
      documentFrequency[term - first] = derived.documentFrequency[i];
    });
    return derived.rows;
  });
  const count = catalog.ids.length;
  for (const { rows: lists, frequencies } of parts)
    if (lists.offsets.length !== count + 1 || frequencies.length !== lists.columns.length)
      throw inconsistent('its rows, terms and frequencies differ in number');
  return {
    fields,
    terms,
    termFields,
    notNamed,
    documentFrequency,
    ...mergeFields(parts, count, (field) => Uint32Array.from(headTerms[field].concat(ownTerms[field]))),
  };
}

/**
 * Merges the entries of all fields by row, terms ascending.
 *
 * @param numbers returns the term numbers of a field
 */
function mergeFields(
  parts: readonly FieldRows[],
  count: number,
  numbers: (field: number) => Uint32Array,
): Pick<ContentColumns, 'rows' | 'frequencies'> {
  const offsets = new Uint32Array(count + 1);
  for (const { rows } of parts) for (let row = 0; row <= count; row++) offsets[row] += rows.offsets[row];
  const columns = new Uint32Array(offsets[count]);
  const frequencies = new Uint8Array(offsets[count]);
  const end = offsets.slice();
  parts.forEach((part, field) => {
    const terms = numbers(field);
    for (let row = 0; row < count; row++) {
      for (let i = part.rows.offsets[row]; i < part.rows.offsets[row + 1]; i++) {
        const term = terms[part.rows.columns[i]];
        // Terms are in order already, except that terms of the head may follow terms of the tail.
        let at = end[row]++;
        for (; at > offsets[row] && columns[at - 1] > term; at--) {
          columns[at] = columns[at - 1];
          frequencies[at] = frequencies[at - 1];
        }
        columns[at] = term;
        frequencies[at] = part.frequencies[i];
      }
    }
  });
  return { rows: { offsets, columns }, frequencies };
}
