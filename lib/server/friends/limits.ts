import 'server-only';
import { limiter } from '../http/rate-limit';
import { RATE_LIMITS } from '../http/rate-limit-policies';

/** Counts one try to follow by a code, so that codes cannot be guessed. Throws `RATE_LIMITED` when there were too many. */
export async function countAttempt(visitor: string, address: string): Promise<void> {
  await limiter(RATE_LIMITS.friendCodes)?.take(visitor);
  await limiter(RATE_LIMITS.friendCodesOfAddress)?.take(address);
}

/** Counts one list of likes that a visitor shares. Throws `RATE_LIMITED` when there were too many. */
export async function countSharing(visitor: string): Promise<void> {
  await limiter(RATE_LIMITS.sharedLikes)?.take(visitor);
}
