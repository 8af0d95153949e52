import { createReadStream } from 'node:fs';
import type { InkpickError } from '../../lib/contracts/errors';
import { type LineFault, readTextLines } from './text-lines';

/** A line with its number, which starts at 1: its JSON value, or why it cannot be used. */
export type JsonLine = { line: number; value: unknown } | { line: number; fault: LineFault | 'not JSON' };

/**
 * Reads a file with one JSON value per line; blank lines are skipped. The file is read no faster than values are
 * consumed.
 *
 * @param unreadable creates the error for a file that cannot be opened or read to its end
 * @throws InkpickError `INVALID_REQUEST` if the file is not UTF-8 text
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

/** The bytes of a file. @param unreadable creates the error for a file that cannot be opened or read to its end */
export async function* fileChunks(path: string, unreadable: (cause: unknown) => InkpickError): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(path) as AsyncIterable<Buffer>;
  } catch (cause) {
    throw unreadable(cause);
  }
}
