import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import type { InkpickError } from '../lib/contracts/errors';

/** A line of a file, by its number from 1: what it says, or why it says nothing. */
export type JsonLine = { line: number; value: unknown } | { line: number; fault: 'not UTF-8' | 'not JSON' };

const LINE_FEED = 10;
const BYTE_ORDER_MARK = Buffer.from('\ufeff');

/**
 * The JSON values of a file that has one on each line, ended by LF or CRLF; blank lines are passed over. The file is read
 * no faster than its values are taken.
 *
 * Not node:readline: it also ends lines at U+2028 and U+2029, which JSON strings may hold as they stand.
 *
 * @param unreadable makes the error for a file that cannot be opened or read to its end
 */
export async function* readJsonLines(
  path: string,
  unreadable: (cause: unknown) => InkpickError,
): AsyncGenerator<JsonLine> {
  let line = 0;
  for await (const bytes of readLines(path, unreadable)) {
    line++;
    const start = line === 1 && bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
    const text = bytes.toString('utf8', start);
    if (text.trim() === '') continue;
    if (!isUtf8(bytes)) yield { line, fault: 'not UTF-8' };
    else yield parse(text, line);
  }
}

function parse(text: string, line: number): JsonLine {
  try {
    return { line, value: JSON.parse(text) };
  } catch {
    return { line, fault: 'not JSON' };
  }
}

async function* readLines(path: string, unreadable: (cause: unknown) => InkpickError): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      let begin = 0;
      for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, begin)) {
        yield Buffer.concat([...parts, chunk.subarray(begin, end)]);
        parts = [];
        begin = end + 1;
      }
      parts.push(chunk.subarray(begin));
    }
  } catch (cause) {
    throw unreadable(cause);
  }
  yield Buffer.concat(parts);
}
