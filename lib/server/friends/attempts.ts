import 'server-only';
import { limiter, type Policy } from '../rate-limit';

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
