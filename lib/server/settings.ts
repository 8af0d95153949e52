import 'server-only';
import { join } from 'node:path';
import { z } from 'zod';

export const DEFAULT_RATE_LIMIT = 1000;

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
  /** Set by scripts/serve.mjs: the artifacts may be others than when the site was built. */
  INKPICK_OWN_SERVER: z.string().optional(),
  /** Set by Vercel, whose edge is one trusted proxy. */
  VERCEL: z.string().optional(),
});

export interface Settings {
  artifactsRoot: string;
  rateLimit: number;
  proxies: number;
  /** Whether pages are to be made anew once after the start. */
  renewsPages: boolean;
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
  return {
    // The comment keeps the bundler from tracing the whole project; next.config.ts names the files that are needed.
    artifactsRoot: INKPICK_ARTIFACTS ?? join(/* turbopackIgnore: true */ process.cwd(), 'public', 'artifacts'),
    rateLimit: INKPICK_RATE_LIMIT,
    proxies: VERCEL ? Math.max(1, INKPICK_PROXIES) : INKPICK_PROXIES,
    renewsPages: INKPICK_OWN_SERVER !== undefined,
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
