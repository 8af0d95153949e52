import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { z } from 'zod';
import { InkpickError } from '../../lib/contracts/errors';
import { readCsv } from '../io/csv';
import { readTextLines } from '../io/text-lines';
import type { BuildReport } from './report';

/**
 * Reads the files of a raw folder row by row. A file is found by its name or by that and `.gz`, and reported by its name.
 * Every row is checked by a schema; a row that breaks it is counted in the report and left out. Files that are missing or
 * damaged are errors.
 */
export class RawFolder {
  /** Where each file is that is there. */
  readonly #paths: ReadonlyMap<string, string>;
  readonly #report: BuildReport;

  /**
   * Throws `NOT_FOUND` where the folder or one of `files` is missing, before anything is read.
   *
   * @param optional files that may be missing: their rows are then none, and the report says so
   */
  static async open(
    folder: string,
    files: readonly string[],
    report: BuildReport,
    optional: readonly string[] = [],
  ): Promise<RawFolder> {
    const found = await stat(folder).catch(() => undefined);
    if (!found?.isDirectory()) {
      throw new InkpickError(
        'NOT_FOUND',
        `There is no folder ${path.resolve(folder)}. It should hold ${files.join(', ')}.`,
      );
    }
    const paths = new Map<string, string>();
    for (const file of [...files, ...optional]) {
      const own = path.join(folder, file);
      for (const candidate of [`${own}.gz`, own]) {
        if ((await stat(candidate).catch(() => undefined))?.isFile()) paths.set(file, candidate);
      }
    }
    const missing = files.filter((file) => !paths.has(file));
    if (missing.length > 0) {
      throw new InkpickError(
        'NOT_FOUND',
        `${missing.join(', ')} should be in ${path.resolve(folder)} but is not there.`,
      );
    }
    for (const file of optional) if (!paths.has(file)) report.absent(file);
    return new RawFolder(paths, report);
  }

  private constructor(paths: ReadonlyMap<string, string>, report: BuildReport) {
    this.#paths = paths;
    this.#report = report;
  }

  /** The rows of a CSV file with a header line, as the schema gives them. */
  csv<Row>(file: string, schema: z.ZodType<Row>): AsyncGenerator<Row> {
    return this.#checked(file, schema, this.#records(file), (record) => Object.values(record).join(','));
  }

  async *#records(file: string): AsyncGenerator<Record<string, string>> {
    let names: string[] | undefined;
    for await (const batch of this.#guard(file, readCsv(this.#open(file), file))) {
      for (const row of batch) {
        if ('fault' in row) {
          this.#report.read(file);
          this.#report.dropped(file, row.fault, `line ${row.line}`);
        } else if (names) {
          const record: Record<string, string> = {};
          const length = Math.min(names.length, row.cells.length);
          for (let at = 0; at < length; at++) record[names[at]] = row.cells[at];
          yield record;
        } else names = row.cells;
      }
    }
  }

  /** The rows of a file with one JSON value a line. */
  jsonLines<Row>(file: string, schema: z.ZodType<Row>): AsyncGenerator<Row> {
    return this.#checked(file, schema, this.#jsonValues(file), (value) => JSON.stringify(value));
  }

  async *#jsonValues(file: string): AsyncGenerator<unknown> {
    for await (const line of this.lines(file)) {
      if (line.trim() === '') continue;
      let value: unknown;
      try {
        value = JSON.parse(line);
      } catch {
        this.#report.read(file);
        this.#report.dropped(file, 'not JSON', line);
        continue;
      }
      yield value;
    }
  }

  /** The lines of a text file, without their ends. The caller counts the rows. */
  async *lines(file: string): AsyncGenerator<string> {
    for await (const batch of this.#guard(file, readTextLines(this.#open(file), file))) {
      for (const read of batch) {
        if ('text' in read) yield read.text;
        else this.#report.dropped(file, read.fault, `line ${read.line}`);
      }
    }
  }

  /** The bytes of a file as text has them; none where the file is absent. */
  #open(file: string): Readable {
    const found = this.#paths.get(file);
    if (found === undefined) return Readable.from([]);
    const source = createReadStream(found);
    return found.endsWith('.gz') ? pipeline(source, createGunzip(), () => {}) : source;
  }

  async *#guard<T>(file: string, rows: AsyncIterable<T>): AsyncGenerator<T> {
    try {
      yield* rows;
    } catch (error) {
      throw damaged(file, error);
    }
  }

  /** Throws where not one of the values is a row: the file is then another one, not one with a few faults. */
  async *#checked<Value, Row>(
    file: string,
    schema: z.ZodType<Row>,
    values: AsyncIterable<Value>,
    text: (value: Value) => string,
  ): AsyncGenerator<Row> {
    let accepted = 0;
    let firstFault: string | undefined;
    for await (const value of values) {
      this.#report.read(file);
      const result = schema.safeParse(value);
      if (result.success) {
        accepted++;
        yield result.data;
        continue;
      }
      const { path: at, message } = result.error.issues[0];
      const fault = `${at.join('.') || 'row'}: ${message}`;
      firstFault ??= fault;
      this.#report.dropped(file, fault, text(value));
    }
    if (accepted === 0 && firstFault !== undefined) {
      throw new InkpickError(
        'INVALID_REQUEST',
        `Not one row of ${file} is as it should be; in the first, ${firstFault}.`,
      );
    }
  }
}

function damaged(file: string, cause: unknown): InkpickError {
  if (cause instanceof InkpickError) return cause;
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new InkpickError('INVALID_REQUEST', `${file} cannot be read to its end: ${detail}.`, { cause });
}
