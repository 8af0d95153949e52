/** When to try again after a failure. */
export interface Patience {
  /** The wait after the first failure, milliseconds; it doubles with every further one … */
  first: number;
  /** … up to this. */
  most: number;
}

/** No server is believed that wants a page to wait for longer, milliseconds. */
const MOST_ASKED = 3_600_000;

/**
 * Milliseconds to wait after `failures` (1 or more) in a row: exponential backoff, half of it at random, so that many who
 * failed together do not come again together; and never less than the server asked for.
 *
 * @param random uniform in [0, 1)
 * @param asked what `Retry-After` says, milliseconds
 */
export function retryDelay(failures: number, { first, most }: Patience, random: number, asked = 0): number {
  const longest = Math.min(most, first * 2 ** (failures - 1));
  return Math.max(Math.min(asked, MOST_ASKED), longest * (0.5 + random / 2));
}

/** `Retry-After` (RFC 9110, 10.2.3), a number of seconds or a date, as milliseconds from `now`; 0 where it says nothing. */
export function readRetryAfter(header: string | null, now: number): number {
  if (header === null) return 0;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? 0 : Math.max(0, at - now);
}
