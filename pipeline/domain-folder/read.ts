import { isUtf8 } from 'node:buffer';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type DomainConfig,
  domainConfigSchema,
  type Field,
  type ItemRow,
  itemRowSchema,
} from '../../lib/contracts/domain-folder';
import { firstFault, InkpickError } from '../../lib/contracts/errors';
import { type CsvRow, readCsv } from '../io/csv';
import { fileChunks, readJsonLines } from '../io/json-lines';
import { requireText } from '../io/text-lines';
import { GrowingArray } from './growing-array';
import { RowProblems } from './problems';
import { readItem } from './repair-item';

export { RowProblems } from './problems';

const CONFIG = 'domain.json';
const ITEMS = 'items.jsonl';
const INTERACTIONS = 'interactions.csv';
const RELATED = 'related.csv';

/** The interactions of a domain folder as columns, one entry per interaction. */
export interface InteractionColumns {
  /** Ids by user number. */
  userIds: string[];
  /** User numbers. */
  users: Uint32Array;
  /** Indices into the items. */
  items: Uint32Array;
  /** NaN if the interaction has no value. */
  values: Float32Array;
  /** Seconds since 1970; NaN if the interaction has no timestamp. */
  timestamps: Float64Array;
}

export interface DomainFolder {
  config: DomainConfig;
  items: ItemRow[];
  interactions: InteractionColumns;
  /** Pairs of items that people related to each other, as indices into the items; empty without `related.csv`. */
  related: { seed: number; recommended: number }[];
  problems: RowProblems;
}

/**
 * Reads a domain folder (domain.json, items.jsonl, interactions.csv, and related.csv where it exists). Invalid rows are
 * left out and collected in `problems`.
 *
 * @throws InkpickError that names the file if one is missing or unusable
 */
export async function readDomainFolder(folder: string): Promise<DomainFolder> {
  const problems = new RowProblems();
  const config = await readConfig(join(folder, CONFIG), problems);
  const items = await readItems(join(folder, ITEMS), problems);
  const rowOfItem = new Map(items.map((item, row) => [item.id, row]));
  const interactions = await readInteractions(join(folder, INTERACTIONS), rowOfItem, problems);
  const related = await readRelated(join(folder, RELATED), rowOfItem, problems);
  const available = fieldsOf(items);
  const fields = config.fields.length > 0 ? config.fields : available;
  remarkEmptyFields(fields, available, problems);
  return { config: { ...config, fields }, items, interactions, related, problems };
}

/** Indices into the items. */
type RowById = ReadonlyMap<string, number>;

function missing(path: string, cause: unknown): InkpickError {
  return new InkpickError(
    'NOT_FOUND',
    `cannot read ${path}: a domain folder contains ${CONFIG}, ${ITEMS} and ${INTERACTIONS}`,
    { cause },
  );
}

/** All fields that the items have. */
function fieldsOf(items: readonly ItemRow[]): Field[] {
  const names = (part: 'tags' | 'text' | 'numbers') => [
    ...new Set(items.flatMap((item) => Object.keys(item[part] ?? {}))),
  ];
  const field = (name: string, kind: Field['kind']): Field => ({ name, kind, weight: 1 });
  return [
    ...names('tags').map((name) => field(name, 'tags')),
    ...(items.some(({ creators }) => creators?.length) ? [field('creators', 'tags')] : []),
    field('title', 'text'),
    ...names('text').map((name) => field(name, 'text')),
    ...(items.some(({ year }) => year !== undefined) ? [field('year', 'number')] : []),
    ...names('numbers').map((name) => field(name, 'number')),
  ];
}

/** Reports fields without values: a mistyped name or kind would otherwise go unnoticed. */
function remarkEmptyFields(fields: readonly Field[], available: readonly Field[], problems: RowProblems): void {
  const named = (list: readonly Field[]) => list.map(({ name, kind }) => `${name} (${kind})`).join(', ');
  const empty = fields.filter(
    ({ name, kind, weight }) => weight > 0 && !available.some((other) => other.name === name && other.kind === kind),
  );
  if (empty.length > 0) problems.remark(`${CONFIG}: no item has ${named(empty)}; items have ${named(available)}`);
}

async function readConfig(path: string, problems: RowProblems): Promise<DomainConfig> {
  const bytes = await readFile(path).catch((cause) => {
    throw missing(path, cause);
  });
  requireText(bytes, path);
  if (!isUtf8(bytes)) throw new InkpickError('INVALID_REQUEST', `${path} is not UTF-8: save it as UTF-8`);
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, ''));
  } catch (cause) {
    throw new InkpickError('INVALID_REQUEST', `${path} is not JSON: ${(cause as Error).message}`, { cause });
  }
  const parsed = domainConfigSchema.safeParse(json);
  if (!parsed.success) throw new InkpickError('INVALID_REQUEST', `${path}: ${firstFault(parsed.error)}`);
  const unknown = unknownKeys(json as object, domainConfigSchema.shape);
  if (unknown.length > 0)
    problems.remark(`${CONFIG}: ${unknown.join(', ')}: unknown setting, ignored (see docs/YOUR-OWN-CATALOG.md)`);
  return parsed.data;
}

function unknownKeys(value: object, known: object): string[] {
  return Object.keys(value).filter((key) => !Object.hasOwn(known, key));
}

async function readItems(path: string, problems: RowProblems): Promise<ItemRow[]> {
  const items: ItemRow[] = [];
  const seen = new Set<string>();
  for await (const read of readJsonLines(path, (cause) => missing(path, cause))) {
    const { line } = read;
    if ('fault' in read) {
      problems.add(ITEMS, `left out: ${read.fault}`, line);
      continue;
    }
    const reading = readItem(read.value);
    if ('fault' in reading) problems.add(ITEMS, `left out: ${reading.fault}`, line);
    else if (seen.has(reading.row.id)) problems.add(ITEMS, 'left out: an earlier row has the same id', line);
    else {
      seen.add(reading.row.id);
      items.push(reading.row);
      for (const change of reading.changes) problems.add(ITEMS, `kept ${change}`, line);
      for (const key of unknownKeys(read.value as object, itemRowSchema.shape))
        problems.add(ITEMS, `kept without "${key}", which belongs in tags, text, numbers or external`, line);
    }
  }
  if (items.length === 0)
    throw new InkpickError(
      'INVALID_REQUEST',
      `${path} contains no valid item (${problems.sentences(ITEMS).join('; ') || 'it is empty'})`,
    );
  return items;
}

/** The year 5138. Larger numbers are milliseconds. */
const MAX_TIMESTAMP_SECONDS = 1e11;

async function readInteractions(path: string, rowOfItem: RowById, problems: RowProblems): Promise<InteractionColumns> {
  const numberOfUser = new Map<string, number>();
  const users = new GrowingArray(Uint32Array);
  const itemRows = new GrowingArray(Uint32Array);
  const values = new GrowingArray(Float32Array);
  const timestamps = new GrowingArray(Float64Array);
  const note = (what: string, line: number) => problems.add(INTERACTIONS, what, line);

  const addRow = (columns: Columns, cells: readonly string[], line: number) => {
    if (cells.length > columns.count && cells.slice(columns.count).some((cell) => cell !== ''))
      return note(`left out: it has more than ${columns.count} cells`, line);
    const user = cells[columns.user]?.trim();
    const item = cells[columns.item]?.trim();
    if (!user) return note('left out: no user', line);
    if (!item) return note('left out: no item', line);
    const itemRow = rowOfItem.get(item);
    if (itemRow === undefined) return note(`left out: its item is not in ${ITEMS}`, line);
    const value = toNumber(cells[columns.value]);
    if (value === undefined) return note('left out: its value is not a number', line);
    let timestamp = toNumber(cells[columns.timestamp]);
    if (timestamp === undefined || Math.abs(timestamp) > MAX_TIMESTAMP_SECONDS) {
      note('kept without its timestamp, which is not a number of seconds since 1970', line);
      timestamp = Number.NaN;
    }
    let userNumber = numberOfUser.get(user);
    if (userNumber === undefined) {
      userNumber = numberOfUser.size;
      // A copy, because a slice would keep its whole chunk of the file in memory.
      numberOfUser.set(Buffer.from(user).toString(), userNumber);
    }
    users.push(userNumber);
    itemRows.push(itemRow);
    values.push(value);
    timestamps.push(timestamp);
  };

  let columns: Columns | undefined;
  let lastLine = 0;
  for await (const batch of readCsv(
    fileChunks(path, (cause) => missing(path, cause)),
    path,
  )) {
    for (const row of batch) {
      if (!columns) columns = nameColumns(row, path);
      else if ('fault' in row) note(`left out: ${row.fault}`, row.line);
      else addRow(columns, row.cells, row.line);
      lastLine = row.line;
    }
  }
  if (!columns) throw new InkpickError('INVALID_REQUEST', `${path} is empty: ${HEADER_ADVICE}`);
  const result = {
    userIds: [...numberOfUser.keys()],
    users: users.toArray(),
    items: itemRows.toArray(),
    values: values.toArray(),
    timestamps: timestamps.toArray(),
  };
  if (result.users.length === 0 && lastLine > 1)
    throw new InkpickError(
      'INVALID_REQUEST',
      `${path} contains no valid row (${problems.sentences(INTERACTIONS).join('; ')})`,
    );
  return result;
}

/** Reads the optional file of judged pairs, whose first line is `seed,recommended`. */
async function readRelated(path: string, rowOfItem: RowById, problems: RowProblems): Promise<DomainFolder['related']> {
  if (!existsSync(path)) return [];
  const pairs: DomainFolder['related'] = [];
  let header: readonly string[] | undefined;
  for await (const batch of readCsv(
    fileChunks(path, (cause) => missing(path, cause)),
    path,
  )) {
    for (const row of batch) {
      if ('fault' in row) problems.add(RELATED, `left out: ${row.fault}`, row.line);
      else if (!header) header = row.cells;
      else {
        const [seed, recommended] = ['seed', 'recommended'].map((name) =>
          rowOfItem.get(row.cells[header!.indexOf(name)]),
        );
        if (seed === undefined || recommended === undefined)
          problems.add(RELATED, `left out: one of its items is not in ${ITEMS}`, row.line);
        else pairs.push({ seed, recommended });
      }
    }
  }
  if (!header?.includes('seed') || !header.includes('recommended'))
    throw new InkpickError('INVALID_REQUEST', `${path}: its first line must be seed,recommended`);
  return pairs;
}

/** The positions of the columns in a row. A column that does not exist has a position beyond the last cell. */
interface Columns {
  count: number;
  user: number;
  item: number;
  value: number;
  timestamp: number;
}

const HEADER_ADVICE =
  'its first line must name the columns, separated by commas: user,item and optionally value,timestamp';

function nameColumns(row: CsvRow, path: string): Columns {
  if ('fault' in row) throw new InkpickError('INVALID_REQUEST', `${path}: line ${row.line} is ${row.fault}`);
  const names = row.cells;
  const positionOf = (name: string) => (names.includes(name) ? names.indexOf(name) : names.length);
  const columns = {
    count: names.length,
    user: positionOf('user'),
    item: positionOf('item'),
    value: positionOf('value'),
    timestamp: positionOf('timestamp'),
  };
  if (columns.user === names.length || columns.item === names.length) {
    const found = JSON.stringify(names.join(',').slice(0, 80));
    throw new InkpickError('INVALID_REQUEST', `${path}: ${HEADER_ADVICE}; it reads ${found}`);
  }
  return columns;
}

/** NaN if the cell is empty or missing; undefined if it is not a number. */
function toNumber(cell: string | undefined): number | undefined {
  if (cell === undefined || cell === '') return Number.NaN;
  const number = Number(cell);
  return Number.isFinite(number) ? number : undefined;
}
