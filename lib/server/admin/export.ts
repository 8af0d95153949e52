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
import { type HalfLifeDays, halfLife, WINDOWS, type Window } from '../trends/windows';

/** Rows of one page: memory stays flat however much there is. */
export const EXPORT_PAGE = 1000;

const KEY_NAME = 'export-key';
const KEY_BYTES = 32;

/** The key of the hashes that stand for visitors in exports: made once, and kept by the store for all who share it. */
export async function exportKey(db: Database): Promise<string> {
  await db
    .insert(setting)
    .values({ name: KEY_NAME, value: randomBytes(KEY_BYTES).toString('hex') })
    .onConflictDoNothing();
  const [{ value }] = await db.select().from(setting).where(eq(setting.name, KEY_NAME));
  return value;
}

/** SHA-256 of key and visitor, both of fixed length, cut to 128 bits: the same visitor is the same in all exports, and nobody without the key can tell which. */
const pseudonym = (key: string): SQL =>
  sql`left(encode(sha256(convert_to(${key}::text || event.visitor::text, 'UTF8')), 'hex'), 32)`;

const instant = (column: SQL) => sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** The last row of a page by the columns of the order; by these the next one begins. No cursor holds a visitor's number. */
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

/** PostgreSQL's text cannot hold U+0000. */
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
  throw new InkpickError('INVALID_REQUEST', `after must be what the page before gave as "after" for ${what}.`, {
    field: 'after',
  });
}

interface Options {
  /** {@link exportKey} */
  key: string;
  /** Milliseconds: weights are those of then. */
  now: number;
  pace: HalfLifeDays;
  /** Rows of a page. */
  limit?: number;
}

/**
 * A page of what the store holds, by keyset: `events` in the order in which they were heard, visitors by a keyed hash; `items` as
 * they can be imported again, without those withdrawn; `trends` with their weights of now.
 *
 * @param after of the page before; undefined for the first
 * @throws `INVALID_REQUEST` for an `after` that no page gave
 */
export async function exportPage(
  db: Database,
  what: ExportKind,
  after: string | undefined,
  options: Options,
): Promise<ExportPage> {
  const limit = options.limit ?? EXPORT_PAGE;
  const page = await PAGES[what](db, after, { ...options, limit });
  const last = page.rows.length === limit ? page.cursors.at(-1) : undefined;
  return { rows: page.rows, after: last ? toCursor(last) : null };
}

interface Page {
  rows: Record<string, unknown>[];
  cursors: string[][];
}
type Reader = (db: Database, after: string | undefined, options: Required<Options>) => Promise<Page>;

const PAGES: Record<ExportKind, Reader> = { events: eventsPage, items: itemsPage, trends: trendsPage };

async function eventsPage(db: Database, after: string | undefined, { key, limit }: Required<Options>): Promise<Page> {
  const cursor = after === undefined ? undefined : readCursor('events', after);
  // The first condition follows from the second; by it the index of the times is used.
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
  const beyond = cursor ? sql`and (domain, id) > (${cursor[0]}::text, ${cursor[1]}::text)` : sql``;
  const found = await rows<{ domain: string; id: string; item: NewItem }>(
    db,
    sql`select domain, id, item from new_item where not withdrawn ${beyond} order by domain, id limit ${limit}`,
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
