import 'server-only';
import { isIP } from 'node:net';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { InkpickError } from '../contracts/errors';

export const WINDOW_SECONDS = 10;

/** All requests whose address cannot be told share one allowance. */
const UNKNOWN_ADDRESS = 'unknown';

/**
 * The caller's address, from `X-Forwarded-For`. Each proxy appends the address that it saw, so behind
 * `proxies` of one's own the entry that many from the right is the one that no client can forge. With none,
 * `scripts/serve.mjs` puts the socket's address there.
 */
export function clientAddress(headers: Headers, proxies: number): string {
  const chain = (headers.get('x-forwarded-for') ?? '').split(',').map((entry) => entry.trim());
  const address = chain.at(-Math.max(1, proxies)) ?? '';
  return isIP(address) ? address : UNKNOWN_ADDRESS;
}

/** Counts requests per address in memory, `limit` in each window of 10 seconds. */
export class RateLimit {
  readonly #limit: number;
  readonly #limiter: RateLimiterMemory;

  constructor(limit: number) {
    this.#limit = limit;
    this.#limiter = new RateLimiterMemory({ points: limit, duration: WINDOW_SECONDS });
  }

  /** The header fields of draft-ietf-httpapi-ratelimit-headers-10: the policy, what remains, and for how many seconds. */
  #headers(result: RateLimiterRes): Record<string, string> {
    const seconds = Math.max(1, Math.ceil(result.msBeforeNext / 1000));
    return {
      'RateLimit-Policy': `"address";q=${this.#limit};w=${WINDOW_SECONDS}`,
      RateLimit: `"address";r=${result.remainingPoints};t=${seconds}`,
    };
  }

  /**
   * Counts one request. Returns the headers that tell what is left; throws `RATE_LIMITED`, with the headers
   * as `headers`, when nothing is.
   */
  async take(address: string): Promise<Record<string, string>> {
    try {
      return this.#headers(await this.#limiter.consume(address));
    } catch (result) {
      if (!(result instanceof RateLimiterRes)) throw result;
      const seconds = Math.max(1, Math.ceil(result.msBeforeNext / 1000));
      throw new RateLimitedError(this.#limit, { ...this.#headers(result), 'Retry-After': String(seconds) });
    }
  }
}

/** `RATE_LIMITED`, with the response headers that go with it. */
export class RateLimitedError extends InkpickError {
  readonly headers: Record<string, string>;

  constructor(limit: number, headers: Record<string, string>) {
    super(
      'RATE_LIMITED',
      `More than ${limit} requests in ${WINDOW_SECONDS} seconds. Please try again in ${headers['Retry-After']} s.`,
    );
    this.headers = headers;
  }
}
