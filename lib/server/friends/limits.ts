import 'server-only';
import { limiter, type Policy } from '../http/rate-limit';

const SECONDS = 600;
const WHAT = 'tries of codes';
const BY_VISITOR: Policy = { name: 'codes-visitor', most: 20, seconds: SECONDS, what: WHAT };
/** Several people may share an address; and one may be as many visitors as they like. */
const BY_ADDRESS: Policy = { name: 'codes-address', most: 60, seconds: SECONDS, what: WHAT };

/** Counts one try to follow by a code, so that codes cannot be guessed. Throws `RATE_LIMITED` when there were too many. */
export async function countAttempt(visitor: string, address: string): Promise<void> {
  await limiter(BY_VISITOR)?.take(visitor);
  await limiter(BY_ADDRESS)?.take(address);
}

/** A device shares a moment after the last of several changes: far more than anybody makes. Up to 5,000 likes come each time. */
const SHARINGS: Policy = { name: 'sharing', most: 30, seconds: 60, what: 'lists of likes to share' };

/** Counts one list of likes that a visitor shares. Throws `RATE_LIMITED` when there were too many. */
export async function countSharing(visitor: string): Promise<void> {
  await limiter(SHARINGS)?.take(visitor);
}
