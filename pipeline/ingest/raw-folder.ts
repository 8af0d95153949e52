import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import type { z } from 'zod';
import { InkpickError } from '../../lib/contracts/errors';
import type { BuildReport } from './report';

/**
 * Reads the files of a raw folder, gzipped or not, row by row. Every row is checked by a schema; a row that
 * breaks it is counted in the report and left out. Files that are missing or damaged are errors.
 */
export class RawFolder {
  readonly #folder: string;
  readonly #report: BuildReport;

  /** Throws `NOT_FOUND` where the folder or one of `files` is missing, before anything is read. */
  static async open(folder: string, files: readonly string[], report: BuildReport): Promise<RawFolder> {
    const found = await stat(folder).catch(() => undefined);
    if (!found?.isDirectory()) {
      throw new InkpickError(
        'NOT_FOUND',
        `There is no folder ${path.resolve(folder)}. It should hold ${files.join(', ')}.`,
      );
    }
    const missing: string[] = [];
    for (const file of files) {
      if (!(await stat(path.join(folder, file)).catch(() => undefined))?.isFile()) missing.push(file);
    }
    if (missing.length > 0) {
      throw new InkpickError(
        'NOT_FOUND',
        `${missing.join(', ')} should be in ${path.resolve(folder)} but is not there.`,
      );
    }
    return new RawFolder(folder, report);
  }

  private constructor(folder: string, report: BuildReport) {
    this.#folder = folder;
    this.#report = report;
  }

  /** The rows of a CSV file with a header line, as the schema gives them. */
  csv<Row>(file: string, schema: z.ZodType<Row>): AsyncGenerator<Row> {
    const parser = pipeline(
      this.#open(file),
      parse({ columns: true, bom: true, skip_empty_lines: true, relax_column_count: true }),
      () => {},
    ) as AsyncIterable<Record<string, string>>;
    return this.#checked(file, schema, this.#guard(file, parser), (record) => Object.values(record).join(','));
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
    // Not node:readline: it also breaks lines at U+2028, which JSON strings may hold.
    let rest = '';
    for await (const chunk of this.#guard(file, this.#open(file).setEncoding('utf8') as AsyncIterable<string>)) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line;
    }
    if (rest !== '') yield rest;
  }

  #open(file: string): Readable {
    const source = createReadStream(path.join(this.#folder, file));
    return file.endsWith('.gz') ? pipeline(source, createGunzip(), () => {}) : source;
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
