import 'server-only';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { logErrorThrottled } from './log';
import { currentSettings } from './settings';
import { singleton } from './singleton';

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

/** A subscription waits for its connection for as long as that takes; who listens subscribes anew with each. */
const SUBSCRIPTIONS: RedisOptions = {
  connectTimeout: CONNECT_MILLISECONDS,
  maxRetriesPerRequest: null,
  autoResubscribe: false,
};

/**
 * Connects to a Redis, or to the cluster that several belong to, for commands, which fail quickly where there is no connection. Errors
 * go to the log, once a minute.
 *
 * @param urls as in the settings; of a cluster, user and password are those of the first
 */
export function connectRedis(urls: readonly string[]): RedisClient {
  return logged(urls.length === 1 ? new Redis(urls[0], COMMANDS) : connectCluster(urls, COMMANDS));
}

/**
 * A connection to listen on, to one of several of a cluster, since each hears what is published on any; when that one goes, to the
 * next. Not a client of the whole cluster: that one changes its node without a word, and what was said in between is lost.
 *
 * @param urls as in the settings
 */
export function connectSubscriber(urls: readonly string[]): Redis {
  const client = new Redis(urls[0], {
    ...SUBSCRIPTIONS,
    retryStrategy: (attempt) => {
      const { hostname, port } = new URL(urls[attempt % urls.length]);
      Object.assign(client.options, { host: hostname, ...(port && { port: Number(port) }) });
      return pauseBefore(attempt);
    },
  });
  return logged(client);
}

/** Unheard, errors would be written to the console each time. */
function logged<Client extends RedisClient>(client: Client): Client {
  client.on('error', (error) => logErrorThrottled('redis', error));
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
  return singleton(`redis.${redisUrls.join()}`, () => connectRedis(redisUrls));
}
