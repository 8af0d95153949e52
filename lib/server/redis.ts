import 'server-only';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { logErrorThrottled } from './log';
import { currentSettings } from './settings';
import { singleton } from './singleton';

export type RedisClient = Redis | Cluster;

/** Timeouts are short, since all data in Redis can be recomputed or counted in memory. */
const CONNECT_TIMEOUT_MS = 2_000;
const COMMAND_TIMEOUT_MS = 500;
/** A connection that receives nothing for this long after a command is replaced. */
const SOCKET_TIMEOUT_MS = 1_000;
const RETRY_STEP_MS = 50;
const MAX_RETRY_DELAY_MS = 1_000;

const retryDelay = (attempt: number) => Math.min(attempt * RETRY_STEP_MS, MAX_RETRY_DELAY_MS);

/** Without a connection, commands fail at once; ioredis reconnects in the background. */
const COMMANDS: RedisOptions = {
  connectTimeout: CONNECT_TIMEOUT_MS,
  commandTimeout: COMMAND_TIMEOUT_MS,
  socketTimeout: SOCKET_TIMEOUT_MS,
  maxRetriesPerRequest: 1,
  enableOfflineQueue: false,
  retryStrategy: retryDelay,
};

/** A subscription waits for its connection without limit; the subscriber subscribes again after each reconnect. */
const SUBSCRIPTIONS: RedisOptions = {
  connectTimeout: CONNECT_TIMEOUT_MS,
  maxRetriesPerRequest: null,
  autoResubscribe: false,
};

/**
 * Connects to a Redis, or to a cluster, for commands, which fail fast where there is no connection. Errors are logged,
 * once a minute.
 *
 * @param urls as in the settings; user and password of a cluster are those of the first
 */
export function connectRedis(urls: readonly string[]): RedisClient {
  return logged(urls.length === 1 ? new Redis(urls[0], COMMANDS) : connectCluster(urls, COMMANDS));
}

/**
 * A connection for subscriptions, to one node of a cluster: a message published on any node reaches them all. When the
 * node goes down, it connects to the next one. A client of the whole cluster would switch nodes without notice, and
 * messages sent meanwhile would be lost.
 *
 * @param urls as in the settings
 */
export function connectSubscriber(urls: readonly string[]): Redis {
  const client = new Redis(urls[0], {
    ...SUBSCRIPTIONS,
    retryStrategy: (attempt) => {
      const { hostname, port } = new URL(urls[attempt % urls.length]);
      Object.assign(client.options, { host: hostname, ...(port && { port: Number(port) }) });
      return retryDelay(attempt);
    },
  });
  return logged(client);
}

/** Without a listener, ioredis writes each error to the console. */
function logged<Client extends RedisClient>(client: Client): Client {
  client.on('error', (error) => logErrorThrottled('redis', error));
  return client;
}

function connectCluster(urls: readonly string[], options: RedisOptions): Cluster {
  const [{ username, password, protocol }] = urls.map((url) => new URL(url));
  return new Cluster([...urls], {
    clusterRetryStrategy: retryDelay,
    enableOfflineQueue: options.enableOfflineQueue,
    slotsRefreshTimeout: CONNECT_TIMEOUT_MS,
    redisOptions: {
      ...options,
      username: username ? decodeURIComponent(username) : undefined,
      password: password ? decodeURIComponent(password) : undefined,
      ...(protocol === 'rediss:' && { tls: {} }),
    },
  });
}

/** The process's one connection for commands; undefined where the settings have no Redis. */
export function redis(): RedisClient | undefined {
  const { redisUrls } = currentSettings();
  if (redisUrls.length === 0) return undefined;
  return singleton(`redis.${redisUrls.join()}`, () => connectRedis(redisUrls));
}
