import 'server-only';
import { InkpickError } from '../contracts/errors';
import { singleton } from './singleton';

type Level = 'error' | 'warn' | 'info';

/** What recurs while something is out of order is told this often. */
const SELDOM_MILLISECONDS = 60_000;

/**
 * Notes something on standard error as one line of JSON.
 *
 * @param place where in this server; a route is named by its pattern
 * @param facts nothing personal: no address, no query, no id of a visitor, no history
 */
export function log(level: Level, place: string, facts: Record<string, unknown>): void {
  console.error(JSON.stringify({ level, place, ...facts }));
}

/** What may be told of an error: which it is and where in the code. Of a foreign one not even the message, as that may repeat what was sent. */
function factsOf(error: unknown): Record<string, unknown> {
  const known = error instanceof InkpickError;
  const frames =
    error instanceof Error
      ? (error.stack ?? '')
          .split('\n')
          .filter((line) => line.startsWith('    at '))
          .map((line) => line.trim())
      : [];
  return {
    name: error instanceof Error ? error.name : typeof error,
    ...(known && { code: error.code, message: error.message }),
    frames: frames.slice(0, 12),
  };
}

/** Notes an error of the server's own: where it came up, which error, where in the code. */
export function logError(place: string, error: unknown): void {
  log('error', place, factsOf(error));
}

/** {@link logError} for what fails over and over while a server is gone: once a minute a place, with how many were not told. */
export function logErrorSeldom(place: string, error: unknown): void {
  const told = singleton('log.seldom', () => new Map<string, { at: number; untold: number }>());
  const last = told.get(place);
  if (last && Date.now() - last.at < SELDOM_MILLISECONDS) {
    last.untold++;
    return;
  }
  told.set(place, { at: Date.now(), untold: 0 });
  // The code of a network error (ECONNREFUSED) says more than where in a library it was thrown.
  const cause = error instanceof Error && 'code' in error ? { cause: error.code } : {};
  log('error', place, { ...factsOf(error), ...cause, ...(last?.untold && { untold: last.untold }) });
}
