import 'server-only';
import { createHmac, randomBytes } from 'node:crypto';
import { isIP, isIPv4 } from 'node:net';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { InkpickError } from '../../contracts/errors';
import { logErrorSeldom } from '../log';
import { type RedisClient, redis } from '../redis';
import { currentSettings } from '../settings';
import { singleton } from '../singleton';

export const WINDOW_SECONDS = 10;

/** All requests whose address cannot be told share one allowance. */
const UNKNOWN_ADDRESS = 'unknown';

const IPV6_GROUPS = 8;

/**
 * What addresses count as. Of IPv6 that is the network of 64 bits, since whoever has one address there has all of them: counted one by
 * one, nobody would ever have had too many. An address of IPv4 is itself, in the form that sockets of IPv6 give it too.
 */
function networkOf(address: string): string {
  if (isIPv4(address)) return address;
  // In a URL an address has one form only: hexadecimal in small letters, the longest row of zeros left out. It has no zone.
  const [head, tail] = new URL(`http://[${address.replace(/%.*/, '')}]`).hostname.slice(1, -1).split('::');
  const [before, after] = [head, tail ?? ''].map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = new Array<string>(IPV6_GROUPS - before.length - after.length).fill('0');
  const groups = [...before, ...zeros, ...after];
  if (groups.slice(0, 6).join() === '0,0,0,0,0,ffff') {
    const bytes = groups
      .slice(6)
      .flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
    return bytes.join('.');
  }
  return `${groups.slice(0, 4).join(':')}::/64`;
}

/**
 * The caller's address (of IPv6 the network that it is in), from `X-Forwarded-For`. Each proxy appends the address that it saw, so behind
 * `proxies` of one's own the entry that many from the right is the one that no client can forge. With none,
 * `scripts/serve.mjs` puts the socket's address there.
 */
export function clientAddress(headers: Headers, proxies: number): string {
  const chain = (headers.get('x-forwarded-for') ?? '').split(',').map((entry) => entry.trim());
  const address = chain.at(-Math.max(1, proxies)) ?? '';
  return isIP(address) ? networkOf(address) : UNKNOWN_ADDRESS;
}

/** What is limited, and how. */
export interface Policy {
  /** Of the counts in Redis, and in the answers' headers. */
  name: string;
  /** So many … */
  most: number;
  /** … in each window of so many seconds. */
  seconds: number;
  /** What they are called in the message that refuses more. */
  what: string;
}

/** Counts by address, or by visitor: in Redis where there is one, so that all instances count together; else, and while it cannot be reached, in memory. */
export class RateLimit {
  readonly #policy: Policy;
  readonly #limiter: RateLimiterAbstract;
  readonly #redis: RedisClient | undefined;

  constructor(policy: Policy, redis?: RedisClient) {
    this.#policy = policy;
    this.#redis = redis;
    const options = { points: policy.most, duration: policy.seconds, keyPrefix: `inkpick:limit:${policy.name}` };
    const memory = new RateLimiterMemory(options);
    this.#limiter = redis
      ? new RateLimiterRedis({
          ...options,
          storeClient: redis,
          rejectIfRedisNotReady: true,
          insuranceLimiter: memory,
          // Whoever has used it all up costs no more questions to Redis.
          inMemoryBlockOnConsumed: policy.most + 1,
        })
      : memory;
  }

  /** The header fields of draft-ietf-httpapi-ratelimit-headers-10: the policy, what remains, and for how many seconds. */
  #headers(result: RateLimiterRes): Record<string, string> {
    const { name, most, seconds } = this.#policy;
    return {
      'RateLimit-Policy': `"${name}";q=${most};w=${seconds}`,
      RateLimit: `"${name}";r=${result.remainingPoints};t=${waitOf(result)}`,
    };
  }

  #refusal(result: RateLimiterRes): RateLimitedError {
    const wait = waitOf(result);
    return new RateLimitedError(this.#policy, wait, { ...this.#headers(result), 'Retry-After': String(wait) });
  }

  /** Addresses and visitors stay in this process; elsewhere they are known by a keyed hash only. Without Redis there is nothing to wait for. */
  #key(caller: string): string | Promise<string> {
    return this.#redis ? hashed(caller, this.#redis) : caller;
  }

  /**
   * Counts one, or several at once. Returns the headers that tell what is left; throws `RATE_LIMITED`, with the headers as `headers`,
   * when that is less.
   */
  async take(caller: string, count = 1): Promise<Record<string, string>> {
    try {
      const key = this.#key(caller);
      return this.#headers(await this.#limiter.consume(typeof key === 'string' ? key : await key, count));
    } catch (result) {
      if (!(result instanceof RateLimiterRes)) throw result;
      throw this.#refusal(result);
    }
  }

  /** Takes back what was counted for nothing. */
  async giveBack(caller: string, count: number): Promise<void> {
    if (count > 0) await this.#limiter.reward(await this.#key(caller), count);
  }

  /** Counts nothing; throws `RATE_LIMITED` where {@link take} would. */
  async check(caller: string): Promise<void> {
    const result = await this.#limiter.get(await this.#key(caller));
    if (result && result.consumedPoints >= this.#policy.most) throw this.#refusal(result);
  }
}

const waitOf = ({ msBeforeNext }: RateLimiterRes): number => Math.max(1, Math.ceil(msBeforeNext / 1000));

/** `RATE_LIMITED`, with the response headers that go with it. */
export class RateLimitedError extends InkpickError {
  readonly headers: Record<string, string>;

  constructor({ most, seconds, what }: Policy, wait: number, headers: Record<string, string>) {
    super('RATE_LIMITED', `More than ${most} ${what} in ${seconds} seconds. Please try again in ${wait} s.`);
    this.headers = headers;
  }
}

async function hashed(caller: string, redis: RedisClient): Promise<string> {
  // The words before it keep the hash of a visitor's number from being the signature in their cookie, where the secret is the same.
  return createHmac('sha256', await salt(redis))
    .update(`inkpick limit\n${caller}`)
    .digest('base64url');
}

const SALT_KEY = 'inkpick:limit:salt';
const SALT_BYTES = 32;
const SALT_MILLISECONDS = 24 * 3600 * 1000;
/** A salt of this process's own, while Redis cannot be reached, is tried to be replaced this often. */
const OWN_SALT_MILLISECONDS = 1000;

/** What addresses and visitors are hashed with: the settings' secret, else a random text that instances share through Redis and that lives for a day. */
async function salt(redis: RedisClient): Promise<string> {
  const { secret } = currentSettings();
  if (secret) return secret;
  const kept = singleton(
    'rate-limit.salts',
    () => new WeakMap<RedisClient, { value: Promise<string>; until: number }>(),
  );
  const before = kept.get(redis);
  if (before && Date.now() < before.until) return before.value;
  const own = randomBytes(SALT_BYTES).toString('base64url');
  const next = { value: Promise.resolve(own), until: Date.now() + OWN_SALT_MILLISECONDS };
  next.value = (async () => {
    try {
      await redis.set(SALT_KEY, own, 'PX', SALT_MILLISECONDS, 'NX');
      const [value, milliseconds] = [await redis.get(SALT_KEY), await redis.pttl(SALT_KEY)];
      next.until = Date.now() + Math.max(0, milliseconds);
      return value ?? own;
    } catch (error) {
      logErrorSeldom('rate limit', error);
      return before ? before.value : own;
    }
  })();
  kept.set(redis, next);
  return next.value;
}

/** The process's limiter for a policy; undefined where limits are off. */
export function limiter(policy: Policy): RateLimit | undefined {
  const { rateLimit, redisUrls } = currentSettings();
  if (rateLimit === 0) return undefined;
  return singleton(
    `rate-limit.${policy.name}.${policy.most}.${redisUrls.join()}`,
    () => new RateLimit(policy, redis()),
  );
}

/** The limiter of all requests; undefined where limits are off. */
export const requestLimit = (): RateLimit | undefined =>
  limiter({ name: 'address', most: currentSettings().rateLimit, seconds: WINDOW_SECONDS, what: 'requests' });

/** Each makes a row of the store, which nobody else would ever ask for again. */
const NEWCOMERS: Policy = { name: 'newcomers', most: 30, seconds: 3600, what: 'new visitors' };

/** Counts a visitor who was not known before; throws `RATE_LIMITED` where an address has had too many of them. */
export async function takeNewcomer(address: string): Promise<void> {
  await limiter(NEWCOMERS)?.take(address);
}

/** Each reads all that there is of a visitor. */
const LOOKS: Policy = { name: 'looks', most: 30, seconds: 600, what: 'requests for all that is held of you' };
/** One may be as many visitors as they like. */
const LOOKS_OF_ADDRESS: Policy = { ...LOOKS, name: 'looks-address', most: 120, what: 'requests for all that is held' };

/** Counts a look of a visitor at all that is held of them; throws `RATE_LIMITED` where there were too many, of theirs or at the address. */
export async function takeLook(visitor: string, address: string): Promise<void> {
  await limiter(LOOKS)?.take(visitor);
  await limiter(LOOKS_OF_ADDRESS)?.take(address);
}

const DAY_SECONDS = 24 * 3600;
/** Far more than anybody does, and few enough that no visitor fills the disk. */
const EVENTS: Policy = { name: 'events', most: 20_000, seconds: DAY_SECONDS, what: 'events' };
/** Nor anybody as many visitors. A thousand may share an address, as behind a school's or a carrier's. */
const EVENTS_OF_ADDRESS: Policy = {
  name: 'events-address',
  most: 500_000,
  seconds: DAY_SECONDS,
  what: 'events of one network',
};

/** Takes `most` of a limit, runs `keep`, and takes back what it did not keep. */
async function counting<Receipt extends { accepted: number }>(
  limit: RateLimit | undefined,
  caller: string,
  most: number,
  keep: () => Promise<Receipt>,
): Promise<Receipt> {
  await limit?.take(caller, most);
  let kept = 0;
  try {
    const receipt = await keep();
    kept = receipt.accepted;
    return receipt;
  } finally {
    await limit?.giveBack(caller, most - kept);
  }
}

/**
 * Runs `keep`, which keeps up to `most` events of a visitor, and counts those that it says it kept: what was there before, or could not be
 * kept and will be sent again, is not held against anybody. Throws `RATE_LIMITED` where they would be too many for a day, of the visitor
 * or of all at the address.
 */
export const withinEvents = <Receipt extends { accepted: number }>(
  { visitor, address }: { visitor: string; address: string },
  most: number,
  keep: () => Promise<Receipt>,
): Promise<Receipt> =>
  counting(limiter(EVENTS), visitor, most, () => counting(limiter(EVENTS_OF_ADDRESS), address, most, keep));

/** The operator's token cannot be guessed at this pace. */
const WRONG_TOKENS: Policy = { name: 'tokens', most: 10, seconds: 60, what: 'wrong tokens' };

/** The limiter of wrong operator's tokens; undefined where limits are off. */
export const wrongTokenLimit = (): RateLimit | undefined => limiter(WRONG_TOKENS);
