import { getOrSet } from './text';

/** Examples per reason: enough to recognise it, too few to be a copy of the data. */
const EXAMPLES_KEPT = 3;
const EXAMPLE_LENGTH = 80;

export interface ReasonCount {
  count: number;
  /** The first cases, shortened, in the order of the file. */
  examples: string[];
}

export interface FileReport {
  /** True if the file was optional and did not exist. */
  absent?: true;
  /** Number of rows read, without the header. */
  rows: number;
  /** Rows or parts of rows left out, by reason. */
  dropped: Record<string, ReasonCount>;
  /** Rows or parts of rows changed, by reason. */
  repaired: Record<string, ReasonCount>;
}

export interface IngestReportJson {
  files: Record<string, FileReport>;
  /** Counts that describe the result, by name. */
  figures: Record<string, number>;
}

/**
 * Counts every row that an ingest left out or changed, by file and reason, with a few examples each. The same input
 * gives the same report, because it contains no times.
 */
export class IngestReport {
  private readonly files = new Map<string, FileCounts>();
  private readonly figureValues = new Map<string, number>();

  /** Counts rows read from a file. */
  read(file: string, rows = 1): void {
    this.countsOf(file).rows += rows;
  }

  /** Notes that an optional file does not exist. */
  absent(file: string): void {
    this.countsOf(file).absent = true;
  }

  /** Counts a row, or a part of one, that was left out. */
  dropped(file: string, reason: string, example?: string): void {
    count(this.countsOf(file).dropped, reason, example);
  }

  /** Counts a row, or a part of one, that was changed. */
  repaired(file: string, reason: string, example?: string): void {
    count(this.countsOf(file).repaired, reason, example);
  }

  /** Sets a figure about the result, for example the number of items. */
  figure(name: string, value: number): void {
    this.figureValues.set(name, value);
  }

  toJSON(): IngestReportJson {
    const files = [...this.files].map(([name, { absent, rows, dropped, repaired }]) => [
      name,
      {
        ...(absent && { absent }),
        rows,
        dropped: Object.fromEntries(dropped),
        repaired: Object.fromEntries(repaired),
      },
    ]);
    return { files: Object.fromEntries(files), figures: Object.fromEntries(this.figureValues) };
  }

  private countsOf(name: string): FileCounts {
    return getOrSet(this.files, name, () => ({ rows: 0, dropped: new Map(), repaired: new Map() }));
  }
}

/** As {@link FileReport}, but with maps: reasons are arbitrary text, which is unsafe as a property name. */
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

/** Formats the report as a text table with a line per file and reason, followed by the figures. */
export function formatReport(report: IngestReport): string {
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
    if (first) rows.push([name, number(file.rows), file.absent ? 'absent' : 'all kept', '', '', '']);
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
