import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { InkpickError } from '../../contracts/errors';
import { lockFolder } from './folder-lock';
import { PgliteClient } from './pglite-client';
import * as schema from './schema';

/** Drizzle over either back end; both speak the same SQL. */
export type Database = PgDatabase<PgQueryResultHKT, typeof schema>;

/** How what people share is kept: on a server, in a folder of this machine, or in memory, to be gone with the process. */
export type StoreKind = 'postgres' | 'folder' | 'memory';

export interface StoreOptions {
  /** Of a Postgres server, from version 15. */
  url?: string;
  /** Of the embedded store; in memory where there is neither. */
  folder?: string;
  /** Lets statements take as long as they take: for loading, and not for answering anybody. */
  patient?: boolean;
}

/** An open store. */
export interface OpenStore {
  kind: StoreKind;
  db: Database;
  /** Whether the back end can search by vectors (pgvector). */
  vectors: boolean;
  close(): Promise<void>;
}

/** Read at run time; next.config.ts has them traced into the functions. */
const MIGRATIONS = join(/* turbopackIgnore: true */ process.cwd(), 'lib', 'server', 'store', 'migrations');

/** Instances that start together apply migrations one after another: any number that nobody else is likely to lock. */
const MIGRATION_LOCK = 7_461_623;

const CONNECT_MILLISECONDS = 3000;
/** No statement of ours takes a tenth of this. */
const STATEMENT_MILLISECONDS = 5_000;
/** A server that is there calls a statement off in time. One that says nothing for so long is taken to be gone, with the connection. */
const SILENCE_MILLISECONDS = STATEMENT_MILLISECONDS + 1_000;
const CONNECTIONS = 10;

/** Opens the store and brings its tables up to date. Throws what the back end throws. */
export async function openStore({ url, folder, patient = false }: StoreOptions): Promise<OpenStore> {
  return url ? openServer(url, patient) : openEmbedded(folder);
}

async function openServer(url: string, patient: boolean): Promise<OpenStore> {
  const { Pool } = (await import('pg')).default;
  const { drizzle } = await import('drizzle-orm/node-postgres');
  const { migrate } = await import('drizzle-orm/node-postgres/migrator');
  const pool = new Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MILLISECONDS,
    ...(!patient && {
      statement_timeout: STATEMENT_MILLISECONDS,
      // A server that went without a word is noticed here, not after minutes by TCP.
      query_timeout: SILENCE_MILLISECONDS,
    }),
    keepAlive: true,
  });
  // Of a connection that is lost whoever uses it hears by the failing query; unheard, the event would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const connection = await pool.connect().catch(async (error) => {
    await pool.end();
    throw error;
  });
  let vectors = false;
  try {
    // Of the session, and so for all migrations: drizzle opens a transaction of its own.
    await connection.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      await migrate(drizzle(connection), { migrationsFolder: MIGRATIONS });
      vectors = await enableVectors(drizzle(connection) as unknown as Database);
    } finally {
      await connection.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    }
  } catch (error) {
    connection.release(true);
    await pool.end();
    throw error;
  }
  connection.release();
  const db = drizzle(pool, { schema });
  return {
    kind: 'postgres',
    db: db as unknown as Database,
    vectors,
    close: () => pool.end(),
  };
}

async function openEmbedded(folder: string | undefined): Promise<OpenStore> {
  const { drizzle } = await import('drizzle-orm/pglite');
  const { migrate } = await import('drizzle-orm/pglite/migrator');
  let unlock = () => {};
  let client: PgliteClient | undefined;
  if (folder) {
    mkdirSync(folder, { recursive: true });
    // Two processes in one folder would destroy it.
    unlock = await lockFolder(folder);
  }
  try {
    client = new PgliteClient(folder ? join(folder, 'postgres') : 'memory://');
    // Of the client Drizzle uses no more than that has.
    const db = drizzle(client as never, { schema });
    await migrate(db, { migrationsFolder: MIGRATIONS });
    return {
      kind: folder ? 'folder' : 'memory',
      db: db as unknown as Database,
      vectors: await enableVectors(db as unknown as Database),
      close: async () => {
        try {
          await client?.close();
        } finally {
          unlock();
        }
      },
    };
  } catch (error) {
    await client?.close().catch(() => undefined);
    unlock();
    throw error;
  }
}

/** Whether vectors can be searched: the extension is there, or may be created. */
async function enableVectors(db: Database): Promise<boolean> {
  try {
    await db.execute(sql`create extension if not exists vector`);
    return true;
  } catch {
    return false;
  }
}

/** Codes by which Postgres and the network say that the server cannot be reached now, or is shutting down. */
const UNREACHABLE = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|08|57P0|53[0-9]{3})/;
const UNREACHABLE_MESSAGE =
  /connection terminated|timeout|client was closed|connection ended|not queryable|after calling end/i;
/** Two transactions in each other's way: one of them was called off and may be tried again. */
const IN_EACH_OTHERS_WAY = new Set(['40P01', '40001']);

/** Drizzle wraps what the back end threw. */
function* causes(error: unknown): Generator<{ code?: unknown; message?: unknown }> {
  for (let cause = error, depth = 0; cause && typeof cause === 'object' && depth < 5; depth++) {
    yield cause as { code?: unknown };
    cause = (cause as { cause?: unknown }).cause;
  }
}

/** Whether the store could not be reached, rather than refused what it was told. */
export const isUnreachable = (error: unknown): boolean =>
  [...causes(error)].some(
    ({ code, message }) =>
      (typeof code === 'string' && UNREACHABLE.test(code)) ||
      (code === undefined && typeof message === 'string' && UNREACHABLE_MESSAGE.test(message)),
  );

/** Called off because it took too long, or waited too long for another one. */
const TOO_SLOW = new Set(['57014', '55P03']);

/** Whether the back end is there, and did not get done in time. */
export const isTooSlow = (error: unknown): boolean => [...causes(error)].some(({ code }) => TOO_SLOW.has(String(code)));

/** Text with the character U+0000, which Postgres cannot hold. */
const NOT_TEXT = new Set(['22021', '22P05']);

/** Whether the back end was given text that it cannot hold. */
export const isNotText = (error: unknown): boolean => [...causes(error)].some(({ code }) => NOT_TEXT.has(String(code)));

/** Whether the same transaction may go through when it is tried again. */
export const isConflict = (error: unknown): boolean =>
  [...causes(error)].some(({ code }) => IN_EACH_OTHERS_WAY.has(String(code)));

/** What callers see of a store that cannot be reached: nothing was kept, and the same may be sent again. */
export const storeUnavailable = (cause: unknown): InkpickError =>
  new InkpickError(
    'STORE_UNAVAILABLE',
    'What visitors share cannot be read or written at the moment; nothing of this request was kept. Please send it again later.',
    { cause },
  );
