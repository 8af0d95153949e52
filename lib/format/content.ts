import { z } from 'zod';
import { InkpickError } from '../contracts/errors';
import { concatArrays, concatRows, type SparseRows, sliceRows } from '../math/sparse';
import type { CatalogColumns } from './catalog';
import { ContainerReader, ContainerWriter } from './container';
import { countTerms, type FieldRows, type NamedRows, orderTerms, SOURCES, type Source, valuesOf } from './derived';

const fieldSchema = z.object({
  name: z.string(),
  weight: z.number(),
  /** Its terms may be named to people; words out of running text may not. */
  tellable: z.boolean(),
  /** The search box finds items by its terms. */
  search: z.boolean().optional(),
});
const storedFieldsSchema = z.array(
  fieldSchema.extend({
    /** The column of the catalog that the field repeats. */
    from: z.enum(SOURCES).optional(),
    /** Some term occurs more than once in an item. */
    repeats: z.boolean().optional(),
  }),
);

/**
 * The content matrix before weighting: term frequencies in compressed sparse rows. Weights are not stored,
 * since they follow from frequency, document frequency and field (lib/engine/catalog/tfidf.ts).
 */
export interface ContentColumns {
  /** Field names with their weights; `termFields` points into them. */
  fields: z.infer<typeof fieldSchema>[];
  terms: string[];
  termFields: Uint8Array;
  /** Numbers of the terms that no reason names, ascending. */
  notNamed: Uint32Array;
  /** In how many items each term occurs, items pruned from `rows` included. */
  documentFrequency: Uint32Array;
  /** Term numbers by item, ascending. */
  rows: SparseRows;
  /** How often the term occurs in the item, capped at 255; parallel to `rows.values`. */
  frequencies: Uint8Array;
}

/**
 * Parts a matrix in two at a row. Terms are numbered through: the further part lists those alone that come after all
 * terms of the rows before it, and its rows name terms of both. Frequencies stay those of the whole.
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

/** The rows before those of a tail. */
export interface ContentHead {
  catalog: CatalogColumns;
  content: ContentColumns;
}

/** The column that a field may repeat, by its name. */
const sourceOf = (field: string): Source =>
  field === 'title' ? 'titles' : field === 'creators' ? 'creators' : field === 'year' ? 'years' : 'tags';

/** The rows of a part, with the names of the rows before it. */
const namedRows = (catalog: CatalogColumns, head?: ContentHead): NamedRows =>
  head
    ? {
        ...catalog,
        creatorNames: head.catalog.creatorNames.concat(catalog.creatorNames),
        tagNames: head.catalog.tagNames.concat(catalog.tagNames),
      }
    : catalog;

/** Numbers of the terms of each field, in order. */
function termsByField({ fields, termFields }: ContentColumns, first = 0): number[][] {
  const numbers: number[][] = fields.map(() => []);
  termFields.forEach((field, term) => {
    numbers[field].push(first + term);
  });
  return numbers;
}

/** Terms of a field in the rows of a catalog, each with the number that the field knows it by. */
interface DerivedTerms {
  rows: FieldRows;
  /** Those that are not in the head. */
  spellings: string[];
  documentFrequency: number[];
}

/**
 * @param known terms of the field in the head, in order
 * @param frequencyOf document frequency of each value that is not among them, in order of appearance; 0: it is no term
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
 * Writes a content matrix. A field that only repeats a column of the catalog (`title`, `creators`, `year`, the shown tags)
 * is not stored: the reader makes it from the column by {@link deriveTerms}, which is tried here first.
 *
 * @param catalog of the same rows; @param head what comes before them, where they are a tail
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

/** The entries of one field, whose terms are `numbers`. */
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
 * Reads what {@link writeContent} wrote.
 *
 * @param catalog of the same rows; @param head what comes before them, where they are a tail
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
    throw inconsistent('its fields are not those of the rows before');

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

/** The entries of all fields by row, terms ascending. @param numbers the terms of a field */
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
        // In order already, but for terms of the head after terms of the tail.
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
