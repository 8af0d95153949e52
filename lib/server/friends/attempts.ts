import 'server-only';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { InkpickError } from '../../contracts/errors';
import { shared } from '../shared';

const WINDOW_SECONDS = 600;
const PER_VISITOR = 20;
/** Several people may share an address; and one may be as many visitors as they like. */
const PER_ADDRESS = 60;

const limiters = () =>
  shared('follow-attempts', () => ({
    visitor: new RateLimiterMemory({ points: PER_VISITOR, duration: WINDOW_SECONDS }),
    address: new RateLimiterMemory({ points: PER_ADDRESS, duration: WINDOW_SECONDS }),
  }));

/** Counts one try to follow by a code, so that codes cannot be guessed. Throws `RATE_LIMITED` when there were too many. */
export async function countAttempt(visitor: string, address: string): Promise<void> {
  const { visitor: byVisitor, address: byAddress } = limiters();
  try {
    await byVisitor.consume(visitor);
    await byAddress.consume(address);
  } catch (result) {
    if (!(result instanceof RateLimiterRes)) throw result;
    const minutes = Math.max(1, Math.ceil(result.msBeforeNext / 60_000));
    throw new InkpickError('RATE_LIMITED', `Too many codes were tried. Please try again in ${minutes} min.`);
  }
}
