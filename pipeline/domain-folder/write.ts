import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { type DomainConfig, domainConfigSchema, type ItemRow, itemRowSchema } from '../../lib/contracts/domain-folder';
import { InkpickError } from '../../lib/contracts/errors';

/** Files are written under this suffix first, so that a run that fails leaves no half of a domain behind. */
const UNFINISHED = '.unfinished';
const BUFFERED_CHARACTERS = 1 << 16;

export interface DomainFolderOptions {
  /** Columns of `interactions.csv` besides `user` and `item`. */
  value: boolean;
  timestamp: boolean;
}

/**
 * Writes a domain folder (`domain.json`, `items.jsonl`, `interactions.csv`, `report.json`) row by row.
 * Nothing appears under its final name before {@link DomainFolderWriter.close}.
 *
 * @example
 * const folder = await DomainFolderWriter.open(out, config, { value: true, timestamp: true });
 * await folder.item({ id: '1', title: 'Toy Story' });
 * await folder.interaction('7', '1', 4.5, 1225734739);
 * await folder.close(report);
 */
export class DomainFolderWriter {
  readonly #folder: string;
  readonly #options: DomainFolderOptions;
  readonly #items: TextFile;
  readonly #interactions: TextFile;
  readonly #config: DomainConfig;
  readonly #ids = new Set<string>();

  /** Creates the folder where it is missing. Throws a ZodError where the configuration breaks its schema. */
  static async open(
    folder: string,
    config: Parameters<typeof domainConfigSchema.parse>[0] & object,
    options: DomainFolderOptions,
  ): Promise<DomainFolderWriter> {
    const checked = domainConfigSchema.parse(config);
    await mkdir(folder, { recursive: true });
    return new DomainFolderWriter(folder, checked, options);
  }

  private constructor(folder: string, config: DomainConfig, options: DomainFolderOptions) {
    this.#folder = folder;
    this.#config = config;
    this.#options = options;
    this.#items = new TextFile(path.join(folder, `items.jsonl${UNFINISHED}`));
    this.#interactions = new TextFile(path.join(folder, `interactions.csv${UNFINISHED}`));
    const columns = ['user', 'item', ...(options.value ? ['value'] : []), ...(options.timestamp ? ['timestamp'] : [])];
    this.#interactions.line(columns.join(','));
  }

  /** Adds a row of `items.jsonl`. Throws where the row breaks the schema or its id is taken. */
  async item(row: ItemRow): Promise<void> {
    const checked = itemRowSchema.parse(row);
    if (this.#ids.has(checked.id)) {
      throw new InkpickError('INVALID_REQUEST', `Two items have the id "${checked.id}"; ids must be unique.`);
    }
    this.#ids.add(checked.id);
    this.#items.line(JSON.stringify(checked));
    await this.#items.drained();
  }

  /** Adds a row of `interactions.csv`; the item must have been written before. */
  async interaction(user: string, item: string, value?: number, timestamp?: number): Promise<void> {
    if (!this.#ids.has(item)) {
      throw new InkpickError('INVALID_REQUEST', `An interaction names the item "${item}", which has not been written.`);
    }
    const cells = [csvCell(user), csvCell(item)];
    if (this.#options.value) cells.push(value === undefined ? '' : String(value));
    if (this.#options.timestamp) cells.push(timestamp === undefined ? '' : String(timestamp));
    this.#interactions.line(cells.join(','));
    await this.#interactions.drained();
  }

  /** Writes `domain.json` and `report.json` and gives every file its final name. */
  async close(report: { toJSON(): unknown }): Promise<void> {
    await Promise.all([this.#items.end(), this.#interactions.end()]);
    const json = (name: string, value: unknown) =>
      writeFile(path.join(this.#folder, name + UNFINISHED), `${JSON.stringify(value, null, 2)}\n`);
    await json('report.json', report);
    await json('domain.json', this.#config);
    for (const name of ['items.jsonl', 'interactions.csv', 'report.json', 'domain.json']) {
      await rename(path.join(this.#folder, name + UNFINISHED), path.join(this.#folder, name));
    }
  }

  /** Removes what has been written so far; for a run that failed. */
  async abandon(): Promise<void> {
    await Promise.allSettled([this.#items.end(), this.#interactions.end()]);
    for (const name of ['items.jsonl', 'interactions.csv', 'report.json', 'domain.json']) {
      await rm(path.join(this.#folder, name + UNFINISHED), { force: true });
    }
  }
}

/** A text file written in large pieces: a system call a line would take longer than everything else. */
class TextFile {
  readonly #stream: WriteStream;
  readonly #finished: Promise<void>;
  #pending: string[] = [];
  #characters = 0;

  constructor(file: string) {
    this.#stream = createWriteStream(file);
    this.#finished = finished(this.#stream);
    // The error is reported by `drained` or `end`; without this handler it would end the process first.
    this.#finished.catch(() => {});
  }

  line(text: string): void {
    this.#pending.push(text, '\n');
    this.#characters += text.length + 1;
  }

  /** Resolves once the writer may go on; keeps memory bounded. */
  async drained(): Promise<void> {
    if (this.#characters < BUFFERED_CHARACTERS) return;
    if (!this.#flush()) await Promise.race([once(this.#stream, 'drain'), this.#finished]);
  }

  async end(): Promise<void> {
    this.#flush();
    this.#stream.end();
    await this.#finished;
  }

  #flush(): boolean {
    const text = this.#pending.join('');
    this.#pending = [];
    this.#characters = 0;
    return this.#stream.write(text);
  }
}

/** A CSV cell after RFC 4180: quoted where it holds a comma, a quote or a line break. */
function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
