import 'server-only';
import { limiter, type Policy } from '../http/rate-limit';

const SECONDS = 600;
const WHAT = 'tries of codes';
const BY_VISITOR: Policy = { name: 'codes-visitor', most: 20, seconds: SECONDS, what: WHAT };
/** Higher, because several people may share an address; needed, because one person can be any number of visitors. */
const BY_ADDRESS: Policy = { name: 'codes-address', most: 60, seconds: SECONDS, what: WHAT };

/**
 * Counts one attempt to follow by a code, so that codes cannot be guessed.
 *
 * @throws RATE_LIMITED
 */
export async function countAttempt(visitor: string, address: string): Promise<void> {
  await limiter(BY_VISITOR)?.take(visitor);
  await limiter(BY_ADDRESS)?.take(address);
}

/**
 * Devices collect changes for a moment before they share, and one request has up to 5,000 likes: 30 a minute is ample.
 */
const SHARINGS: Policy = { name: 'sharing', most: 30, seconds: 60, what: 'lists of likes to share' };

/**
 * Counts one list of likes that a visitor shares.
 *
 * @throws RATE_LIMITED
 */
export async function countSharing(visitor: string): Promise<void> {
  await limiter(SHARINGS)?.take(visitor);
}
