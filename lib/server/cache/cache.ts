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

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * The caches, with times in milliseconds. Within `ttl` a value is current. Within `grace` it is stored, and served
 * while it is recomputed (stale-while-revalidate) or cannot be. Personal values are gone within the hour.
 */
export const CACHES = {
  /** A random text that is part of all other keys of a user; replaced with the user's next event. */
  revisions: { ttl: 24 * HOUR_MS, grace: false },
  /** A user's likes, dislikes and hidden items. */
  histories: { ttl: 5 * MINUTE_MS, grace: HOUR_MS },
  /** A user's factors (embedding). */
  factors: { ttl: HOUR_MS, grace: HOUR_MS },
  /** Item ids from the candidate stage. */
  candidates: { ttl: 5 * MINUTE_MS, grace: HOUR_MS },
  /** Encoded responses, of the most active users only. */
  lists: { ttl: 10 * MINUTE_MS, grace: HOUR_MS },
  /** Popular items by domain and window; stale ones are served while the store is unreachable. */
  live: { ttl: 2 * SECOND_MS, grace: HOUR_MS },
  /** The live signals of a domain. */
  shared: { ttl: 2 * SECOND_MS, grace: HOUR_MS },
  /** The number of a user's recent events, and the number that makes a user one of the most active. */
  activity: { ttl: 10 * MINUTE_MS, grace: HOUR_MS },
} as const;
export type CacheName = keyof typeof CACHES;

/** A caller that finds a stale value waits this long for the new one. */
const SOFT_TIMEOUT_MS = 50;

const PREFIX = 'inkpick';
const MAX_MEMORY_BYTES = 32_000_000;
const MAX_MEMORY_ENTRIES = 20_000;
/** Keys whose deletion in Redis failed, and is retried. */
const MAX_PENDING_DELETIONS = 10_000;
const RETRY_MS = 1_000;

export interface CacheState {
  kind: 'memory' | 'redis';
  /** `unavailable`: Redis is unreachable, and memory serves alone. */
  state: 'ready' | 'unavailable';
}

/**
 * A cache of expensive values: in this process's memory and, where there is one, in a Redis that all instances share.
 * Of several callers in this process that miss the same key at once, one computes the value and the others wait for
 * it. While Redis is unreachable, each instance continues with its memory, without delay.
 */
export class Cache {
  private readonly bento: BentoCache<{ main: ReturnType<typeof bentostore> }>;
  private readonly redis: RedisClient | undefined;
  private readonly pendingDeletions = new Set<string>();
  private retry: NodeJS.Timeout | undefined;

  /**
   * @param connections without them, the cache is in memory only
   * @param connections.commands stays open when the cache is closed
   * @param connections.subscriptions a connection of its own, which the cache closes
   */
  constructor(connections?: { commands: RedisClient; subscriptions: Redis }) {
    // Values are serialised: callers cannot change what others receive, and bytes can be counted.
    const store = bentostore().useL1Layer(memoryDriver({ maxSize: MAX_MEMORY_BYTES, maxItems: MAX_MEMORY_ENTRIES }));
    if (connections) {
      const { commands, subscriptions } = connections;
      // biome-ignore lint/correctness/useHookAtTopLevel: a method of a cache, not a React hook.
      store.useL2Layer(redisDriver({ connection: commands })).useBus(redisBus(commands, subscriptions, PREFIX));
    }
    this.redis = connections?.commands;
    this.bento = new BentoCache({
      default: 'main',
      stores: { main: store },
      prefix: PREFIX,
      timeout: SOFT_TIMEOUT_MS,
      internalOperationWrapper: (operation) => {
        const result = operation();
        if (result instanceof Promise) result.catch((error) => logErrorThrottled('cache', error));
        return result;
      },
    });
    const count = (level: CacheLevel, key: string) => countCacheRead(key.slice(0, key.indexOf(':')), level);
    this.bento.on('cache:hit', ({ key, layer }) => count(layer === 'l1' ? 'memory' : 'redis', key));
    this.bento.on('cache:miss', ({ key }) => count('miss', key));
  }

  /**
   * The value of `key`, computed where there is none. A stale value is served while a new one is computed, and when
   * computing fails; without one, this throws what `compute` threw.
   *
   * @param compute returns plain data, as JSON has it; not undefined
   */
  async get<T>(cache: CacheName, key: string, compute: () => T | Promise<T>): Promise<T> {
    const started = performance.now();
    let computing = 0;
    try {
      return await this.bento.getOrSet({
        key: `${cache}:${key}`,
        ...CACHES[cache],
        factory: async () => {
          const started = performance.now();
          try {
            return await compute();
          } finally {
            computing = performance.now() - started;
          }
        },
      });
    } catch (error) {
      throw error instanceof errors.E_FACTORY_ERROR ? error.cause : error;
    } finally {
      observeStage('cache', performance.now() - started - computing);
    }
  }

  /** Deletes a value: at once in this process, and on the other instances when they receive the message from Redis. */
  async forget(cache: CacheName, key: string): Promise<void> {
    await this.delete(`${cache}:${key}`);
  }

  private async delete(key: string): Promise<void> {
    try {
      await this.bento.delete({ key, suppressL2Errors: false });
      this.pendingDeletions.delete(key);
    } catch {
      // This process's memory has deleted it, but Redis has not, and still serves it when it is back.
      if (this.pendingDeletions.size < MAX_PENDING_DELETIONS) this.pendingDeletions.add(key);
      this.retry ??= setTimeout(() => this.retryDeletions(), RETRY_MS).unref();
    }
  }

  private async retryDeletions(): Promise<void> {
    this.retry = undefined;
    for (const key of [...this.pendingDeletions]) {
      await this.delete(key);
      // It failed and scheduled a retry: the other keys would fail too.
      if (this.retry) return;
    }
  }

  async state(): Promise<CacheState> {
    if (!this.redis) return { kind: 'memory', state: 'ready' };
    try {
      await this.redis.ping();
      return { kind: 'redis', state: 'ready' };
    } catch {
      return { kind: 'redis', state: 'unavailable' };
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.retry);
    await this.bento.use('main').disconnect();
  }
}

/** The process's one cache, as configured. */
export function cache(): Cache {
  const { redisUrls } = currentSettings();
  return singleton(`cache.${redisUrls.join()}`, () => {
    const commands = redis();
    return new Cache(commands && { commands, subscriptions: connectSubscriber(redisUrls) });
  });
}
