import 'server-only';
import { BentoCache, bentostore, errors } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import { redisDriver } from 'bentocache/drivers/redis';
import type { Redis } from 'ioredis';
import { logErrorThrottled } from '../log';
import { type CacheLevel, countCacheRead, observeStage } from '../metrics/metrics';
import { connectSubscriber, type RedisClient, redis } from '../redis';
import { currentSettings } from '../settings';
import { singleton } from '../singleton';
import { redisBus } from './bus';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * What is kept, in milliseconds: `ttl` is for how long it is taken for true, `grace` for how long it is kept in all, to be given while it is
 * made anew (stale-while-revalidate) or cannot be. What tells of a person is gone within the hour.
 */
export const CACHES = {
  /** What the keys of all else that is kept of a user hold; another one from the user's next event on. */
  revisions: { ttl: 24 * HOUR, grace: false },
  /** What a user liked, disliked and hid. */
  histories: { ttl: 5 * MINUTE, grace: HOUR },
  /** A user's factors (embedding). */
  factors: { ttl: HOUR, grace: HOUR },
  /** Ids of the candidate stage. */
  candidates: { ttl: 5 * MINUTE, grace: HOUR },
  /** Answers as they are sent, of the most active users. */
  lists: { ttl: 10 * MINUTE, grace: HOUR },
  /** What is popular now, by domain and window; what is left of it serves while the store cannot be reached. */
  live: { ttl: 2 * SECOND, grace: HOUR },
  /** What all devices are told of a domain. */
  shared: { ttl: 2 * SECOND, grace: HOUR },
  /** How many events a user had lately, and how many one must have to be among the most active. */
  activity: { ttl: 10 * MINUTE, grace: HOUR },
} as const;
export type CacheName = keyof typeof CACHES;

/** Whoever finds such a value waits so long for the new one. */
const SOFT_TIMEOUT_MILLISECONDS = 50;

const PREFIX = 'inkpick';
const MEMORY_BYTES = 32_000_000;
const MOST_ENTRIES = 20_000;
/** What could not be forgotten in Redis is forgotten when it is back, so many keys at the most. */
const MOST_UNFORGOTTEN = 10_000;
const AGAIN_MILLISECONDS = 1_000;

export interface CacheState {
  kind: 'memory' | 'redis';
  /** Where Redis cannot be reached, memory serves alone. */
  state: 'ready' | 'unavailable';
}

/**
 * Values that cost work to make: in this process's memory, and behind it in Redis where there is one, which all instances share. Of
 * several callers of this process who miss the same key at once, one makes the value and the others wait for it. Where
 * Redis cannot be reached, memory serves alone, at once, and each instance for itself.
 */
export class Cache {
  readonly #bento: BentoCache<{ main: ReturnType<typeof bentostore> }>;
  readonly #redis: RedisClient | undefined;
  readonly #unforgotten = new Set<string>();
  #again: NodeJS.Timeout | undefined;

  /**
   * @param commands stays open when the cache is closed
   * @param subscriptions a connection of its own, which the cache closes
   */
  constructor(connections?: { commands: RedisClient; subscriptions: Redis }) {
    // Serialised, so that callers cannot change what others get, and bytes can be counted.
    const store = bentostore().useL1Layer(memoryDriver({ maxSize: MEMORY_BYTES, maxItems: MOST_ENTRIES }));
    if (connections) {
      const { commands, subscriptions } = connections;
      // biome-ignore lint/correctness/useHookAtTopLevel: a method of a cache, and no hook of React.
      store.useL2Layer(redisDriver({ connection: commands })).useBus(redisBus(commands, subscriptions, PREFIX));
    }
    this.#redis = connections?.commands;
    this.#bento = new BentoCache({
      default: 'main',
      stores: { main: store },
      prefix: PREFIX,
      timeout: SOFT_TIMEOUT_MILLISECONDS,
      internalOperationWrapper: (operation) => {
        const result = operation();
        if (result instanceof Promise) result.catch((error) => logErrorThrottled('cache', error));
        return result;
      },
    });
    const count = (level: CacheLevel, key: string) => countCacheRead(key.slice(0, key.indexOf(':')), level);
    this.#bento.on('cache:hit', ({ key, layer }) => count(layer === 'l1' ? 'memory' : 'redis', key));
    this.#bento.on('cache:miss', ({ key }) => count('miss', key));
  }

  /**
   * The value of `key`, made by `make` where there is none. A value that is out of date is given while a new one is made, and when
   * `make` throws; where there is none at all, this throws what `make` did.
   *
   * @param make plain data, as JSON has it; not undefined
   */
  async get<T>(cache: CacheName, key: string, make: () => T | Promise<T>): Promise<T> {
    const begun = performance.now();
    let making = 0;
    try {
      return await this.#bento.getOrSet({
        key: `${cache}:${key}`,
        ...CACHES[cache],
        factory: async () => {
          const begun = performance.now();
          try {
            return await make();
          } finally {
            making = performance.now() - begun;
          }
        },
      });
    } catch (error) {
      throw error instanceof errors.E_FACTORY_ERROR ? error.cause : error;
    } finally {
      observeStage('cache', performance.now() - begun - making);
    }
  }

  /** Forgets a value, here at once and on all instances as soon as Redis has told them. */
  async forget(cache: CacheName, key: string): Promise<void> {
    await this.#forget(`${cache}:${key}`);
  }

  async #forget(key: string): Promise<void> {
    try {
      await this.#bento.delete({ key, suppressL2Errors: false });
      this.#unforgotten.delete(key);
    } catch {
      // The memory of this process has forgotten it; Redis has not, and may come back with it.
      if (this.#unforgotten.size < MOST_UNFORGOTTEN) this.#unforgotten.add(key);
      this.#again ??= setTimeout(() => this.#forgetAgain(), AGAIN_MILLISECONDS).unref();
    }
  }

  async #forgetAgain(): Promise<void> {
    this.#again = undefined;
    for (const key of [...this.#unforgotten]) {
      await this.#forget(key);
      // It failed again, and with it would the others.
      if (this.#again) return;
    }
  }

  async state(): Promise<CacheState> {
    if (!this.#redis) return { kind: 'memory', state: 'ready' };
    try {
      await this.#redis.ping();
      return { kind: 'redis', state: 'ready' };
    } catch {
      return { kind: 'redis', state: 'unavailable' };
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#again);
    await this.#bento.use('main').disconnect();
  }
}

/** The cache of this process, as the settings say. */
export function cache(): Cache {
  const { redisUrls } = currentSettings();
  return singleton(`cache.${redisUrls.join()}`, () => {
    const commands = redis();
    return new Cache(commands && { commands, subscriptions: connectSubscriber(redisUrls) });
  });
}
