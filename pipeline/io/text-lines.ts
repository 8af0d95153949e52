import { isUtf8 } from 'node:buffer';
import { InkpickError } from '../../lib/contracts/errors';

/** Why a line cannot be used, as a continuation of "the line is". */
export type LineFault = 'not UTF-8' | `longer than ${number} MB`;

/** A line without its line end, and its number, which starts at 1. */
export type TextLine = { line: number; text: string } | { line: number; fault: LineFault };

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const BYTE_ORDER_MARK = 0xfeff;
/** A longer line is a mistake, for example a file without line ends. */
const MAX_LINE_MB = 16;

/** Formats that are given by mistake, recognised by their first bytes. */
const OTHER_KINDS: readonly { start: readonly number[]; kind: string; advice: string }[] = [
  { start: [0xff, 0xfe], kind: 'UTF-16', advice: 'save it as UTF-8' },
  { start: [0xfe, 0xff], kind: 'UTF-16', advice: 'save it as UTF-8' },
  { start: [0x1f, 0x8b], kind: 'gzip', advice: 'unpack it first' },
  { start: [0x50, 0x4b, 3, 4], kind: 'a ZIP archive or a spreadsheet', advice: 'unpack it, or save it as plain text' },
];

/**
 * Checks that the first bytes of a file may be UTF-8 text. UTF-16 without a byte order mark is recognised by the zero
 * byte of a Latin letter.
 *
 * @throws InkpickError `INVALID_REQUEST` if they are another format
 */
export function requireText(bytes: Uint8Array, path: string): void {
  const other = OTHER_KINDS.find(({ start }) => start.every((byte, at) => bytes[at] === byte));
  if (other) throw new InkpickError('INVALID_REQUEST', `${path} is ${other.kind}, not UTF-8 text: ${other.advice}`);
  if (bytes.length > 1 && (bytes[0] === 0) !== (bytes[1] === 0))
    throw new InkpickError('INVALID_REQUEST', `${path} looks like UTF-16, not UTF-8 text: save it as UTF-8`);
}

/**
 * Reads the lines of a UTF-8 text with LF or CRLF. Yields one batch per chunk, because a step of a generator costs as
 * much as splitting a line. A byte order mark is skipped. An unreadable line is yielded as a fault, and reading
 * continues. Chunks are read no faster than batches are consumed.
 *
 * node:readline would not do: it also ends lines at U+2028 and U+2029, which JSON strings may contain unescaped.
 *
 * Texts may be slices of their chunk: copy those that outlive it, or the whole file stays in memory.
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
        batch.push({ line: ++line, fault: `longer than ${MAX_LINE_MB} MB` });
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
    if (restBytes > MAX_LINE_MB * 1e6) {
      isTooLong = true;
      rest = [];
    }
  }
  const batch: TextLine[] = [];
  if (isTooLong) batch.push({ line: line + 1, fault: `longer than ${MAX_LINE_MB} MB` });
  else if (restBytes > 0) split(Buffer.concat(rest), line, batch);
  yield batch;
}

/** Adds complete lines to the batch; the last has no line end. @returns the number of the last line */
function split(bytes: Buffer, lineBefore: number, batch: TextLine[]): number {
  let line = lineBefore;
  if (isUtf8(bytes)) {
    for (const text of bytes.toString('utf8').split('\n')) batch.push({ line: ++line, text: stripLine(text, line) });
    return line;
  }
  for (let begin = 0; begin <= bytes.length; ) {
    const feed = bytes.indexOf(LINE_FEED, begin);
    const end = feed < 0 ? bytes.length : feed;
    const own = bytes.subarray(begin, end);
    line++;
    batch.push(isUtf8(own) ? { line, text: stripLine(own.toString('utf8'), line) } : { line, fault: 'not UTF-8' });
    begin = end + 1;
  }
  return line;
}

/** Removes a byte order mark and a carriage return. */
function stripLine(text: string, line: number): string {
  const start = line === 1 && text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
  const end = text.charCodeAt(text.length - 1) === CARRIAGE_RETURN ? -1 : undefined;
  return start > 0 || end !== undefined ? text.slice(start, end) : text;
}
