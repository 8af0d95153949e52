import 'server-only';
import { InkpickError } from '../contracts/errors';
import { singleton } from './singleton';

type Level = 'error' | 'warn' | 'info';

/** {@link logErrorThrottled} writes at most one line per place in this time. */
const THROTTLE_MS = 60_000;

const MAX_FRAMES = 12;

/**
 * Writes one line of JSON to standard error.
 *
 * @param place where in this server; a route by its pattern
 * @param facts nothing personal: no address, no query, no visitor id, no history
 */
export function log(level: Level, place: string, facts: Record<string, unknown>): void {
  console.error(JSON.stringify({ level, place, ...facts }));
}

/**
 * What may be logged of an error: which one it is and where in the code. The message of a foreign error is left out,
 * since it may repeat parts of a request.
 */
function factsOf(error: unknown): Record<string, unknown> {
  const isOwn = error instanceof InkpickError;
  const frames =
    error instanceof Error
      ? (error.stack ?? '')
          .split('\n')
          .filter((line) => line.startsWith('    at '))
          .map((line) => line.trim())
      : [];
  return {
    name: error instanceof Error ? error.name : typeof error,
    ...(isOwn && { code: error.code, message: error.message }),
    frames: frames.slice(0, MAX_FRAMES),
  };
}

/** Logs an internal error: the place, which error, where in the code. */
export function logError(place: string, error: unknown): void {
  log('error', place, factsOf(error));
}

/**
 * {@link logError} for errors that repeat while a back end is down: once a minute per place, with the number of lines
 * that were suppressed.
 */
export function logErrorThrottled(place: string, error: unknown): void {
  const lastByPlace = singleton('log.throttled', () => new Map<string, { at: number; suppressed: number }>());
  const last = lastByPlace.get(place);
  if (last && Date.now() - last.at < THROTTLE_MS) {
    last.suppressed++;
    return;
  }
  lastByPlace.set(place, { at: Date.now(), suppressed: 0 });
  // The code of a network error (ECONNREFUSED) says more than the library's stack.
  const cause = error instanceof Error && 'code' in error ? { cause: error.code } : {};
  log('error', place, { ...factsOf(error), ...cause, ...(last?.suppressed && { suppressed: last.suppressed }) });
}
