import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { type DomainConfig, domainConfigSchema, type ItemRow, itemRowSchema } from '../../lib/contracts/domain-folder';
import { InkpickError } from '../../lib/contracts/errors';

/** Suffix of files that are being written, so that a failed run does not leave an incomplete domain. */
const UNFINISHED = '.unfinished';
/** The files that every folder has, in the order in which they get their final names … */
const FILES = ['items.jsonl', 'interactions.csv', 'report.json', 'domain.json'];
/** … and one that it may have. */
const RELATED = 'related.csv';
const BUFFER_CHARACTERS = 1 << 16;

/** The columns of `interactions.csv` besides `user` and `item`. */
export interface DomainFolderOptions {
  value: boolean;
  timestamp: boolean;
}

/**
 * Writes a domain folder (`domain.json`, `items.jsonl`, `interactions.csv`, `report.json`) row by row. No file has its
 * final name before {@link DomainFolderWriter.close}.
 *
 * @example
 * const folder = await DomainFolderWriter.open(out, config, { value: true, timestamp: true });
 * await folder.item({ id: '1', title: 'Toy Story' });
 * await folder.interaction('7', '1', 4.5, 1225734739);
 * await folder.close(report);
 */
export class DomainFolderWriter {
  private readonly folder: string;
  private readonly options: DomainFolderOptions;
  private readonly items: TextFile;
  private readonly interactions: TextFile;
  private readonly relatedPairs: string[] = [];
  private readonly config: DomainConfig;
  private readonly ids = new Set<string>();

  /** Creates the folder if it is missing. @throws ZodError if the configuration is invalid */
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
    this.folder = folder;
    this.config = config;
    this.options = options;
    this.items = new TextFile(path.join(folder, `items.jsonl${UNFINISHED}`));
    this.interactions = new TextFile(path.join(folder, `interactions.csv${UNFINISHED}`));
    const columns = ['user', 'item', ...(options.value ? ['value'] : []), ...(options.timestamp ? ['timestamp'] : [])];
    this.interactions.line(columns.join(','));
  }

  /** Adds a row of `items.jsonl`. @throws ZodError if the row is invalid, InkpickError if its id is taken */
  async item(row: ItemRow): Promise<void> {
    const checked = itemRowSchema.parse(row);
    if (this.ids.has(checked.id)) {
      throw new InkpickError('INVALID_REQUEST', `Two items have the id "${checked.id}"; ids must be unique.`);
    }
    this.ids.add(checked.id);
    this.items.line(JSON.stringify(checked));
    await this.items.drained();
  }

  /** Adds a row of `interactions.csv`. @throws InkpickError if the item has not been written before */
  async interaction(user: string, item: string, value?: number, timestamp?: number): Promise<void> {
    if (!this.ids.has(item)) {
      throw new InkpickError('INVALID_REQUEST', `An interaction names the item "${item}", which has not been written.`);
    }
    const cells = [csvCell(user), csvCell(item)];
    if (this.options.value) cells.push(value === undefined ? '' : String(value));
    if (this.options.timestamp) cells.push(timestamp === undefined ? '' : String(timestamp));
    this.interactions.line(cells.join(','));
    await this.interactions.drained();
  }

  /** Adds a row of `related.csv`, which is written only where there are rows. */
  related(seed: string, recommended: string): void {
    for (const id of [seed, recommended])
      if (!this.ids.has(id))
        throw new InkpickError('INVALID_REQUEST', `A related pair names the item "${id}", which has not been written.`);
    this.relatedPairs.push(`${csvCell(seed)},${csvCell(recommended)}`);
  }

  /** Writes `domain.json` and `report.json`, and gives all files their final names. */
  async close(report: { toJSON(): unknown }): Promise<void> {
    await Promise.all([this.items.end(), this.interactions.end()]);
    const json = (name: string, value: unknown) =>
      writeFile(path.join(this.folder, name + UNFINISHED), `${JSON.stringify(value, null, 2)}\n`);
    await json('report.json', report);
    await json('domain.json', this.config);
    const hasRelated = this.relatedPairs.length > 0;
    const pairs = ['seed,recommended', ...this.relatedPairs, ''].join('\n');
    if (hasRelated) await writeFile(path.join(this.folder, RELATED + UNFINISHED), pairs);
    else await rm(path.join(this.folder, RELATED), { force: true });
    for (const name of hasRelated ? [RELATED, ...FILES] : FILES) {
      await rename(path.join(this.folder, name + UNFINISHED), path.join(this.folder, name));
    }
  }

  /** Removes everything written so far. For a run that failed. */
  async abandon(): Promise<void> {
    await Promise.allSettled([this.items.end(), this.interactions.end()]);
    for (const name of [RELATED, ...FILES]) {
      await rm(path.join(this.folder, name + UNFINISHED), { force: true });
    }
  }
}

/** A text file that is written in large chunks: one system call per line would dominate the run time. */
class TextFile {
  private readonly stream: WriteStream;
  private readonly finished: Promise<void>;
  private pending: string[] = [];
  private characters = 0;

  constructor(file: string) {
    this.stream = createWriteStream(file);
    this.finished = finished(this.stream);
    // `drained` or `end` reports the error. Without this handler it would be an unhandled rejection before that.
    this.finished.catch(() => {});
  }

  line(text: string): void {
    this.pending.push(text, '\n');
    this.characters += text.length + 1;
  }

  /** Resolves when the writer may continue, which bounds the memory. */
  async drained(): Promise<void> {
    if (this.characters < BUFFER_CHARACTERS) return;
    if (!this.flush()) await Promise.race([once(this.stream, 'drain'), this.finished]);
  }

  async end(): Promise<void> {
    this.flush();
    this.stream.end();
    await this.finished;
  }

  private flush(): boolean {
    const text = this.pending.join('');
    this.pending = [];
    this.characters = 0;
    return this.stream.write(text);
  }
}

/** A CSV cell as in RFC 4180: quoted if it contains a comma, a quote or a line break. */
function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
