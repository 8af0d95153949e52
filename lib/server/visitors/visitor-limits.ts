import 'server-only';
import { limiter } from '../http/rate-limit';
import { RATE_LIMITS } from '../http/rate-limit-policies';

/**
 * Counts one new visitor.
 *
 * @throws `RATE_LIMITED` when there were too many at this address
 */
export async function countNewVisitor(address: string): Promise<void> {
  await limiter(RATE_LIMITS.newVisitors)?.take(address);
}

/**
 * Counts one request of a visitor for their stored data.
 *
 * @throws `RATE_LIMITED` when there were too many, of the visitor or at the address
 */
export async function countStoredDataRequest(visitor: string, address: string): Promise<void> {
  await limiter(RATE_LIMITS.storedData)?.take(visitor);
  await limiter(RATE_LIMITS.storedDataOfAddress)?.take(address);
}
