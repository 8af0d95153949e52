import { z } from 'zod';
import { InkpickError } from '../contracts/errors';
import { concatArrays, concatRows, type SparseRows, sliceRows, toSparseRows } from '../math/sparse';
import { ContainerReader, ContainerWriter } from './container';
import { unzigzag, zigzag } from './varint';

/** Everything the catalog shows of its items; row `r` of every column is the same item, most popular first. */
export interface CatalogColumns {
  ids: string[];
  titles: string[];
  /** Further titles, by row. */
  aka: Map<number, string[]>;
  /** 0 where unknown. */
  years: Int16Array;
  creatorNames: string[];
  creators: SparseRows;
  tagNames: string[];
  tags: SparseRows;
  /** How many users chose the item. */
  popularity: Uint32Array;
  /** By key, a value for each row; empty where there is none. */
  external: Map<string, string[]>;
}

/**
 * Parts a catalog in two at a row. Names are numbered through: the further part lists those alone that the rows before
 * it do not have, so that names numbered by first appearance are parted between the two.
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

/** How many names the first rows need: all up to the highest number among them. */
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

/** How a column of ids is coded: numbers behind one prefix, padded to a width, or text. */
const idCodingSchema = z.object({
  prefix: z.string(),
  /** The least number of digits. */
  width: z.number().int().min(1).max(15),
  /** Whether numbers are told by their distance from the one before. */
  ascending: z.boolean(),
  /** What a text is where it is marked as expected: the prefix and the value in an external column. */
  like: z.object({ prefix: z.string(), key: z.string() }).optional(),
});
type IdCoding = z.infer<typeof idCodingSchema>;

const metaSchema = z.object({
  ids: idCodingSchema,
  external: z.array(z.object({ key: z.string(), coding: idCodingSchema })),
  newestYear: z.number().int(),
});
type CatalogMeta = z.infer<typeof metaSchema>;

/** In the place of a text that is what the reader expects; a text that begins so gets another in front of it. */
const EXPECTED = '=';

/** What an address makes of a title: "C++ & You" is `c-you`. */
const slugOf = (title: string): string =>
  title
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');

/**
 * A column of identifiers, '' where there is none. Those that are a common prefix and a number (`tt0111161`) take two
 * bytes or three each instead of nine; the rest is text, or a mark where it is what `expected` says.
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
  // 0 stands for a text.
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

/** About how many bits numbers take. */
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

/** Where own ids without a number are a prefix and an external id, as `coursera-law` and `law`: which. */
function likeExternal(catalog: CatalogColumns): IdCoding['like'] {
  const row = catalog.ids.findIndex((id) => !/\d$/.test(id));
  if (row < 0) return undefined;
  for (const [key, values] of catalog.external)
    if (values[row] && catalog.ids[row].endsWith(values[row]))
      return { prefix: catalog.ids[row].slice(0, -values[row].length), key };
  return undefined;
}

/** @param head the rows before these, where they are a tail */
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

/** @param head the rows before these, where they are a tail */
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

/** Names to numbers in order of first appearance, with the lists that use them. */
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
