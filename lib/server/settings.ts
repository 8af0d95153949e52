import 'server-only';
import { join, resolve } from 'node:path';
import { z } from 'zod';

export const DEFAULT_RATE_LIMIT = 1000;

/** Where the embedded store is, unless another folder is named. */
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
  /** Where the domains' artifacts are. */
  INKPICK_ARTIFACTS: z.string().min(1).optional(),
  /** Requests per address and 10 seconds; 0 turns the limit off. */
  INKPICK_RATE_LIMIT: count(DEFAULT_RATE_LIMIT),
  /** How many proxies of one's own stand in front of this server. */
  INKPICK_PROXIES: count(0),
  /** For how many days events are kept one by one. */
  INKPICK_EVENT_DAYS: count(90),
  /** Set by scripts/serve.mjs: the artifacts may be others than when the site was built. */
  INKPICK_OWN_SERVER: z.string().optional(),
  /** A Postgres server for what visitors share; without one it is kept in a folder of this machine. */
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres:// or postgresql://')
    .optional(),
  /** A Redis server, or several of a cluster with commas between them. */
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\/[^,]+(,rediss?:\/\/[^,]+)*$/, 'must begin with redis:// or rediss://')
    .optional(),
  /** The folder of the embedded store, or `memory`. */
  INKPICK_DATA: z.string().optional(),
  /** Signs cookies; without one the store makes and keeps one. */
  INKPICK_SECRET: z.string().min(32, 'must be at least 32 characters long').optional(),
  /** Opens what is for operators only; without one that is closed. */
  INKPICK_ADMIN_TOKEN: z.string().min(16, 'must be at least 16 characters long').optional(),
  /** Set by Vercel, whose edge is one trusted proxy. */
  VERCEL: z.string().optional(),
});

export interface Settings {
  artifactsRoot: string;
  rateLimit: number;
  proxies: number;
  /** Whether pages are to be made anew once after the start. */
  renewsPages: boolean;
  databaseUrl?: string;
  redisUrls: string[];
  /** Of the embedded store; undefined where it lives in memory. */
  dataFolder?: string;
  /** For how many days events are kept one by one. */
  eventDays: number;
  secret?: string;
  adminToken?: string;
}

/** The server's settings from environment variables. Throws naming the variable that cannot be understood. */
export function readSettings(env: Record<string, string | undefined> = process.env): Settings {
  // A variable that is set but empty counts as unset, as everywhere in shells and dashboards.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = settingsSchema.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`The environment variable ${issue.path.join('.')} ${issue.message}.`);
  }
  const { INKPICK_ARTIFACTS, INKPICK_RATE_LIMIT, INKPICK_PROXIES, INKPICK_OWN_SERVER, VERCEL } = parsed.data;
  // A function's disk is gone with it, and holds one instance's visitors only.
  const folder = parsed.data.INKPICK_DATA ?? (VERCEL ? IN_MEMORY : DATA_FOLDER);
  return {
    // The comment keeps the bundler from tracing the whole project; next.config.ts names the files that are needed.
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

let last: { given: string; settings: Settings } | undefined;

/** {@link readSettings}, which is too slow to be done for every request, once for each state of the variables. */
export function currentSettings(): Settings {
  const given = Object.keys(settingsSchema.shape)
    .map((name) => process.env[name])
    .join('\n');
  if (last?.given !== given) last = { given, settings: readSettings() };
  return last.settings;
}
