// The embedded Postgres in a thread of its own: it computes for milliseconds on end, in which the server answers others.
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite, types } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';

/** Drizzle reads dates and numbers by itself, out of the text that Postgres gives. */
const asText = (value) => value;
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
// Whoever asks first hears why it could not be opened.
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
