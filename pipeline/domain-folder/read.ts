import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse';
import type { z } from 'zod';
import {
  type DomainConfig,
  domainConfigSchema,
  type Field,
  type ItemRow,
  itemRowSchema,
} from '../../lib/contracts/domain-folder';
import { InkpickError } from '../../lib/contracts/errors';
import { readJsonLines } from '../json-lines';

/** Rows that were left out, by reason, with the line numbers of the first few. */
export class RowProblems {
  readonly counts = new Map<string, { count: number; lines: number[] }>();

  add(reason: string, line: number): void {
    const entry = this.counts.get(reason) ?? { count: 0, lines: [] };
    entry.count++;
    if (entry.lines.length < 5) entry.lines.push(line);
    this.counts.set(reason, entry);
  }

  /** One sentence a reason, for people. */
  sentences(): string[] {
    return [...this.counts].map(
      ([reason, { count, lines }]) =>
        `${count} × ${reason} (line ${lines.join(', ')}${count > lines.length ? ', …' : ''})`,
    );
  }
}

/** The interactions of a domain folder, in columns; users and items are numbered. */
export interface InteractionColumns {
  userIds: string[];
  /** By interaction. */
  users: Uint32Array;
  /** By interaction: index into the items. */
  items: Uint32Array;
  /** NaN where there is none. */
  values: Float32Array;
  /** Seconds; NaN where there is none. */
  timestamps: Float64Array;
}

export interface DomainFolder {
  config: DomainConfig;
  items: ItemRow[];
  interactions: InteractionColumns;
  problems: RowProblems;
}

/**
 * Reads a domain folder (domain.json, items.jsonl, interactions.csv). Bad rows are left out and counted with
 * their line numbers; a missing or unusable file is an `InkpickError` that names it.
 */
export async function readDomainFolder(folder: string): Promise<DomainFolder> {
  const problems = new RowProblems();
  const config = await readConfig(join(folder, 'domain.json'));
  const items = await readItems(join(folder, 'items.jsonl'), problems);
  const interactions = await readInteractions(join(folder, 'interactions.csv'), items, problems);
  const fields = config.fields.length > 0 ? config.fields : fieldsOf(items);
  return { config: { ...config, fields }, items, interactions, problems };
}

function missing(path: string, cause: unknown): InkpickError {
  return new InkpickError(
    'NOT_FOUND',
    `cannot read ${path}: a domain folder holds domain.json, items.jsonl and interactions.csv`,
    { cause },
  );
}

/** One field for whatever the items hold, for a `domain.json` that names none. */
function fieldsOf(items: readonly ItemRow[]): Field[] {
  const names = (part: 'tags' | 'text' | 'numbers') => [
    ...new Set(items.flatMap((item) => Object.keys(item[part] ?? {}))),
  ];
  const field = (name: string, kind: Field['kind']): Field => ({ name, kind, weight: 1 });
  return [
    ...names('tags').map((name) => field(name, 'tags')),
    field('creators', 'tags'),
    field('title', 'text'),
    ...names('text').map((name) => field(name, 'text')),
    field('year', 'number'),
    ...names('numbers').map((name) => field(name, 'number')),
  ];
}

async function readConfig(path: string): Promise<DomainConfig> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw missing(path, cause);
  });
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    throw new InkpickError('INVALID_REQUEST', `${path} is not JSON: ${(cause as Error).message}`, { cause });
  }
  const parsed = domainConfigSchema.safeParse(json);
  if (!parsed.success) throw new InkpickError('INVALID_REQUEST', `${path}: ${firstFault(parsed.error)}`);
  return parsed.data;
}

function firstFault(error: z.ZodError): string {
  const [issue] = error.issues;
  return `${issue.path.join('.') || 'the whole'}: ${issue.message}`;
}

async function readItems(path: string, problems: RowProblems): Promise<ItemRow[]> {
  const items: ItemRow[] = [];
  const seen = new Set<string>();
  for await (const read of readJsonLines(path, (cause) => missing(path, cause))) {
    const { line } = read;
    if ('fault' in read) {
      problems.add(`items.jsonl: ${read.fault}`, line);
      continue;
    }
    const row = itemRowSchema.safeParse(read.value);
    if (!row.success) problems.add(`items.jsonl: ${firstFault(row.error)}`, line);
    else if (seen.has(row.data.id)) problems.add('items.jsonl: id stands twice, the first row is kept', line);
    else {
      seen.add(row.data.id);
      items.push(row.data);
    }
  }
  if (items.length === 0)
    throw new InkpickError(
      'INVALID_REQUEST',
      `${path} holds no usable item (${problems.sentences().join('; ') || 'it is empty'})`,
    );
  return items;
}

async function readInteractions(path: string, items: ItemRow[], problems: RowProblems): Promise<InteractionColumns> {
  const rowOfItem = new Map(items.map((item, row) => [item.id, row]));
  const numberOfUser = new Map<string, number>();
  const users: number[] = [];
  const itemRows: number[] = [];
  const values: number[] = [];
  const timestamps: number[] = [];
  for await (const { record, line } of readCsv(path)) {
    const { user, item, value, timestamp } = record;
    const row = rowOfItem.get(item);
    const number = value === undefined || value === '' ? Number.NaN : Number(value);
    if (!user) problems.add('interactions.csv: no user', line);
    else if (row === undefined) problems.add('interactions.csv: item is not in items.jsonl', line);
    else if (value && !Number.isFinite(number)) problems.add('interactions.csv: value is not a number', line);
    else {
      let userNumber = numberOfUser.get(user);
      if (userNumber === undefined) {
        userNumber = numberOfUser.size;
        numberOfUser.set(user, userNumber);
      }
      users.push(userNumber);
      itemRows.push(row);
      values.push(number);
      timestamps.push(timestamp ? Number(timestamp) : Number.NaN);
    }
  }
  return {
    userIds: [...numberOfUser.keys()],
    users: Uint32Array.from(users),
    items: Uint32Array.from(itemRows),
    values: Float32Array.from(values),
    timestamps: Float64Array.from(timestamps),
  };
}

/** The records of `interactions.csv` with the lines on which they end. */
async function* readCsv(path: string): AsyncGenerator<{ record: Record<string, string>; line: number }> {
  let isNamed = false;
  const columns = (names: string[]) => {
    isNamed = names.includes('user') && names.includes('item');
    if (!isNamed) throw unnamed(path);
    return names;
  };
  const stream = createReadStream(path);
  const parser = stream.pipe(parse({ columns, bom: true, trim: true, relax_column_count: true, info: true }));
  stream.once('error', (cause) => parser.destroy(missing(path, cause)));
  try {
    for await (const { record, info } of parser) yield { record, line: info.lines };
  } catch (cause) {
    if (cause instanceof InkpickError) throw cause;
    throw new InkpickError('INVALID_REQUEST', `${path} is not CSV: ${(cause as Error).message}`, { cause });
  }
  if (!isNamed) throw unnamed(path);
}

function unnamed(path: string): InkpickError {
  return new InkpickError(
    'INVALID_REQUEST',
    `${path}: the first line must name the columns: user,item and, if there are any, value,timestamp`,
  );
}
