import 'server-only';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { logErrorSeldom } from './log';
import { currentSettings } from './settings';
import { shared } from './shared';

export type RedisClient = Redis | Cluster;

/** What is in Redis can be had elsewhere, if with more work: nobody waits for it for long. */
const CONNECT_MILLISECONDS = 2_000;
const COMMAND_MILLISECONDS = 500;
/** A connection on which nothing was heard for so long after a command is given up, and made anew. */
const SILENCE_MILLISECONDS = 1_000;
const MOST_PAUSE_MILLISECONDS = 1_000;

const pauseBefore = (attempt: number) => Math.min(attempt * 50, MOST_PAUSE_MILLISECONDS);

/** While there is no connection, commands fail at once; connections come back by themselves. */
const COMMANDS: RedisOptions = {
  connectTimeout: CONNECT_MILLISECONDS,
  commandTimeout: COMMAND_MILLISECONDS,
  socketTimeout: SILENCE_MILLISECONDS,
  maxRetriesPerRequest: 1,
  enableOfflineQueue: false,
  retryStrategy: pauseBefore,
};

/** A subscription waits for its connection for as long as that takes, and is renewed with it. */
const SUBSCRIPTIONS: RedisOptions = {
  connectTimeout: CONNECT_MILLISECONDS,
  maxRetriesPerRequest: null,
  autoResubscribe: true,
  retryStrategy: pauseBefore,
};

/**
 * Connects to a Redis, or to the cluster that several belong to. Errors go to the log, once a minute.
 *
 * @param urls as in the settings; of a cluster, user and password are those of the first
 * @param purpose commands fail quickly where there is no connection; subscriptions wait for it
 */
export function connectRedis(urls: readonly string[], purpose: 'commands' | 'subscriptions' = 'commands'): RedisClient {
  const options = purpose === 'commands' ? COMMANDS : SUBSCRIPTIONS;
  const client = urls.length === 1 ? new Redis(urls[0], options) : connectCluster(urls, options);
  // Unheard, the event would be written to the console each time.
  client.on('error', (error) => logErrorSeldom('redis', error));
  return client;
}

function connectCluster(urls: readonly string[], options: RedisOptions): Cluster {
  const [{ username, password, protocol }] = urls.map((url) => new URL(url));
  return new Cluster([...urls], {
    clusterRetryStrategy: pauseBefore,
    enableOfflineQueue: options.enableOfflineQueue,
    slotsRefreshTimeout: CONNECT_MILLISECONDS,
    redisOptions: {
      ...options,
      username: username ? decodeURIComponent(username) : undefined,
      password: password ? decodeURIComponent(password) : undefined,
      ...(protocol === 'rediss:' && { tls: {} }),
    },
  });
}

/** This process's connection for commands; undefined where the settings name no Redis. */
export function redis(): RedisClient | undefined {
  const { redisUrls } = currentSettings();
  if (redisUrls.length === 0) return undefined;
  return shared(`redis.${redisUrls.join()}`, () => connectRedis(redisUrls));
}
