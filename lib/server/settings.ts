import 'server-only';
import { join, resolve } from 'node:path';
import { z } from 'zod';

export const DEFAULT_RATE_LIMIT = 1000;

/** The default folder of the embedded store. */
const DATA_FOLDER = join('data', 'store');
const IN_MEMORY = 'memory';

const count = (fallback: number) =>
  z
    .string()
    .trim()
    .regex(/^\d{1,9}$/, 'must be a whole number, 0 or more')
    .transform(Number)
    .default(fallback);

const settingsSchema = z.object({
  /** Folder of the domains' artifacts. */
  INKPICK_ARTIFACTS: z.string().min(1).optional(),
  /** Requests per address and 10 seconds; 0 turns the limit off. */
  INKPICK_RATE_LIMIT: count(DEFAULT_RATE_LIMIT),
  /** Number of trusted proxies in front of this server. */
  INKPICK_PROXIES: count(0),
  /** Days for which single events are stored. */
  INKPICK_EVENT_DAYS: count(90),
  /** Set by scripts/serve.mjs: the artifacts may have changed since the site was built. */
  INKPICK_OWN_SERVER: z.string().optional(),
  /** A Postgres server for the shared data; without one it is in a folder of this machine. */
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres:// or postgresql://')
    .optional(),
  /** A Redis server, or the nodes of a cluster separated by commas. */
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\/[^,]+(,rediss?:\/\/[^,]+)*$/, 'must begin with redis:// or rediss://')
    .optional(),
  /** The folder of the embedded store, or `memory`. */
  INKPICK_DATA: z.string().optional(),
  /** Signs cookies; without one the store generates and stores a key. */
  INKPICK_SECRET: z.string().min(32, 'must be at least 32 characters long').optional(),
  /** Opens the operator's routes; without one they are closed. */
  INKPICK_ADMIN_TOKEN: z.string().min(16, 'must be at least 16 characters long').optional(),
  /** Set by Vercel, whose edge is one trusted proxy. */
  VERCEL: z.string().optional(),
});

export interface Settings {
  artifactsRoot: string;
  rateLimit: number;
  proxies: number;
  /** Whether pages are rendered again once after the start. */
  renewsPages: boolean;
  databaseUrl?: string;
  redisUrls: string[];
  /** Folder of the embedded store; undefined for one in memory. */
  dataFolder?: string;
  /** Days for which single events are stored. */
  eventDays: number;
  secret?: string;
  adminToken?: string;
}

/**
 * The server's settings from environment variables.
 *
 * @throws Error that names the first invalid variable
 */
export function readSettings(env: Record<string, string | undefined> = process.env): Settings {
  // Shells and dashboards often set a variable to an empty text to mean unset.
  const variables = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = settingsSchema.safeParse(variables);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`The environment variable ${issue.path.join('.')} ${issue.message}.`);
  }
  const { INKPICK_ARTIFACTS, INKPICK_RATE_LIMIT, INKPICK_PROXIES, INKPICK_OWN_SERVER, VERCEL } = parsed.data;
  // The disk of a serverless function belongs to one instance and is lost with it.
  const folder = parsed.data.INKPICK_DATA ?? (VERCEL ? IN_MEMORY : DATA_FOLDER);
  return {
    // The comment stops the bundler from tracing the whole project; next.config.ts names the files that are needed.
    artifactsRoot: INKPICK_ARTIFACTS ?? join(/* turbopackIgnore: true */ process.cwd(), 'public', 'artifacts'),
    rateLimit: INKPICK_RATE_LIMIT,
    proxies: VERCEL ? Math.max(1, INKPICK_PROXIES) : INKPICK_PROXIES,
    renewsPages: INKPICK_OWN_SERVER !== undefined,
    databaseUrl: parsed.data.DATABASE_URL,
    redisUrls: parsed.data.REDIS_URL?.split(',') ?? [],
    dataFolder: folder === IN_MEMORY ? undefined : resolve(/* turbopackIgnore: true */ process.cwd(), folder),
    eventDays: parsed.data.INKPICK_EVENT_DAYS,
    secret: parsed.data.INKPICK_SECRET,
    adminToken: parsed.data.INKPICK_ADMIN_TOKEN,
  };
}

let last: { variables: string; settings: Settings } | undefined;

/** {@link readSettings}, cached while the variables stay the same: parsing is too slow for every request. */
export function currentSettings(): Settings {
  const variables = Object.keys(settingsSchema.shape)
    .map((name) => process.env[name])
    .join('\n');
  if (last?.variables !== variables) last = { variables, settings: readSettings() };
  return last.settings;
}
