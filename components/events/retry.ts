/** Exponential backoff between attempts. */
export interface Backoff {
  /** The wait after the first failure; it doubles with every further one … */
  firstMs: number;
  /** … up to this. */
  maxMs: number;
}

/** A longer wait that a server asks for is not believed. */
const MAX_RETRY_AFTER_MS = 3_600_000;

/**
 * How long to wait after `failures` in a row: exponential backoff, half of it random, so that many clients that failed
 * together do not come back together; and never less than the server asked for.
 *
 * @param failures 1 or more
 * @param random uniform in [0, 1)
 * @param retryAfterMs the server's `Retry-After`; 0 where it sent none
 * @returns milliseconds
 */
export function retryDelay(failures: number, { firstMs, maxMs }: Backoff, random: number, retryAfterMs = 0): number {
  const longest = Math.min(maxMs, firstMs * 2 ** (failures - 1));
  return Math.max(Math.min(retryAfterMs, MAX_RETRY_AFTER_MS), longest * (0.5 + random / 2));
}

/**
 * Parses `Retry-After` (RFC 9110, 10.2.3): a number of seconds or a date.
 *
 * @returns milliseconds from `now`; 0 without a header that can be parsed
 */
export function readRetryAfter(header: string | null, now: number): number {
  if (header === null) return 0;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? 0 : Math.max(0, at - now);
}
