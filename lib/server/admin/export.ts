import 'server-only';
import { randomBytes } from 'node:crypto';
import { eq, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { ExportKind, ExportPage } from '../../contracts/admin';
import { InkpickError } from '../../contracts/errors';
import type { NewItem } from '../../contracts/live-signals';
import type { Database } from '../store/database';
import { rows } from '../store/rows';
import { setting } from '../store/schema';
import { weightNow } from '../trends/decay';
import { type HalfLifeDays, halfLife, WINDOWS, type Window } from '../trends/half-lives';

/** Rows per page, so that memory use does not grow with the amount. */
export const EXPORT_PAGE_ROWS = 1000;

const KEY_NAME = 'export-key';
const KEY_BYTES = 32;

/** The key of the hashes that replace visitor ids in exports: created once, for all instances on one store. */
export async function exportKey(db: Database): Promise<string> {
  await db
    .insert(setting)
    .values({ name: KEY_NAME, value: randomBytes(KEY_BYTES).toString('hex') })
    .onConflictDoNothing();
  const [{ value }] = await db.select().from(setting).where(eq(setting.name, KEY_NAME));
  return value;
}

/**
 * SHA-256 of key and visitor id, both of fixed length, cut to 128 bits. A visitor has the same pseudonym in all
 * exports, and only the key connects it to the id.
 */
const pseudonym = (key: string): SQL =>
  sql`left(encode(sha256(convert_to(${key}::text || event.visitor::text, 'UTF8')), 'hex'), 32)`;

const instant = (column: SQL) => sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** A cursor has the sort columns of a page's last row. None contains a visitor id. */
const CURSORS = {
  events: z.tuple([
    z.iso.datetime({ precision: 6 }).refine((time) => time > '2000'),
    z.uuid(),
    z.string().regex(/^[0-9a-f]{32}$/),
  ]),
  items: z.tuple([z.string().max(200), z.string().max(500)]),
  trends: z.tuple([z.string().max(200), z.enum(WINDOWS), z.string().max(500)]),
};

const toCursor = (parts: readonly string[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

/** PostgreSQL cannot store U+0000 in text. */
const NUL = String.fromCharCode(0);

function readCursor<K extends ExportKind>(what: K, after: string): z.output<(typeof CURSORS)[K]> {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(after, 'base64url').toString());
  } catch {
    parts = undefined;
  }
  const parsed = CURSORS[what].safeParse(parts);
  if (parsed.success && !parsed.data.some((part) => part.includes(NUL))) {
    return parsed.data as z.output<(typeof CURSORS)[K]>;
  }
  throw new InkpickError('INVALID_REQUEST', `after must be the "after" of the previous page of ${what}.`, {
    field: 'after',
  });
}

interface Options {
  /** {@link exportKey} */
  key: string;
  /** Milliseconds; weights are decayed until then. */
  now: number;
  pace: HalfLifeDays;
  /** Rows per page. */
  limit?: number;
}

/**
 * A page of an export, by keyset pagination: `events` in the order of receipt, with pseudonyms of the visitors; `items`
 * without withdrawn ones, in the form that the import accepts; `trends` with their current weights.
 *
 * @param after from the previous page; undefined for the first
 * @throws `INVALID_REQUEST` where `after` is not from a page
 */
export async function exportPage(
  db: Database,
  what: ExportKind,
  after: string | undefined,
  options: Options,
): Promise<ExportPage> {
  const limit = options.limit ?? EXPORT_PAGE_ROWS;
  const page = await PAGES[what](db, after, { ...options, limit });
  const last = page.rows.length === limit ? page.cursors.at(-1) : undefined;
  return { rows: page.rows, after: last ? toCursor(last) : null };
}

interface Page {
  rows: Record<string, unknown>[];
  cursors: string[][];
}
type PageReader = (db: Database, after: string | undefined, options: Required<Options>) => Promise<Page>;

const PAGES: Record<ExportKind, PageReader> = { events: eventsPage, items: itemsPage, trends: trendsPage };

async function eventsPage(db: Database, after: string | undefined, { key, limit }: Required<Options>): Promise<Page> {
  const cursor = after === undefined ? undefined : readCursor('events', after);
  // The second condition implies the first, which makes the planner use the index on received_at.
  const where = cursor
    ? sql`where event.received_at >= ${cursor[0]}::timestamptz
          and (event.received_at, event.id, ${pseudonym(key)}) > (${cursor[0]}::timestamptz, ${cursor[1]}::uuid, ${cursor[2]}::text)`
    : sql``;
  const found = await rows<Record<string, string> & { id: string; received: string; visitor: string }>(
    db,
    sql`select event.id, ${pseudonym(key)} as visitor, ${instant(sql`event.received_at`)} as received,
          ${instant(sql`event.at`)} as at, domain, item, kind, list, slot, source, variant
        from event ${where} order by event.received_at, event.id, 2 limit ${limit}`,
  );
  return {
    rows: found.map(({ id, ...row }) => row),
    cursors: found.map(({ received, id, visitor }) => [received, id, visitor]),
  };
}

async function itemsPage(db: Database, after: string | undefined, { limit }: Required<Options>): Promise<Page> {
  const cursor = after === undefined ? undefined : readCursor('items', after);
  const isBeyond = cursor ? sql`and (domain, id) > (${cursor[0]}::text, ${cursor[1]}::text)` : sql``;
  const found = await rows<{ domain: string; id: string; item: NewItem }>(
    db,
    sql`select domain, id, item from new_item where not withdrawn ${isBeyond} order by domain, id limit ${limit}`,
  );
  return {
    rows: found.map(({ domain, item }) => ({ domain, ...item })),
    cursors: found.map(({ domain, id }) => [domain, id]),
  };
}

async function trendsPage(
  db: Database,
  after: string | undefined,
  { limit, now, pace }: Required<Options>,
): Promise<Page> {
  const cursor = after === undefined ? undefined : readCursor('trends', after);
  const where = cursor
    ? sql`where (domain, window_name, item) > (${cursor[0]}::text, ${cursor[1]}::text, ${cursor[2]}::text)`
    : sql``;
  const found = await rows<{ domain: string; window: Window; item: string; log: number }>(
    db,
    sql`select domain, window_name as window, item, log_weight as log from trend ${where}
        order by domain, window_name, item limit ${limit}`,
  );
  return {
    rows: found.map(({ domain, window, item, log }) => {
      const weight = weightNow(log, now, halfLife(window, pace(domain)));
      return { domain, window, item, weight: Number(weight.toPrecision(6)) };
    }),
    cursors: found.map(({ domain, window, item }) => [domain, window, item]),
  };
}
