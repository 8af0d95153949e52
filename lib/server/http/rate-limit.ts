import 'server-only';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { InkpickError } from '../../contracts/errors';
import { type RedisClient, redis } from '../redis';
import { currentSettings } from '../settings';
import { singleton } from '../singleton';
import { hashCaller } from './rate-limit-key';
import type { RateLimitPolicy } from './rate-limit-policies';

/**
 * Counts callers (addresses or visitors) against a policy. Counts are in Redis where there is one, so that all
 * instances share them; without Redis, or while it is unreachable, they are in memory.
 */
export class RateLimit {
  private readonly policy: RateLimitPolicy;
  private readonly limiter: RateLimiterAbstract;
  private readonly redis: RedisClient | undefined;

  constructor(policy: RateLimitPolicy, redis?: RedisClient) {
    this.policy = policy;
    this.redis = redis;
    const options = { points: policy.max, duration: policy.seconds, keyPrefix: `inkpick:limit:${policy.name}` };
    const memory = new RateLimiterMemory(options);
    this.limiter = redis
      ? new RateLimiterRedis({
          ...options,
          storeClient: redis,
          rejectIfRedisNotReady: true,
          insuranceLimiter: memory,
          // A caller over the limit is refused from memory, without a Redis command.
          inMemoryBlockOnConsumed: policy.max + 1,
        })
      : memory;
  }

  /** Header fields of draft-ietf-httpapi-ratelimit-headers-10: the policy, what remains, and for how many seconds. */
  private headers(result: RateLimiterRes): Record<string, string> {
    const { name, max, seconds } = this.policy;
    return {
      'RateLimit-Policy': `"${name}";q=${max};w=${seconds}`,
      RateLimit: `"${name}";r=${result.remainingPoints};t=${secondsUntilReset(result)}`,
    };
  }

  private refusal(result: RateLimiterRes): RateLimitedError {
    const wait = secondsUntilReset(result);
    return new RateLimitedError(this.policy, wait, { ...this.headers(result), 'Retry-After': String(wait) });
  }

  /** Synchronous without Redis: awaiting would cost every request a turn of the event loop. */
  private key(caller: string): string | Promise<string> {
    return this.redis ? hashCaller(caller, this.redis) : caller;
  }

  /**
   * Counts one, or several at once.
   *
   * @returns the response headers that state what remains
   * @throws {@link RateLimitedError} when less than `count` remained
   */
  async take(caller: string, count = 1): Promise<Record<string, string>> {
    try {
      const key = this.key(caller);
      return this.headers(await this.limiter.consume(typeof key === 'string' ? key : await key, count));
    } catch (result) {
      if (!(result instanceof RateLimiterRes)) throw result;
      throw this.refusal(result);
    }
  }

  /** Undoes `count` of what {@link take} counted. */
  async giveBack(caller: string, count: number): Promise<void> {
    if (count > 0) await this.limiter.reward(await this.key(caller), count);
  }

  /**
   * Counts nothing.
   *
   * @throws {@link RateLimitedError} where {@link take} would
   */
  async check(caller: string): Promise<void> {
    const result = await this.limiter.get(await this.key(caller));
    if (result && result.consumedPoints >= this.policy.max) throw this.refusal(result);
  }
}

const secondsUntilReset = ({ msBeforeNext }: RateLimiterRes): number => Math.max(1, Math.ceil(msBeforeNext / 1000));

/** `RATE_LIMITED`, with the response headers that go with it. */
export class RateLimitedError extends InkpickError {
  readonly headers: Record<string, string>;

  constructor({ max, seconds, noun }: RateLimitPolicy, wait: number, headers: Record<string, string>) {
    super('RATE_LIMITED', `More than ${max} ${noun} in ${seconds} seconds. Please try again in ${wait} s.`);
    this.headers = headers;
  }
}

/** The process's one limiter for a policy; undefined where limits are off (`INKPICK_RATE_LIMIT=0`). */
export function limiter(policy: RateLimitPolicy): RateLimit | undefined {
  const { rateLimit, redisUrls } = currentSettings();
  if (rateLimit === 0) return undefined;
  return singleton(`rate-limit.${policy.name}.${policy.max}.${redisUrls.join()}`, () => new RateLimit(policy, redis()));
}
