import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { z } from 'zod';
import { InkpickError } from '../../lib/contracts/errors';
import { readCsv } from '../io/csv';
import { readTextLines } from '../io/text-lines';
import type { IngestReport } from './ingest-report';

/**
 * Reads the files of a raw folder row by row. A file may be gzipped and have `.gz` at the end of its name. Every row is
 * validated by a schema; an invalid row is left out and counted in the report. Missing or damaged files are errors.
 */
export class RawFolder {
  /** Paths of the files that exist, by name. */
  private readonly paths: ReadonlyMap<string, string>;
  private readonly report: IngestReport;

  /**
   * @param files files that are required
   * @param optional files that may be absent: they have no rows then, and the report lists them
   * @param otherFolders where files are looked for that `folder` does not have
   * @throws InkpickError `NOT_FOUND` if the folder or one of `files` is missing
   */
  static async open(
    folder: string,
    files: readonly string[],
    report: IngestReport,
    optional: readonly string[] = [],
    otherFolders: readonly string[] = [],
  ): Promise<RawFolder> {
    const found = await stat(folder).catch(() => undefined);
    if (!found?.isDirectory()) {
      throw new InkpickError(
        'NOT_FOUND',
        `There is no folder ${path.resolve(folder)}. It should hold ${files.join(', ')}.`,
      );
    }
    const paths = new Map<string, string>();
    // A later folder and a plain file come before an earlier one and a gzipped file.
    const places = [...files, ...optional].flatMap((file) =>
      [...otherFolders, folder].map((place) => ({ file, own: path.join(place, file) })),
    );
    for (const { file, own } of places) {
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

  private constructor(paths: ReadonlyMap<string, string>, report: IngestReport) {
    this.paths = paths;
    this.report = report;
  }

  /** The validated rows of a CSV file with a header line. */
  csv<Row>(file: string, schema: z.ZodType<Row>): AsyncGenerator<Row> {
    return this.validate(file, schema, this.records(file), (record) => Object.values(record).join(','));
  }

  private async *records(file: string): AsyncGenerator<Record<string, string>> {
    let names: string[] | undefined;
    for await (const batch of this.withFileErrors(file, readCsv(this.openFile(file), file))) {
      for (const row of batch) {
        if ('fault' in row) {
          this.report.read(file);
          this.report.dropped(file, row.fault, `line ${row.line}`);
        } else if (names) {
          const record: Record<string, string> = {};
          const length = Math.min(names.length, row.cells.length);
          for (let at = 0; at < length; at++) record[names[at]] = row.cells[at];
          yield record;
        } else names = row.cells;
      }
    }
  }

  /** The validated rows of a file with one JSON value per line. */
  jsonLines<Row>(file: string, schema: z.ZodType<Row>): AsyncGenerator<Row> {
    return this.validate(file, schema, this.jsonValues(file), (value) => JSON.stringify(value));
  }

  private async *jsonValues(file: string): AsyncGenerator<unknown> {
    for await (const line of this.lines(file)) {
      if (line.trim() === '') continue;
      let value: unknown;
      try {
        value = JSON.parse(line);
      } catch {
        this.report.read(file);
        this.report.dropped(file, 'not JSON', line);
        continue;
      }
      yield value;
    }
  }

  /** The lines of a text file without their line ends. The caller has to count the rows. */
  async *lines(file: string): AsyncGenerator<string> {
    for await (const batch of this.withFileErrors(file, readTextLines(this.openFile(file), file))) {
      for (const read of batch) {
        if ('text' in read) yield read.text;
        else this.report.dropped(file, read.fault, `line ${read.line}`);
      }
    }
  }

  /** The uncompressed bytes of a file; none if the file is absent. */
  private openFile(file: string): Readable {
    const found = this.paths.get(file);
    if (found === undefined) return Readable.from([]);
    const source = createReadStream(found);
    return found.endsWith('.gz') ? pipeline(source, createGunzip(), () => {}) : source;
  }

  /** Converts errors while reading into errors that name the file. */
  private async *withFileErrors<T>(file: string, rows: AsyncIterable<T>): AsyncGenerator<T> {
    try {
      yield* rows;
    } catch (error) {
      throw damaged(file, error);
    }
  }

  /** Yields the valid rows. Throws if there are only invalid ones, because then the file is not the expected one. */
  private async *validate<Value, Row>(
    file: string,
    schema: z.ZodType<Row>,
    values: AsyncIterable<Value>,
    text: (value: Value) => string,
  ): AsyncGenerator<Row> {
    let accepted = 0;
    let firstFault: string | undefined;
    for await (const value of values) {
      this.report.read(file);
      const result = schema.safeParse(value);
      if (result.success) {
        accepted++;
        yield result.data;
        continue;
      }
      const { path: at, message } = result.error.issues[0];
      const fault = `${at.join('.') || 'row'}: ${message}`;
      firstFault ??= fault;
      this.report.dropped(file, fault, text(value));
    }
    if (accepted === 0 && firstFault !== undefined) {
      throw new InkpickError('INVALID_REQUEST', `${file} has no valid row; in the first row, ${firstFault}.`);
    }
  }
}

function damaged(file: string, cause: unknown): InkpickError {
  if (cause instanceof InkpickError) return cause;
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new InkpickError('INVALID_REQUEST', `${file} cannot be read to its end: ${detail}.`, { cause });
}
