import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eq } from 'drizzle-orm';
import { afterEach, describe, expect, it } from 'vitest';
import { startPostgres } from '../../../testing/server/processes';
import { loadEngineFromFolder } from '../../artifacts/node';
import { type OpenStore, openStore } from '../store/database';
import { event } from '../store/schema';

const WRITER = fileURLToPath(new URL('../../../testing/server/writer.mts', import.meta.url));
const ACCEPTED_BEFORE = 60;
const KILLS = 2;

const leftovers: (() => unknown)[] = [];
afterEach(async () => {
  for (const remove of leftovers.splice(0).reverse()) await remove();
});

/**
 * Kills a process that writes events once it has had some accepted, while it writes the next. Returns the ids of the
 * accepted ones.
 */
async function writeAndKill(visitor: string, items: string[], env: Record<string, string>): Promise<string[]> {
  const child = spawn(process.execPath, ['--conditions=react-server', '--import', 'tsx', WRITER, visitor, ...items], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      output += chunk;
      if (output.split('\n').length > ACCEPTED_BEFORE) resolve();
    });
    child.on('exit', () => reject(new Error('the writer exited by itself')));
  });
  child.removeAllListeners('exit');
  child.kill('SIGKILL');
  // Wait for the rest of its output.
  await once(child, 'close');
  return output.split('\n').slice(0, -1);
}

async function expectStored(store: OpenStore, visitor: string, accepted: string[]): Promise<void> {
  const stored = await store.db.select({ id: event.id }).from(event).where(eq(event.visitor, visitor));
  const ids = new Set(stored.map(({ id }) => id));
  expect(accepted.length).toBeGreaterThanOrEqual(ACCEPTED_BEFORE);
  expect(accepted.filter((id) => !ids.has(id))).toEqual([]);
}

const someItems = async () =>
  (await loadEngineFromFolder(join('public', 'artifacts', 'courses'))).popular(5).map(({ id }) => id);

describe('a process that is killed while it writes', () => {
  it('has every accepted event in its folder, also when killed repeatedly', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'inkpick-crash-'));
    leftovers.push(() => rmSync(folder, { recursive: true, force: true }));
    const visitor = randomUUID();
    const accepted: string[] = [];
    for (let kill = 0; kill < KILLS; kill++)
      accepted.push(...(await writeAndKill(visitor, await someItems(), { INKPICK_DATA: folder, DATABASE_URL: '' })));
    const store = await openStore({ folder });
    leftovers.push(() => store.close());
    await expectStored(store, visitor, accepted);
  });

  it('has every accepted event on the database server, which crashes with it', async () => {
    const postgres = await startPostgres({ durable: true });
    leftovers.push(() => postgres.remove());
    const visitor = randomUUID();
    const accepted = await writeAndKill(visitor, await someItems(), { DATABASE_URL: postgres.url });
    await postgres.stop('SIGKILL');
    await postgres.start();
    const store = await openStore({ url: postgres.url });
    leftovers.push(() => store.close());
    await expectStored(store, visitor, accepted);
  });
});
