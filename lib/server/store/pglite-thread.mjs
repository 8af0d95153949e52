// The embedded Postgres in a thread of its own: it computes for milliseconds at a time, which would block the server.
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite, types } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';

/** Drizzle parses dates and numbers itself, from Postgres' text form. */
const asText = (value) => value;
/** Type ids of the arrays, which PGlite's `types` lacks. */
const NUMERICS = 1231;
const TIMESTAMPS = 1115;
const TIMESTAMPTZS = 1185;
const INTERVALS = 1187;
const DATES = 1182;
const parsers = Object.fromEntries(
  [
    types.TIMESTAMP,
    types.TIMESTAMPTZ,
    types.INTERVAL,
    types.DATE,
    NUMERICS,
    TIMESTAMPS,
    TIMESTAMPTZS,
    INTERVALS,
    DATES,
  ].map((type) => [type, asText]),
);

const opening = PGlite.create({ dataDir: workerData.dataDir, extensions: { vector } });
// A failure to open rejects the queries below; unhandled, it would end the process.
opening.catch(() => {});

parentPort.on('message', async ({ id, close, query, params, rowMode }) => {
  try {
    const client = await opening;
    const result = close ? await client.close() : await client.query(query, params, { rowMode, parsers });
    parentPort.postMessage({ id, result: result && { rows: result.rows, affectedRows: result.affectedRows } });
  } catch (error) {
    const { message, code, detail, constraint } = error;
    parentPort.postMessage({ id, error: { message: String(message ?? error), code, detail, constraint } });
  }
});
