import type { Manifest } from '../contracts/manifest';

/** Name in the Cache API. */
const CACHE = 'inkpick-artifacts';

/**
 * The copies of one domain's files in the Cache API. Without one (private windows, plain http) nothing is stored. Its
 * errors, such as a full disk, never fail a load.
 */
export class ArtifactCache {
  private readonly folder: string;
  private readonly cache: Cache | null;

  private constructor(folder: string, cache: Cache | null) {
    this.folder = folder;
    this.cache = cache;
  }

  /** @param folder path of the domain's files on the server */
  static async open(folder: string): Promise<ArtifactCache> {
    try {
      return new ArtifactCache(folder, await caches.open(CACHE));
    } catch {
      return new ArtifactCache(folder, null);
    }
  }

  /** The copy of a file, not verified; undefined where there is none or it cannot be read. */
  async read(file: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    try {
      const response = await this.cache?.match(`${this.folder}/${file}`);
      return response && new Uint8Array(await response.arrayBuffer());
    } catch {
      return undefined;
    }
  }

  async write(file: string, body: string | Uint8Array<ArrayBuffer>): Promise<void> {
    await this.cache?.put(`${this.folder}/${file}`, new Response(body)).catch(() => {});
  }

  /** Whether there is a copy of every file of a manifest. */
  async hasAll({ artifacts }: Manifest): Promise<boolean> {
    try {
      const stored = new Set((await this.cache!.keys()).map(({ url }) => new URL(url).pathname));
      return artifacts.every(({ file }) => stored.has(`${this.folder}/${file}`));
    } catch {
      return false;
    }
  }

  /** Makes a manifest the one that the next visit starts from, and deletes the files of earlier builds. */
  async commit(text: string, { artifacts }: Manifest): Promise<void> {
    await this.write('manifest.json', text);
    const current = new Set(
      ['manifest.json', ...artifacts.map(({ file }) => file)].map((file) => `${this.folder}/${file}`),
    );
    try {
      for (const { url } of (await this.cache?.keys()) ?? []) {
        const { pathname } = new URL(url);
        if (pathname.startsWith(`${this.folder}/`) && !current.has(pathname)) await this.cache?.delete(url);
      }
    } catch {
      // Files that could not be deleted only take up space.
    }
  }
}
