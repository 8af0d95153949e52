import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OpenStore, openStore } from '../store/database';

/** An empty embedded store in a folder, to be copied: to make one takes seconds, a copy a tenth of one. */
export interface Template {
  /** The folder. */
  url: string;
  remove(): Promise<void>;
}

export async function makeTemplate(): Promise<Template> {
  const folder = await mkdtemp(join(tmpdir(), 'inkpick-template-'));
  await (await openStore({ folder })).close();
  return { url: folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Opens a copy of a template, which is gone when it is closed. */
export async function openCopy(template: string): Promise<OpenStore> {
  const folder = await mkdtemp(join(tmpdir(), 'inkpick-store-'));
  await cp(template, folder, { recursive: true });
  const store = await openStore({ folder });
  return {
    ...store,
    close: async () => {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
