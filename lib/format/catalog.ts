import { z } from 'zod';
import { InkpickError } from '../contracts/errors';
import { concatArrays, concatRows, type SparseRows, sliceRows, toSparseRows } from '../math/sparse';
import { ContainerReader, ContainerWriter } from './container';
import { unzigzag, zigzag } from './varint';

/**
 * The columns of a catalog. Row `r` of every column is the same item; rows with interactions come first, and better
 * known ones before others.
 */
export interface CatalogColumns {
  ids: string[];
  titles: string[];
  /** Alternative titles by row. */
  aka: Map<number, string[]>;
  /** 0 where unknown. */
  years: Int16Array;
  creatorNames: string[];
  creators: SparseRows;
  tagNames: string[];
  tags: SparseRows;
  /** Number of users that interacted with the item. */
  popularity: Uint32Array;
  /** External ids: by key, one value a row, empty if unknown. */
  external: Map<string, string[]>;
}

/**
 * Splits a catalog at a row. Both parts share one numbering of names: the tail lists only the names that the head does
 * not have, which requires names to be numbered by first appearance.
 *
 * @param headRows number of rows in the head
 */
export function splitCatalog(
  catalog: CatalogColumns,
  headRows: number,
): { head: CatalogColumns; tail: CatalogColumns } {
  const creatorNames = namesUsed(catalog.creators, headRows);
  const tagNames = namesUsed(catalog.tags, headRows);
  const part = (begin: number, end: number, names: (all: string[], count: number) => string[]): CatalogColumns => ({
    ids: catalog.ids.slice(begin, end),
    titles: catalog.titles.slice(begin, end),
    aka: new Map(
      [...catalog.aka].flatMap(([row, titles]) => (row >= begin && row < end ? [[row - begin, titles] as const] : [])),
    ),
    years: catalog.years.slice(begin, end),
    creatorNames: names(catalog.creatorNames, creatorNames),
    creators: sliceRows(catalog.creators, begin, end),
    tagNames: names(catalog.tagNames, tagNames),
    tags: sliceRows(catalog.tags, begin, end),
    popularity: catalog.popularity.slice(begin, end),
    external: new Map([...catalog.external].map(([key, values]) => [key, values.slice(begin, end)])),
  });
  return {
    head: part(0, headRows, (all, count) => all.slice(0, count)),
    tail: part(headRows, catalog.ids.length, (all, count) => all.slice(count)),
  };
}

/** @returns number of names that the first rows use: one more than the highest number among them */
function namesUsed({ offsets, columns }: SparseRows, rows: number): number {
  let used = 0;
  for (let i = 0; i < offsets[rows]; i++) used = Math.max(used, columns[i] + 1);
  return used;
}

/** The inverse of {@link splitCatalog}. */
export function joinCatalogs(head: CatalogColumns, tail: CatalogColumns): CatalogColumns {
  const rows = head.ids.length;
  const keys = new Set([...head.external.keys(), ...tail.external.keys()]);
  const external = (part: CatalogColumns, key: string) => part.external.get(key) ?? part.ids.map(() => '');
  return {
    ids: head.ids.concat(tail.ids),
    titles: head.titles.concat(tail.titles),
    aka: new Map([...head.aka, ...[...tail.aka].map(([row, titles]) => [rows + row, titles] as const)]),
    years: concatArrays(head.years, tail.years),
    creatorNames: head.creatorNames.concat(tail.creatorNames),
    creators: concatRows(head.creators, tail.creators),
    tagNames: head.tagNames.concat(tail.tagNames),
    tags: concatRows(head.tags, tail.tags),
    popularity: concatArrays(head.popularity, tail.popularity),
    external: new Map([...keys].map((key) => [key, external(head, key).concat(external(tail, key))])),
  };
}

/** How a column of ids is coded: as numbers after a common prefix, zero-padded to a width, or as text. */
const idCodingSchema = z.object({
  prefix: z.string(),
  /** The minimum number of digits. */
  width: z.number().int().min(1).max(15),
  /** Whether numbers are stored as differences from the previous one. */
  ascending: z.boolean(),
  /** What {@link EXPECTED} stands for: the prefix and the row’s value in an external column. */
  like: z.object({ prefix: z.string(), key: z.string() }).optional(),
});
type IdCoding = z.infer<typeof idCodingSchema>;

const metaSchema = z.object({
  ids: idCodingSchema,
  external: z.array(z.object({ key: z.string(), coding: idCodingSchema })),
  newestYear: z.number().int(),
});
type CatalogMeta = z.infer<typeof metaSchema>;

/** Replaces a text that the reader can derive. A text that begins with it is escaped by a second one. */
const EXPECTED = '=';

/** The slug of a title in an address: "C++ & You" is `c-you`. */
const slugOf = (title: string): string =>
  title
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');

/**
 * Writes a column of ids. Ids of a common prefix and a number (`tt0111161`) take two or three bytes each instead of
 * nine; the others are stored as text, or as {@link EXPECTED}.
 *
 * @param values one id a row, '' where there is none
 * @param expected the text that the reader derives for a row
 */
function writeIds(
  writer: ContainerWriter,
  name: string,
  values: readonly string[],
  expected: (row: number) => string,
): IdCoding {
  const parsed = values.map((value) => /^(\D*)(\d{1,15})$/.exec(value));
  const prefix = parsed.find((match) => match)?.[1] ?? '';
  const width = parsed.find((match) => match?.[2].startsWith('0') && match[2].length > 1)?.[2].length ?? 1;
  const coding: IdCoding = { prefix, width, ascending: false };
  // 0 marks an id that is stored as text.
  const numbers = parsed.map((match, row) => {
    const number = match ? Number(match[2]) + 1 : 0;
    return number < 2 ** 30 && number > 0 && numberedId(coding, number) === values[row] ? number : 0;
  });
  let previous = 0;
  const steps = numbers.map((number) => {
    if (number === 0) return 0;
    const step = zigzag(number - previous) + 1;
    previous = number;
    return step;
  });
  coding.ascending = 2 * magnitude(steps) < magnitude(numbers);
  if (coding.ascending) writer.varint(name, steps);
  else writer.planes(name, numbers);
  writer.strings(
    `${name}.text`,
    values.flatMap((value, row) =>
      numbers[row] > 0
        ? []
        : value !== '' && value === expected(row)
          ? EXPECTED
          : value.startsWith(EXPECTED)
            ? EXPECTED + value
            : value,
    ),
  );
  return coding;
}

/** Approximate number of bits that the values take. */
const magnitude = (values: readonly number[]): number => values.reduce((sum, value) => sum + Math.log2(1 + value), 0);

const numberedId = ({ prefix, width }: IdCoding, number: number): string =>
  prefix + String(number - 1).padStart(width, '0');

function readIds(reader: ContainerReader, name: string, coding: IdCoding, expected: (row: number) => string): string[] {
  const numbers = coding.ascending ? reader.varint(name) : reader.planes(name);
  const texts = reader.strings(`${name}.text`);
  let previous = 0;
  let text = 0;
  const ids = Array.from(numbers, (number, row) => {
    if (number > 0) {
      previous = coding.ascending ? previous + unzigzag(number - 1) : number;
      return numberedId(coding, previous);
    }
    const value = texts[text++] ?? '';
    if (!value.startsWith(EXPECTED)) return value;
    return value.length > EXPECTED.length ? value.slice(EXPECTED.length) : expected(row);
  });
  if (text !== texts.length) throw reader.malformed(`section "${name}.text" does not fit "${name}"`);
  return ids;
}

/** The prefix and external column that ids without a number consist of, as in `coursera-law` and `law`. */
function likeExternal(catalog: CatalogColumns): IdCoding['like'] {
  const row = catalog.ids.findIndex((id) => !/\d$/.test(id));
  if (row < 0) return undefined;
  for (const [key, values] of catalog.external)
    if (values[row] && catalog.ids[row].endsWith(values[row]))
      return { prefix: catalog.ids[row].slice(0, -values[row].length), key };
  return undefined;
}

/** @param head the preceding rows if `catalog` is a tail */
export function writeCatalog(catalog: CatalogColumns, head?: CatalogColumns): Uint8Array<ArrayBuffer> {
  const writer = new ContainerWriter('catalog');
  const { titles, years, external } = catalog;
  const like = likeExternal(catalog);
  const meta: CatalogMeta = {
    ids: { ...writeIds(writer, 'ids', catalog.ids, idFromExternal(external, like)), like },
    external: [],
    newestYear: years.reduce((newest, year) => Math.max(newest, year), 0),
  };
  writer.strings('titles', titles);
  const akaRows = [...catalog.aka.keys()].sort((a, b) => a - b);
  writer.deltas(
    'akaRows',
    akaRows.flatMap((row) => catalog.aka.get(row)!.map(() => row)),
  );
  writer.strings(
    'aka',
    akaRows.flatMap((row) => catalog.aka.get(row)!),
  );
  writer.planes(
    'years',
    Array.from(years, (year) => (year === 0 ? 0 : meta.newestYear - year + 1)),
  );
  writer
    .strings('creatorNames', catalog.creatorNames)
    .lists('creators', catalog.creators, head?.creatorNames.length)
    .strings('tagNames', catalog.tagNames)
    .lists('tags', catalog.tags, head?.tagNames.length);
  writer.varint('popularity', catalog.popularity);
  for (const [key, values] of external) {
    const coding = writeIds(writer, `ext${meta.external.length}`, values, (row) => slugOf(titles[row]));
    meta.external.push({ key, coding });
  }
  return writer.json('meta', meta).finish();
}

const idFromExternal =
  (external: CatalogColumns['external'], like: IdCoding['like']) =>
  (row: number): string =>
    like ? like.prefix + (external.get(like.key)?.[row] ?? '') : '';

/**
 * @param label names the file in errors
 * @param head the preceding rows if the file is a tail
 * @throws InkpickError as {@link ContainerReader} does, and ARTIFACT_MALFORMED if the columns differ in length
 */
export function readCatalog(file: Uint8Array, label = 'catalog', head?: CatalogColumns): CatalogColumns {
  const reader = new ContainerReader(file, 'catalog', label);
  const meta = reader.json('meta', metaSchema);
  const titles = reader.strings('titles');
  const slug = (row: number) => slugOf(titles[row] ?? '');
  const external = new Map(
    meta.external.map(({ key, coding }, index) => [key, readIds(reader, `ext${index}`, coding, slug)]),
  );
  const ids = readIds(reader, 'ids', meta.ids, idFromExternal(external, meta.ids.like));
  const aka = new Map<number, string[]>();
  const akaTitles = reader.strings('aka');
  const akaRows = reader.deltas('akaRows', ids.length);
  akaRows.forEach((row, index) => {
    const names = aka.get(row);
    if (names) names.push(akaTitles[index]);
    else aka.set(row, [akaTitles[index]]);
  });
  const creatorNames = reader.strings('creatorNames');
  const tagNames = reader.strings('tagNames');
  const [headCreators, headTags] = [head?.creatorNames.length ?? 0, head?.tagNames.length ?? 0];
  const catalog: CatalogColumns = {
    ids,
    titles,
    aka,
    years: Int16Array.from(reader.planes('years'), (age) => (age === 0 ? 0 : meta.newestYear - age + 1)),
    creatorNames,
    creators: reader.lists('creators', headCreators + creatorNames.length, headCreators),
    tagNames,
    tags: reader.lists('tags', headTags + tagNames.length, headTags),
    popularity: reader.varint('popularity'),
    external,
  };
  const { years, creators, tags, popularity } = catalog;
  const lists = [creators, tags].map(({ offsets }) => offsets.length - 1);
  const columns = [titles, years, popularity, ...external.values()].map(({ length }) => length);
  if ([...columns, ...lists].some((length) => length !== ids.length) || akaTitles.length !== akaRows.length) {
    throw new InkpickError('ARTIFACT_MALFORMED', `${label} is inconsistent: its columns differ in length`);
  }
  return catalog;
}

/** Numbers names in order of first appearance. @returns the names by number, and the lists as numbers */
export function internNames(lists: readonly (readonly string[])[]): { names: string[]; lists: SparseRows } {
  const numbers = new Map<string, number>();
  const rows = lists.map((list) =>
    list.map((name) => {
      const known = numbers.get(name);
      if (known !== undefined) return known;
      numbers.set(name, numbers.size);
      return numbers.size - 1;
    }),
  );
  return { names: [...numbers.keys()], lists: toSparseRows(rows) };
}
