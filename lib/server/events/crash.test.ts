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

/** Lets a process write until it has had a number of events accepted, and kills it in the middle of the next; gives their ids. */
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
    child.on('exit', () => reject(new Error('the writer ended by itself')));
  });
  child.removeAllListeners('exit');
  child.kill('SIGKILL');
  // All that it had said, whether or not we had read it yet.
  await once(child, 'close');
  return output.split('\n').slice(0, -1);
}

async function expectKept(store: OpenStore, visitor: string, accepted: string[]): Promise<void> {
  const kept = await store.db.select({ id: event.id }).from(event).where(eq(event.visitor, visitor));
  const there = new Set(kept.map(({ id }) => id));
  expect(accepted.length).toBeGreaterThanOrEqual(ACCEPTED_BEFORE);
  expect(accepted.filter((id) => !there.has(id))).toEqual([]);
}

const someItems = async () =>
  (await loadEngineFromFolder(join('public', 'artifacts', 'courses'))).popular(5).map(({ id }) => id);

describe('a process killed while it writes', () => {
  it('leaves every accepted event in its folder, again and again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'inkpick-crash-'));
    leftovers.push(() => rmSync(folder, { recursive: true, force: true }));
    const visitor = randomUUID();
    const accepted: string[] = [];
    for (let kill = 0; kill < KILLS; kill++)
      accepted.push(...(await writeAndKill(visitor, await someItems(), { INKPICK_DATA: folder, DATABASE_URL: '' })));
    const store = await openStore({ folder });
    leftovers.push(() => store.close());
    await expectKept(store, visitor, accepted);
  });

  it('leaves every accepted event on a server, which may crash together with it', async () => {
    const postgres = await startPostgres({ durable: true });
    leftovers.push(() => postgres.remove());
    const visitor = randomUUID();
    const accepted = await writeAndKill(visitor, await someItems(), { DATABASE_URL: postgres.url });
    await postgres.stop('SIGKILL');
    await postgres.start();
    const store = await openStore({ url: postgres.url });
    leftovers.push(() => store.close());
    await expectKept(store, visitor, accepted);
  });
});
