import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type OpenStore, openStore } from '../../lib/server/store/database';

/** An empty embedded store in a folder, to be copied: creating one takes seconds, copying it a tenth of a second. */
export interface Template {
  /** The path of the folder. */
  url: string;
  /** Removes the template and its copies. */
  remove(): Promise<void>;
}

export async function makeTemplate(): Promise<Template> {
  const root = await mkdtemp(join(tmpdir(), 'inkpick-stores-'));
  const folder = join(root, 'template');
  await (await openStore({ folder })).close();
  return { url: folder, remove: () => rm(root, { recursive: true, force: true, maxRetries: 5 }) };
}

/**
 * Copies a template.
 *
 * @returns the folder of the copy, which is removed with the template at the latest
 */
export async function copyTemplate(template: string): Promise<string> {
  const folder = join(dirname(template), randomUUID());
  await cp(template, folder, { recursive: true });
  return folder;
}

/** Opens a copy of a template; closing it removes the copy. */
export async function openCopy(template: string): Promise<OpenStore> {
  const folder = await copyTemplate(template);
  const store = await openStore({ folder });
  return {
    ...store,
    close: async () => {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
