import { isUtf8 } from 'node:buffer';
import { InkpickError } from '../../lib/contracts/errors';

/** Why a line says nothing; reads on after "the line is". */
export type LineFault = 'not UTF-8' | `longer than ${number} MB`;

/** A line of a file without its end, by its number from 1. */
export type TextLine = { line: number; text: string } | { line: number; fault: LineFault };

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const BYTE_ORDER_MARK = 0xfeff;
/** A row longer than this is a mistake: a file without line ends, a quote that swallowed the rest. */
const LONGEST_LINE_MB = 16;

/** Files of these kinds are given by mistake; told apart by their first bytes. */
const OTHER_KINDS: readonly { start: readonly number[]; kind: string; advice: string }[] = [
  { start: [0xff, 0xfe], kind: 'UTF-16', advice: 'save it as UTF-8' },
  { start: [0xfe, 0xff], kind: 'UTF-16', advice: 'save it as UTF-8' },
  { start: [0x1f, 0x8b], kind: 'gzip', advice: 'unpack it first' },
  { start: [0x50, 0x4b, 3, 4], kind: 'a ZIP archive or a spreadsheet', advice: 'unpack it, or save it as plain text' },
];

/**
 * Throws `INVALID_REQUEST` where the first bytes of a file show that it is no UTF-8 text at all. UTF-16 without a byte
 * order mark is known by the zero that half of a Latin letter then is.
 */
export function requireText(bytes: Uint8Array, path: string): void {
  const other = OTHER_KINDS.find(({ start }) => start.every((byte, at) => bytes[at] === byte));
  if (other) throw new InkpickError('INVALID_REQUEST', `${path} is ${other.kind}, not UTF-8 text: ${other.advice}`);
  if (bytes.length > 1 && (bytes[0] === 0) !== (bytes[1] === 0))
    throw new InkpickError('INVALID_REQUEST', `${path} looks like UTF-16, not UTF-8 text: save it as UTF-8`);
}

/**
 * The lines of a UTF-8 text, ended by LF or CRLF, in batches of as many as each chunk completes: a generator's step costs
 * as much as splitting a line does. A byte order mark is passed over. A line that cannot be read is told as such, and the
 * rest goes on. Chunks are taken no faster than batches are.
 *
 * Not node:readline: it also ends lines at U+2028 and U+2029, which JSON strings may hold as they stand.
 *
 * The texts may be slices of their chunk: copy what is to be kept of a large file, or all of it stays in memory.
 */
export async function* readTextLines(chunks: AsyncIterable<Buffer>, path: string): AsyncGenerator<TextLine[]> {
  let line = 0;
  let isFirst = true;
  let rest: Buffer[] = [];
  let restBytes = 0;
  let isTooLong = false;
  for await (const chunk of chunks) {
    if (isFirst) requireText(chunk, path);
    isFirst &&= chunk.length === 0;
    const end = chunk.lastIndexOf(LINE_FEED);
    if (end >= 0) {
      const batch: TextLine[] = [];
      let begin = 0;
      if (isTooLong) {
        begin = chunk.indexOf(LINE_FEED) + 1;
        batch.push({ line: ++line, fault: `longer than ${LONGEST_LINE_MB} MB` });
        isTooLong = false;
      }
      if (begin <= end) line = split(Buffer.concat([...rest, chunk.subarray(begin, end)]), line, batch);
      rest = [];
      restBytes = 0;
      yield batch;
    }
    if (isTooLong) continue;
    rest.push(chunk.subarray(end + 1));
    restBytes += chunk.length - end - 1;
    if (restBytes > LONGEST_LINE_MB * 1e6) {
      isTooLong = true;
      rest = [];
    }
  }
  const batch: TextLine[] = [];
  if (isTooLong) batch.push({ line: line + 1, fault: `longer than ${LONGEST_LINE_MB} MB` });
  else if (restBytes > 0) split(Buffer.concat(rest), line, batch);
  yield batch;
}

/** Adds the lines of whole lines, the last without its end. @returns the number of the last one */
function split(bytes: Buffer, lineBefore: number, batch: TextLine[]): number {
  let line = lineBefore;
  if (isUtf8(bytes)) {
    for (const text of bytes.toString('utf8').split('\n')) batch.push({ line: ++line, text: bare(text, line) });
    return line;
  }
  for (let begin = 0; begin <= bytes.length; ) {
    const feed = bytes.indexOf(LINE_FEED, begin);
    const end = feed < 0 ? bytes.length : feed;
    const own = bytes.subarray(begin, end);
    line++;
    batch.push(isUtf8(own) ? { line, text: bare(own.toString('utf8'), line) } : { line, fault: 'not UTF-8' });
    begin = end + 1;
  }
  return line;
}

/** A line without what belongs to the file and not to the line. */
function bare(text: string, line: number): string {
  const start = line === 1 && text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
  const end = text.charCodeAt(text.length - 1) === CARRIAGE_RETURN ? -1 : undefined;
  return start > 0 || end !== undefined ? text.slice(start, end) : text;
}
