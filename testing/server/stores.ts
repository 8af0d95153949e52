import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { type OpenStore, openStore } from '../../lib/server/store/database';
import { postgresPrograms, redisProgram } from './processes';
import { serviceUrl } from './service-url';
import { copyTemplate, openCopy } from './template';

/** Creates an empty database. Returns its URL. */
async function newDatabase(): Promise<string> {
  const url = new URL(await serviceUrl('postgres'));
  const client = new Client({ connectionString: url.href });
  await client.connect();
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  try {
    // SQL has no parameters for names; this one is generated above.
    await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
  url.pathname = name;
  return url.href;
}

/** A real Postgres, which all files of a test run share; undefined where it is not installed. */
export const POSTGRES = postgresPrograms() === undefined ? undefined : { newDatabase };

/** A real Redis, which all files of a test run share; undefined where it is not installed. */
export const REDIS = redisProgram() === undefined ? undefined : { url: () => serviceUrl('redis') };

/**
 * The folder of a new, empty embedded store, for INKPICK_DATA; removed when the test run ends. It is a copy of a
 * template: creating a store in memory takes seconds each time.
 */
export const embeddedFolder = async (): Promise<string> => copyTemplate(await serviceUrl('embedded'));

/** The back ends of all tests of the store. `open` opens an empty one. */
export const STORES: { name: string; open: () => Promise<OpenStore> }[] = [
  { name: 'PGlite', open: async () => openCopy(await serviceUrl('embedded')) },
  ...(POSTGRES ? [{ name: 'Postgres', open: async () => openStore({ url: await newDatabase() }) }] : []),
];
