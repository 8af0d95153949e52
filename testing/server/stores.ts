import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { type OpenStore, openStore } from '../../lib/server/store/database';
import { postgresPrograms, redisProgram } from './processes';
import { serviceUrl } from './service-url';
import { copyTemplate, openCopy } from './template';

/** The URL of a new and empty database. */
async function newDatabase(): Promise<string> {
  const url = new URL(await serviceUrl('postgres'));
  const client = new Client({ connectionString: url.href });
  await client.connect();
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  try {
    // Names cannot be parameters; this one is our own.
    await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
  url.pathname = name;
  return url.href;
}

/** A real Postgres; undefined where it is not installed. `newDatabase` gives the URL of an empty one. */
export const POSTGRES = postgresPrograms() === undefined ? undefined : { newDatabase };

/** A real Redis, which all files of a test run share; undefined where it is not installed. */
export const REDIS = redisProgram() === undefined ? undefined : { url: () => serviceUrl('redis') };

/**
 * The folder of a new and empty embedded store, which is gone when the test run ends. For INKPICK_DATA: a store in memory is made from
 * nothing each time, which takes seconds.
 */
export const embeddedFolder = async (): Promise<string> => copyTemplate(await serviceUrl('embedded'));

/** The back ends that every test of the store runs against. `open` gives an empty one. */
export const STORES: { name: string; open: () => Promise<OpenStore> }[] = [
  { name: 'PGlite', open: async () => openCopy(await serviceUrl('embedded')) },
  ...(POSTGRES ? [{ name: 'Postgres', open: async () => openStore({ url: await newDatabase() }) }] : []),
];
