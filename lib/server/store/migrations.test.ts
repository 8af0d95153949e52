import { randomUUID } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SQL, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { POSTGRES } from '../../../testing/server/stores';
import { exportKey, exportPage } from '../admin/export';
import { recentEvents, visitorCounts } from '../admin/overview';
import { deleteExpired } from '../events/retention';
import { type AcceptedEvent, writeEvents } from '../events/write';
import { readThreshold } from '../recommend/activity';
import { apiUserId } from '../visitors/identity';
import { type Database, type OpenStore, openStore, type StoreOptions } from './database';
import { PgliteClient } from './pglite-client';
import { rows } from './rows';
import { dailyVote, visitor } from './schema';

const MIGRATIONS = join('lib', 'server', 'store', 'migrations');
const NOW = Date.now();
const DAY_MS = 24 * 3600 * 1000;
/** PGlite is created and opened again, which takes a minute each on a busy machine. */
const SETUP_TIMEOUT_MS = 300_000;

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'inkpick-migrations-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** A folder with the migrations up to the number `last`, as a version before shipped it. */
function migrationsUpTo(last: number): string {
  const folder = join(root, `up-to-${last}`);
  cpSync(MIGRATIONS, folder, { recursive: true });
  const file = join(folder, 'meta', '_journal.json');
  const journal = JSON.parse(readFileSync(file, 'utf8')) as { entries: { idx: number }[] };
  writeFileSync(file, JSON.stringify({ ...journal, entries: journal.entries.filter(({ idx }) => idx <= last) }));
  return folder;
}

interface Backend {
  name: string;
  /** Makes a database with the migrations of a folder, and runs `fill` on it. Returns how to open it. */
  prepare(migrationsFolder: string, fill: (db: Database) => Promise<void>): Promise<StoreOptions>;
}

const PGLITE: Backend = {
  name: 'PGlite',
  async prepare(migrationsFolder, fill) {
    const { drizzle } = await import('drizzle-orm/pglite');
    const { migrate } = await import('drizzle-orm/pglite/migrator');
    const folder = await mkdtemp(join(root, 'store-'));
    const client = new PgliteClient(join(folder, 'postgres'));
    const db = drizzle(client as never);
    await migrate(db, { migrationsFolder });
    await fill(db as unknown as Database);
    await client.close();
    return { folder };
  },
};

const SERVER: Backend = {
  name: 'Postgres',
  async prepare(migrationsFolder, fill) {
    const { Pool } = (await import('pg')).default;
    const { drizzle } = await import('drizzle-orm/node-postgres');
    const { migrate } = await import('drizzle-orm/node-postgres/migrator');
    const url = await POSTGRES!.newDatabase();
    const pool = new Pool({ connectionString: url });
    const db = drizzle(pool);
    await migrate(db, { migrationsFolder });
    await fill(db as unknown as Database);
    await pool.end();
    return { url };
  },
};

/** Tables as of migration 0002. */
const TABLES = [
  ...['audience', 'block', 'event', 'exposure', 'follow', 'new_item', 'opinion', 'segment_trend'],
  ...['setting', 'shared_like', 'sharing', 'trend', 'visitor', 'voice'],
];

type Row = Record<string, unknown>;

/** All rows of some tables, each table in an order of its own. */
async function snapshot(db: Database, tables: readonly string[]): Promise<Record<string, Row[]>> {
  const found: Record<string, Row[]> = {};
  for (const table of tables) {
    found[table] = await rows<Row>(db, sql`select * from ${sql.identifier(table)} as t order by t::text`);
  }
  return found;
}

const event = (of: Partial<AcceptedEvent> & { visitor: string }): AcceptedEvent => ({
  ...{ id: randomUUID(), domain: 'cinema', item: 'a', kind: 'like', at: NOW },
  ...{ list: null, slot: null, source: null, variant: null, diversity: null },
  ...of,
});

const halfLifeDays = () => undefined;

describe.each([PGLITE, ...(POSTGRES ? [SERVER] : [])])('migration 0003 of a filled database on $name', (backend) => {
  const visitors = Array.from({ length: 5 }, () => randomUUID());
  const apiUsers = ['u1', 'u2', 'u3'].map(apiUserId);
  let before: Record<string, Row[]>;
  let store: OpenStore;

  async function fill(db: Database): Promise<void> {
    const run = (statement: SQL) => db.execute(statement);
    const [a, b] = visitors;
    for (const id of [...visitors, ...apiUsers]) {
      await run(sql`insert into visitor (id, age_band, region, language, name, friend_code)
        values (${id}, '25-34', 'NL', 'nl', ${`Name of ${id}`}, ${id.slice(0, 10)})`);
    }
    // Every seen_at so old that a cookie has run out, but of `a` and `b`.
    await run(
      sql`update visitor set seen_at = to_timestamp(${(NOW - 402 * DAY_MS) / 1000}::float8)
        where id not in (${a}, ${b})`,
    );
    const list = randomUUID();
    await writeEvents(
      db,
      [
        ...visitors.map((id) => event({ visitor: id, kind: 'view' })),
        ...apiUsers.flatMap((id, i) => Array.from({ length: i + 1 }, () => event({ visitor: id, item: 'b' }))),
        event({ visitor: a, kind: 'impression', item: 'c', list, slot: 3, source: 'latent', variant: 'e:v,f:w' }),
        event({ visitor: a, kind: 'dislike', item: 'd' }),
        event({ visitor: b, kind: 'save', item: 'd', domain: 'music' }),
      ],
      { halfLifeDays, now: NOW },
    );
    await run(sql`insert into follow (follower, followed) values (${a}, ${b})`);
    await run(sql`insert into block (blocker, blocked) values (${b}, ${visitors[2]})`);
    await run(sql`insert into sharing (visitor, domain) values (${a}, 'cinema')`);
    await run(sql`insert into shared_like (visitor, domain, item, at) values (${a}, 'cinema', 'a', now())`);
    await run(sql`insert into setting (name, value) values ('signing-key', 'secret')`);
    await run(sql`insert into new_item (domain, id, revision, item)
      values ('cinema', 'new', 1, '{"id": "new", "title": "New"}')`);
    before = await snapshot(db, TABLES);
  }

  beforeAll(async () => {
    store = await openStore(await backend.prepare(migrationsUpTo(2), fill));
  }, SETUP_TIMEOUT_MS);
  afterAll(() => store?.close());

  it('starts from rows in every table', () => {
    for (const table of TABLES) expect(before[table].length, table).toBeGreaterThan(0);
  });

  it('keeps every row', async () => {
    const { voice, visitor: people, ...others } = before;
    const after = await snapshot(store.db, [...Object.keys(others), 'daily_vote']);
    expect(after).toEqual({ ...others, daily_vote: voice });
    const columns = (await snapshot(store.db, ['visitor'])).visitor;
    const byId = (list: Row[]) => new Map(list.map(({ kind, ...row }) => [row.id, row]));
    expect(byId(columns)).toEqual(byId(people));
  });

  it('reads the kind of a visitor off the id, for old rows and for new ones', async () => {
    const [visitorId, userId] = [randomUUID(), apiUserId('a new one')];
    await store.db.insert(visitor).values([{ id: visitorId }, { id: userId }]);
    const found = await store.db.select({ id: visitor.id, kind: visitor.kind }).from(visitor);
    const kinds = new Map(found.map(({ id, kind }) => [id, kind]));
    for (const id of [...visitors, visitorId]) expect(kinds.get(id)).toBe('visitor');
    for (const id of [...apiUsers, userId]) expect(kinds.get(id)).toBe('api');
    expect(await visitorCounts(store.db)).toEqual({ agreed: 6, apiUsers: 4 });
    await store.db.execute(sql`delete from visitor where id in (${visitorId}, ${userId})`);
  });

  it('leaves nothing of the old name', async () => {
    // Postgres 18 names NOT NULL constraints (contype n); nothing refers to those names.
    const found = await rows<{ name: string }>(
      store.db,
      sql`select relname::text as name from pg_class
        union all select conname::text from pg_constraint where contype <> 'n'
        union all select proname::text from pg_proc where prosrc like '%into voice%'`,
    );
    const names = found.map(({ name }) => name);
    expect(names.filter((name) => name.startsWith('voice') || name === 'write_events')).toEqual([]);
    expect(names.filter((name) => name.startsWith('daily_vote')).sort()).toEqual(
      expect.arrayContaining([
        'daily_vote',
        'daily_vote_day',
        'daily_vote_visitor_domain_item_day_pk',
        'daily_vote_visitor_visitor_id_fk',
      ]),
    );
  });

  it('goes on counting on the votes of the same day', async () => {
    const [a] = visitors;
    const vote = async () => {
      const all = await store.db.select().from(dailyVote);
      return all.filter((row) => row.visitor === a && row.item === 'a');
    };
    const [{ weight: viewed }] = await vote();
    await writeEvents(store.db, [event({ visitor: a, kind: 'like' })], { halfLifeDays, now: NOW });
    const votes = await vote();
    expect(votes).toHaveLength(1);
    expect(votes[0]).toMatchObject({ wasWeight: viewed, clicked: 1 });
    expect(votes[0].weight).toBeGreaterThan(viewed);
  });

  it('answers the queries that tell kinds apart', async () => {
    // 1, 2 and 3 events of the three users of the API.
    expect(await readThreshold(store.db)).toBe(3);
    expect((await recentEvents(store.db, 'cinema', Date.now())).visitors).toBe(8);
    const key = await exportKey(store.db);
    const { rows: exported } = await exportPage(store.db, 'events', undefined, { key, now: NOW, pace: halfLifeDays });
    expect(exported).toHaveLength(before.event.length + 1);
    const items = await exportPage(store.db, 'items', undefined, { key, now: NOW, pace: halfLifeDays });
    // The format of the version before, which the import reads.
    expect(items.rows).toEqual([{ domain: 'cinema', id: 'new', title: 'New' }]);
    await deleteExpired(store.db, 90, NOW);
    // Three visitors whose cookie ran out are gone, with all that referenced them; no user of the API is.
    expect(await visitorCounts(store.db)).toEqual({ agreed: 2, apiUsers: 3 });
    const left = await store.db.select({ visitor: dailyVote.visitor }).from(dailyVote);
    expect(new Set(left.map((row) => row.visitor))).toEqual(new Set([...visitors.slice(0, 2), ...apiUsers]));
  });
});

describe.runIf(POSTGRES)('a migration that takes longer than the statements of requests may', () => {
  it('is not cancelled', async () => {
    const { Client } = (await import('pg')).default;
    const options = await SERVER.prepare(migrationsUpTo(2), async () => {});
    const other = new Client({ connectionString: options.url });
    await other.connect();
    // Keeps the migration waiting for the table, beyond the timeout of 5 s.
    await other.query('begin; lock table visitor in access exclusive mode');
    const released = new Promise((resolve) => setTimeout(resolve, 7_000)).then(() => other.query('commit'));
    const store = await openStore(options);
    await released;
    expect(await visitorCounts(store.db)).toEqual({ agreed: 0, apiUsers: 0 });
    await store.close();
    await other.end();
  });
});
