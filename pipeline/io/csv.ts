import { parse } from 'csv-parse/sync';
import { type LineFault, readTextLines, type TextLine } from './text-lines';

/** Why a row says nothing; reads on after "the row is". */
export type CsvFault = LineFault | typeof BAD_QUOTE;

const BAD_QUOTE = 'not CSV (a quote is out of place, or never closed)';

/** A row by the number of the line where it begins, its cells without white space around them. */
export type CsvRow = { line: number; cells: string[] } | { line: number; fault: CsvFault };

/** A quoted cell may hold line breaks; one that would hold more than these was never meant to. */
const MOST_LINES_A_ROW = 1000;

/**
 * The rows of a CSV text after RFC 4180, the one that names the columns among them; blank lines are passed over. A row that
 * is no CSV is told as such and reading goes on at the next line: a quote that is never closed costs one row, not the rest
 * of the file.
 *
 * A line without quotes, which is every line of most files, need only be split: 200 MB take seconds so, a minute in
 * csv-parse. Rows with quotes go to csv-parse.
 *
 * The cells may be slices of larger texts: copy what is to be kept of a large file.
 *
 * @param path for messages
 */
export async function* readCsv(chunks: AsyncIterable<Buffer>, path: string): AsyncGenerator<CsvRow[]> {
  let unfinished: TextLine[] = [];
  for await (const batch of readTextLines(chunks, path)) {
    const lines = unfinished.length > 0 ? [...unfinished, ...batch] : batch;
    const rows: CsvRow[] = [];
    unfinished = lines.slice(readRows(lines, false, rows));
    yield rows;
  }
  const rows: CsvRow[] = [];
  readRows(unfinished, true, rows);
  yield rows;
}

/** Adds the rows of some lines. @returns how many of the lines it read: the row of the next may go on after the last */
function readRows(lines: readonly TextLine[], areLast: boolean, rows: CsvRow[]): number {
  let at = 0;
  while (at < lines.length) {
    const read = lines[at];
    if ('fault' in read) rows.push(read);
    else if (!read.text.includes('"')) {
      if (read.text.trim() !== '')
        rows.push({ line: read.line, cells: read.text.split(',').map((cell) => cell.trim()) });
    } else {
      const row = quotedRow(lines, at);
      if (row === 'unfinished' && !areLast) return at;
      const cells = Array.isArray(row) ? parseQuoted(row) : undefined;
      if (cells) {
        rows.push({ line: read.line, cells });
        at += row.length;
        continue;
      }
      rows.push({ line: read.line, fault: BAD_QUOTE });
    }
    at++;
  }
  return at;
}

/** The lines of the row that begins at a line: up to the first one after which every quote has its partner. */
function quotedRow(lines: readonly TextLine[], at: number): string[] | 'unfinished' | 'endless' {
  const row: string[] = [];
  let quotes = 0;
  while (row.length < MOST_LINES_A_ROW) {
    const next = lines[at + row.length];
    if (next === undefined) return 'unfinished';
    if ('fault' in next) return 'endless';
    row.push(next.text);
    quotes += next.text.split('"').length - 1;
    if (quotes % 2 === 0) return row;
  }
  return 'endless';
}

/** The cells of a whole row; undefined where a quote opens or closes inside a cell. */
function parseQuoted(lines: readonly string[]): string[] | undefined {
  try {
    const [cells]: string[][] = parse(lines.join('\n'), { trim: true });
    return cells;
  } catch {
    return undefined;
  }
}
