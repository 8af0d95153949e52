import { parse } from 'csv-parse/sync';
import { type LineFault, readTextLines, type TextLine } from './text-lines';

/** Why a row cannot be used, as a continuation of "the row is". */
export type CsvFault = LineFault | typeof BAD_QUOTE;

const BAD_QUOTE = 'not CSV (a quote is out of place, or never closed)';

/** A row with the number of its first line. Cells are trimmed. */
export type CsvRow = { line: number; cells: string[] } | { line: number; fault: CsvFault };

/** A quoted cell may contain line breaks. More lines than this in one row mean that a quote was never closed. */
const MAX_LINES_PER_ROW = 1000;

/**
 * Reads the rows of a CSV text (RFC 4180), including the header; blank lines are skipped. An invalid row is yielded as
 * a fault, and reading continues at the next line, so a quote that is never closed costs one row and not the rest of
 * the file.
 *
 * Lines without quotes, which are all lines of most files, are only split: 200 MB take seconds, but a minute in
 * csv-parse. Rows with quotes are parsed by csv-parse.
 *
 * Cells may be slices of larger strings: copy those that outlive the chunk, or the whole file stays in memory.
 *
 * @param path for error messages
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

/** Adds the rows of the lines. @returns the number of lines used; an incomplete row at the end is not */
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

/** The lines of the row that begins at a line: up to the first line after which all quotes are closed. */
function quotedRow(lines: readonly TextLine[], at: number): string[] | 'unfinished' | 'endless' {
  const row: string[] = [];
  let quotes = 0;
  while (row.length < MAX_LINES_PER_ROW) {
    const next = lines[at + row.length];
    if (next === undefined) return 'unfinished';
    if ('fault' in next) return 'endless';
    row.push(next.text);
    quotes += next.text.split('"').length - 1;
    if (quotes % 2 === 0) return row;
  }
  return 'endless';
}

/** The cells of a complete row; undefined if a quote opens or closes within a cell. */
function parseQuoted(lines: readonly string[]): string[] | undefined {
  try {
    const [cells]: string[][] = parse(lines.join('\n'), { trim: true });
    return cells;
  } catch {
    return undefined;
  }
}
