import { z } from 'zod';
import { InkpickError } from '../contracts/errors';
import { ContainerReader, ContainerWriter, type Ragged, toRagged } from './container';

/** Everything the catalog shows of its items; row `r` of every column is the same item, most popular first. */
export interface CatalogColumns {
  ids: string[];
  titles: string[];
  /** Further titles, by row. */
  aka: Map<number, string[]>;
  /** 0 where unknown. */
  years: Int16Array;
  creatorNames: string[];
  creators: Ragged;
  tagNames: string[];
  tags: Ragged;
  /** How many users chose the item. */
  popularity: Uint32Array;
  /** By key, a value for each row; empty where there is none. */
  external: Map<string, string[]>;
}

/** Years are stored as unsigned numbers; 0 stands for unknown. */
const YEAR_BASE = 10_000;

const idCodingSchema = z.object({ prefix: z.string(), width: z.number().int().min(1).max(15) });
type IdCoding = z.infer<typeof idCodingSchema>;

const metaSchema = z.object({
  ids: idCodingSchema.nullable(),
  external: z.array(z.object({ key: z.string(), coding: idCodingSchema.nullable() })),
});
type CatalogMeta = z.infer<typeof metaSchema>;

/**
 * A column of identifiers. Those that are one prefix and a number (`tt0111161`) take two bytes or three
 * each instead of nine; `width` is the least number of digits. Anything else is stored as text.
 */
function writeIds(writer: ContainerWriter, name: string, values: string[]): IdCoding | null {
  const parsed = values.map((value) => (value === '' ? null : /^(\D*)(\d+)$/.exec(value)));
  const prefix = parsed.find((match) => match)?.[1] ?? '';
  const digits = parsed.flatMap((match) => (match ? [match[2]] : []));
  const padded = digits.filter((text) => text.startsWith('0') && text.length > 1);
  const width = padded.length > 0 ? padded[0].length : 1;
  const numbers = parsed.map((match) => (match ? Number(match[2]) + 1 : 0));
  const exact = values.every(
    (value, row) => value === (numbers[row] === 0 ? '' : prefix + String(numbers[row] - 1).padStart(width, '0')),
  );
  if (exact && numbers.every((number) => number < 2 ** 30)) {
    writer.deltas(name, numbers);
    return { prefix, width };
  }
  writer.strings(name, values);
  return null;
}

function readIds(reader: ContainerReader, name: string, coding: IdCoding | null): string[] {
  if (!coding) return reader.strings(name);
  return Array.from(reader.deltas(name), (number) =>
    number === 0 ? '' : coding.prefix + String(number - 1).padStart(coding.width, '0'),
  );
}

export function writeCatalog(catalog: CatalogColumns): Uint8Array<ArrayBuffer> {
  const writer = new ContainerWriter('catalog');
  const meta: CatalogMeta = { ids: writeIds(writer, 'ids', catalog.ids), external: [] };
  writer.strings('titles', catalog.titles);
  const akaRows = [...catalog.aka.keys()].sort((a, b) => a - b);
  writer.deltas(
    'akaRows',
    akaRows.flatMap((row) => catalog.aka.get(row)!.map(() => row)),
  );
  writer.strings(
    'aka',
    akaRows.flatMap((row) => catalog.aka.get(row)!),
  );
  writer.array(
    'years',
    Uint16Array.from(catalog.years, (year) => (year === 0 ? 0 : year + YEAR_BASE)),
  );
  writer.strings('creatorNames', catalog.creatorNames).ragged('creators', catalog.creators);
  writer.strings('tagNames', catalog.tagNames).ragged('tags', catalog.tags);
  writer.varint('popularity', catalog.popularity);
  for (const [key, values] of catalog.external) {
    meta.external.push({ key, coding: writeIds(writer, `ext${meta.external.length}`, values) });
  }
  return writer.json('meta', meta).finish();
}

export function readCatalog(file: Uint8Array, label = 'catalog'): CatalogColumns {
  const reader = new ContainerReader(file, 'catalog', label);
  const meta = reader.json('meta', metaSchema);
  const ids = readIds(reader, 'ids', meta.ids);
  const aka = new Map<number, string[]>();
  const akaTitles = reader.strings('aka');
  const akaRows = reader.deltas('akaRows', ids.length);
  akaRows.forEach((row, index) => {
    const titles = aka.get(row);
    if (titles) titles.push(akaTitles[index]);
    else aka.set(row, [akaTitles[index]]);
  });
  const creatorNames = reader.strings('creatorNames');
  const tagNames = reader.strings('tagNames');
  const catalog: CatalogColumns = {
    ids,
    titles: reader.strings('titles'),
    aka,
    years: Int16Array.from(reader.u16('years'), (year) => (year === 0 ? 0 : year - YEAR_BASE)),
    creatorNames,
    creators: reader.ragged('creators', creatorNames.length),
    tagNames,
    tags: reader.ragged('tags', tagNames.length),
    popularity: reader.varint('popularity'),
    external: new Map(meta.external.map(({ key, coding }, index) => [key, readIds(reader, `ext${index}`, coding)])),
  };
  const { titles, years, creators, tags, popularity, external } = catalog;
  const lists = [creators, tags].map(({ offsets }) => offsets.length - 1);
  const columns = [titles, years, popularity, ...external.values()].map(({ length }) => length);
  if ([...columns, ...lists].some((length) => length !== ids.length) || akaTitles.length !== akaRows.length) {
    throw new InkpickError('ARTIFACT_MALFORMED', `${label} is inconsistent: its columns differ in length`);
  }
  return catalog;
}

/** Names to numbers in order of first appearance, with the lists that use them. */
export function internNames(lists: readonly (readonly string[])[]): { names: string[]; lists: Ragged } {
  const numbers = new Map<string, number>();
  const rows = lists.map((list) =>
    list.map((name) => {
      const known = numbers.get(name);
      if (known !== undefined) return known;
      numbers.set(name, numbers.size);
      return numbers.size - 1;
    }),
  );
  return { names: [...numbers.keys()], lists: toRagged(rows) };
}
