import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';
import { type OpenStore, openStore } from '../store/database';
import { postgresPrograms, redisProgram } from './processes';
import { openCopy } from './template';

/** The address of a server of this test run, which is started if it was not. */
async function serviceUrl(name: 'postgres' | 'redis' | 'embedded'): Promise<string> {
  const response = await fetch(`${inject('services')}/${name}`);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}

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

/** The back ends that every test of the store runs against. `open` gives an empty one. */
export const STORES: { name: string; open: () => Promise<OpenStore> }[] = [
  { name: 'PGlite', open: async () => openCopy(await serviceUrl('embedded')) },
  ...(POSTGRES ? [{ name: 'Postgres', open: async () => openStore({ url: await newDatabase() }) }] : []),
];
