import 'server-only';
import { limiter } from '../http/rate-limit';
import { RATE_LIMITS } from '../http/rate-limit-policies';

/**
 * Counts one attempt to follow by a code, so that codes cannot be guessed.
 *
 * @throws RATE_LIMITED
 */
export async function countAttempt(visitor: string, address: string): Promise<void> {
  await limiter(RATE_LIMITS.friendCodes)?.take(visitor);
  await limiter(RATE_LIMITS.friendCodesOfAddress)?.take(address);
}

/**
 * Counts one list of likes that a visitor shares.
 *
 * @throws RATE_LIMITED
 */
export async function countSharing(visitor: string): Promise<void> {
  await limiter(RATE_LIMITS.sharedLikes)?.take(visitor);
}
