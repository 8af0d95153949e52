import { createReadStream } from 'node:fs';
import type { InkpickError } from '../../lib/contracts/errors';
import { type LineFault, readTextLines } from './text-lines';

/** A line of a file, by its number from 1: what it says, or why it says nothing. */
export type JsonLine = { line: number; value: unknown } | { line: number; fault: LineFault | 'not JSON' };

/**
 * The JSON values of a file that has one on each line; blank lines are passed over. The file is read no faster than its
 * values are taken. Throws `INVALID_REQUEST` where it is no UTF-8 text at all.
 *
 * @param unreadable makes the error for a file that cannot be opened or read to its end
 */
export async function* readJsonLines(
  path: string,
  unreadable: (cause: unknown) => InkpickError,
): AsyncGenerator<JsonLine> {
  for await (const batch of readTextLines(fileChunks(path, unreadable), path)) {
    for (const read of batch) {
      if ('fault' in read) yield read;
      else if (read.text.trim() !== '') yield parse(read.text, read.line);
    }
  }
}

function parse(text: string, line: number): JsonLine {
  try {
    return { line, value: JSON.parse(text) };
  } catch {
    return { line, fault: 'not JSON' };
  }
}

/** The bytes of a file. @param unreadable makes the error for a file that cannot be opened or read to its end */
export async function* fileChunks(path: string, unreadable: (cause: unknown) => InkpickError): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(path) as AsyncIterable<Buffer>;
  } catch (cause) {
    throw unreadable(cause);
  }
}
