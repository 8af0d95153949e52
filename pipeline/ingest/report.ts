import { getOrSet } from './text';

/** Examples kept for one reason; enough to recognise it, too few to be a copy of the data. */
const EXAMPLES_KEPT = 3;
const EXAMPLE_LENGTH = 80;

export interface ReasonCount {
  count: number;
  /** The first few cases, in the order of the file, shortened. */
  examples: string[];
}

export interface FileReport {
  /** True where the file was not there, and could be done without. */
  absent?: true;
  /** Rows read, the header not among them. */
  rows: number;
  /** Rows or parts of rows left out, by reason. */
  dropped: Record<string, ReasonCount>;
  /** Rows or parts of rows changed, by reason. */
  repaired: Record<string, ReasonCount>;
}

export interface BuildReportJson {
  files: Record<string, FileReport>;
  /** What was written, and how complete it is: counts by name. */
  figures: Record<string, number>;
}

/**
 * Accounts for every row that an ingest left out or changed: by file and reason, with a few examples of each.
 * The same input gives the same report: it holds no time of day and no duration.
 */
export class BuildReport {
  readonly #files = new Map<string, FileCounts>();
  readonly #figures = new Map<string, number>();

  /** Counts rows read from a file. */
  read(file: string, rows = 1): void {
    this.#file(file).rows += rows;
  }

  /** Notes that a file was not there, and is done without. */
  absent(file: string): void {
    this.#file(file).absent = true;
  }

  /** Counts one row, or part of one, that was left out. */
  dropped(file: string, reason: string, example?: string): void {
    count(this.#file(file).dropped, reason, example);
  }

  /** Counts one row, or part of one, that was changed. */
  repaired(file: string, reason: string, example?: string): void {
    count(this.#file(file).repaired, reason, example);
  }

  /** Records a figure about the result, for example the number of items written. */
  figure(name: string, value: number): void {
    this.#figures.set(name, value);
  }

  toJSON(): BuildReportJson {
    const files = [...this.#files].map(([name, { absent, rows, dropped, repaired }]) => [
      name,
      {
        ...(absent && { absent }),
        rows,
        dropped: Object.fromEntries(dropped),
        repaired: Object.fromEntries(repaired),
      },
    ]);
    return { files: Object.fromEntries(files), figures: Object.fromEntries(this.#figures) };
  }

  #file(name: string): FileCounts {
    return getOrSet(this.#files, name, () => ({ rows: 0, dropped: new Map(), repaired: new Map() }));
  }
}

/** As {@link FileReport}; a reason is any text, and would be no safe name of a property while counting. */
interface FileCounts {
  absent?: true;
  rows: number;
  dropped: Map<string, ReasonCount>;
  repaired: Map<string, ReasonCount>;
}

function count(reasons: Map<string, ReasonCount>, reason: string, example: string | undefined): void {
  const entry = getOrSet(reasons, reason, () => ({ count: 0, examples: [] }));
  entry.count++;
  if (example !== undefined && entry.examples.length < EXAMPLES_KEPT) {
    entry.examples.push(example.length > EXAMPLE_LENGTH ? `${example.slice(0, EXAMPLE_LENGTH - 1)}…` : example);
  }
}

/** The report as a text table: a line for every file and reason, then the figures. */
export function formatReport(report: BuildReport): string {
  const { files, figures } = report.toJSON();
  const number = (value: number) => value.toLocaleString('en-GB');
  const rows: string[][] = [['file', 'rows', '', 'count', 'reason', 'examples']];
  for (const [name, file] of Object.entries(files)) {
    let first = true;
    for (const kind of ['dropped', 'repaired'] as const) {
      for (const [reason, { count, examples }] of Object.entries(file[kind])) {
        rows.push([
          first ? name : '',
          first ? number(file.rows) : '',
          kind,
          number(count),
          reason,
          examples.join(' · '),
        ]);
        first = false;
      }
    }
    if (first) rows.push([name, number(file.rows), file.absent ? 'not there' : 'all kept', '', '', '']);
  }
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const numeric = new Set([1, 3]);
  const table = rows.map((row) =>
    row
      .map((cell, column) => (numeric.has(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
      .join('  ')
      .trimEnd(),
  );
  const nameWidth = Math.max(0, ...Object.keys(figures).map((name) => name.length));
  const lines = Object.entries(figures).map(([name, value]) => `${name.padEnd(nameWidth)}  ${number(value)}`);
  return [...table, '', ...lines].join('\n');
}
