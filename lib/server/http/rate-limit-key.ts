import 'server-only';
import { createHmac, randomBytes } from 'node:crypto';
import { logErrorThrottled } from '../log';
import type { RedisClient } from '../redis';
import { currentSettings } from '../settings';
import { singleton } from '../singleton';

const SALT_KEY = 'inkpick:limit:salt';
const SALT_BYTES = 32;
const SALT_TTL_MS = 24 * 3600 * 1000;
/** How long this process uses a salt of its own, made while Redis is unreachable, before it tries Redis again. */
const OWN_SALT_TTL_MS = 1000;

/**
 * Keyed hash (HMAC-SHA256) under which a caller is counted in Redis: addresses and visitor ids never leave the
 * process.
 */
export async function hashCaller(caller: string, redis: RedisClient): Promise<string> {
  // The prefix keeps the hash of a visitor's id different from the signature in their cookie, which may use the same
  // secret.
  return createHmac('sha256', await salt(redis))
    .update(`inkpick limit\n${caller}`)
    .digest('base64url');
}

/** The HMAC key: the secret of the settings, else a random text that instances share through Redis for a day. */
async function salt(redis: RedisClient): Promise<string> {
  const { secret } = currentSettings();
  if (secret) return secret;
  const salts = singleton(
    'rate-limit.salts',
    () => new WeakMap<RedisClient, { value: Promise<string>; until: number }>(),
  );
  const last = salts.get(redis);
  if (last && Date.now() < last.until) return last.value;
  const own = randomBytes(SALT_BYTES).toString('base64url');
  const next = { value: Promise.resolve(own), until: Date.now() + OWN_SALT_TTL_MS };
  next.value = (async () => {
    try {
      await redis.set(SALT_KEY, own, 'PX', SALT_TTL_MS, 'NX');
      const [value, ttl] = [await redis.get(SALT_KEY), await redis.pttl(SALT_KEY)];
      next.until = Date.now() + Math.max(0, ttl);
      return value ?? own;
    } catch (error) {
      logErrorThrottled('rate limit', error);
      return last ? last.value : own;
    }
  })();
  salts.set(redis, next);
  return next.value;
}
