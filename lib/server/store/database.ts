import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { InkpickError } from '../../contracts/errors';
import { lockFolder } from './folder-lock';
import { PgliteClient } from './pglite-client';
import * as schema from './schema';

/** Drizzle on either back end; both use the same SQL. */
export type Database = PgDatabase<PgQueryResultHKT, typeof schema>;

/** Where shared data is stored: on a Postgres server, in a folder of this machine, or in this process's memory only. */
export type StoreKind = 'postgres' | 'folder' | 'memory';

export interface StoreOptions {
  /** URL of a Postgres server, version 15 or later. */
  url?: string;
  /** Folder of the embedded store; in memory where there is neither. */
  folder?: string;
  /** Removes the timeouts of statements: for bulk loading, not for requests. */
  withoutTimeouts?: boolean;
}

/** An open store. */
export interface OpenStore {
  kind: StoreKind;
  db: Database;
  /** Whether the back end has pgvector. */
  vectors: boolean;
  close(): Promise<void>;
}

/** Read at run time; next.config.ts includes them in the functions. */
const MIGRATIONS = join(/* turbopackIgnore: true */ process.cwd(), 'lib', 'server', 'store', 'migrations');

/** Advisory lock by which instances that start together migrate one after another: an arbitrary number. */
const MIGRATION_LOCK = 7_461_623;

const CONNECT_TIMEOUT_MS = 3000;
/** The statements of requests take less than a tenth of this. */
const STATEMENT_TIMEOUT_MS = 5_000;
/** For one statement of a migration: rewriting a table of a million rows takes seconds. */
const MIGRATION_TIMEOUT_MS = 600_000;
/** A reachable server reports a statement timeout within this. Without a response by then, the connection is lost. */
const RESPONSE_MARGIN_MS = 1_000;
const QUERY_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + RESPONSE_MARGIN_MS;
const MAX_CONNECTIONS = 10;

/**
 * Opens the store and migrates its tables.
 *
 * @throws the error of the back end
 */
export async function openStore({ url, folder, withoutTimeouts = false }: StoreOptions): Promise<OpenStore> {
  return url ? openServer(url, withoutTimeouts) : openEmbedded(folder);
}

async function openServer(url: string, withoutTimeouts: boolean): Promise<OpenStore> {
  const { Pool } = (await import('pg')).default;
  const { drizzle } = await import('drizzle-orm/node-postgres');
  const vectors = await migrateServer(url, withoutTimeouts ? MIGRATION_TIMEOUT_MS : STATEMENT_TIMEOUT_MS);
  const pool = new Pool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ...(!withoutTimeouts && {
      statement_timeout: STATEMENT_TIMEOUT_MS,
      // Detects a server that vanished; TCP would take minutes.
      query_timeout: QUERY_TIMEOUT_MS,
    }),
    keepAlive: true,
  });
  // A lost connection fails the query that uses it; without a listener, the `error` event would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const db = drizzle(pool, { schema });
  return {
    kind: 'postgres',
    db: db as unknown as Database,
    vectors,
    close: () => pool.end(),
  };
}

/**
 * Migrates the tables of a server, on a connection of its own: a migration that rewrites a large table takes longer
 * than the statements of requests may. Instances that start together wait for each other.
 *
 * @param lockTimeoutMs how long to wait for another instance that is migrating
 * @returns whether pgvector is available
 */
async function migrateServer(url: string, lockTimeoutMs: number): Promise<boolean> {
  const { Client } = (await import('pg')).default;
  const { drizzle } = await import('drizzle-orm/node-postgres');
  const { migrate } = await import('drizzle-orm/node-postgres/migrator');
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: lockTimeoutMs,
    query_timeout: MIGRATION_TIMEOUT_MS + RESPONSE_MARGIN_MS,
    keepAlive: true,
  });
  // The failing query reports a lost connection; without a listener, the `error` event would end the process.
  client.on('error', () => {});
  await client.connect();
  try {
    // A lock of the session, since drizzle opens a transaction of its own.
    const lock = { text: 'select pg_advisory_lock($1)', values: [MIGRATION_LOCK] };
    const lockQuery = { ...lock, query_timeout: lockTimeoutMs + RESPONSE_MARGIN_MS };
    await client.query(lockQuery);
    await client.query(`set statement_timeout = ${MIGRATION_TIMEOUT_MS}`);
    await migrate(drizzle(client), { migrationsFolder: MIGRATIONS });
    return await enableVectors(drizzle(client) as unknown as Database);
  } finally {
    // Releases the lock. Not awaited: a server that vanished never confirms it.
    void client.end().catch(() => undefined);
  }
}

async function openEmbedded(folder: string | undefined): Promise<OpenStore> {
  const { drizzle } = await import('drizzle-orm/pglite');
  const { migrate } = await import('drizzle-orm/pglite/migrator');
  let unlock = () => {};
  let client: PgliteClient | undefined;
  if (folder) {
    mkdirSync(folder, { recursive: true });
    // Two processes in one folder would corrupt it.
    unlock = await lockFolder(folder);
  }
  try {
    client = new PgliteClient(folder ? join(folder, 'postgres') : 'memory://');
    // PgliteClient has the part of PGlite's interface that Drizzle uses.
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

/** Creates the vector extension unless it exists. Returns whether it is available. */
async function enableVectors(db: Database): Promise<boolean> {
  try {
    await db.execute(sql`create extension if not exists vector`);
    return true;
  } catch {
    return false;
  }
}

/** Error codes of Postgres and the network for a server that is unreachable, or shutting down. */
const UNREACHABLE = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|08|57P0|53[0-9]{3})/;
const UNREACHABLE_MESSAGE =
  /connection terminated|timeout|client was closed|connection ended|not queryable|after calling end/i;
/** Deadlock, and serialisation failure: Postgres cancelled one of two transactions, which may be tried again. */
const CONFLICT = new Set(['40P01', '40001']);

/** An error and its causes: Drizzle wraps the errors of the back end. */
function* causes(error: unknown): Generator<{ code?: unknown; message?: unknown }> {
  for (let cause = error, depth = 0; cause && typeof cause === 'object' && depth < 5; depth++) {
    yield cause as { code?: unknown };
    cause = (cause as { cause?: unknown }).cause;
  }
}

/** Whether the error means that the store is unreachable, rather than that it refused a statement. */
export const isUnreachable = (error: unknown): boolean =>
  [...causes(error)].some(
    ({ code, message }) =>
      (typeof code === 'string' && UNREACHABLE.test(code)) ||
      (code === undefined && typeof message === 'string' && UNREACHABLE_MESSAGE.test(message)),
  );

/** Statement timeout, and lock timeout. */
const TOO_SLOW = new Set(['57014', '55P03']);

/** Whether the back end is reachable and did not finish in time. */
export const isTooSlow = (error: unknown): boolean => [...causes(error)].some(({ code }) => TOO_SLOW.has(String(code)));

/** Text with the character U+0000, which Postgres cannot store. */
const INVALID_TEXT = new Set(['22021', '22P05']);

/** Whether the back end received text that it cannot store. */
export const isInvalidText = (error: unknown): boolean =>
  [...causes(error)].some(({ code }) => INVALID_TEXT.has(String(code)));

/** Whether the same transaction may succeed when it is tried again. */
export const isConflict = (error: unknown): boolean =>
  [...causes(error)].some(({ code }) => CONFLICT.has(String(code)));

/** `STORE_UNAVAILABLE`: nothing of the request was stored, and it may be sent again. */
export const storeUnavailable = (cause: unknown): InkpickError =>
  new InkpickError(
    'STORE_UNAVAILABLE',
    'The store is unavailable at the moment; nothing of this request was stored. Please send it again later.',
    { cause },
  );
