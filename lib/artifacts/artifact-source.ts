import type { ArtifactEntry, Manifest } from '../contracts/manifest';
import { ArtifactCache } from './artifact-cache';
import { parseManifest } from './decode';
import { Download } from './download';
import { sha256Hex } from './integrity';
import { request, throwNetworkError, withRetries } from './request';

/** Path of the artifacts. It is absolute, since relative paths in a worker start at its script. */
const ROOT = '/artifacts';
/** How often a file is requested before the load fails. */
const MAX_ATTEMPTS = 3;
/** How long to wait for the server's manifest where there is one in the cache. */
const CACHED_MANIFEST_TIMEOUT_MS = 4000;

/** A manifest, and the text that it was parsed from, whose hash is the version. */
export interface ManifestFile {
  text: string;
  manifest: Manifest;
}

/** The files of one domain, verified: from the cache, or from the server and into the cache. */
export class ArtifactSource {
  readonly cache: ArtifactCache;
  private readonly folder: string;

  private constructor(folder: string, cache: ArtifactCache) {
    this.folder = folder;
    this.cache = cache;
  }

  static async open(domain: string): Promise<ArtifactSource> {
    const folder = `${ROOT}/${domain}`;
    return new ArtifactSource(folder, await ArtifactCache.open(folder));
  }

  private get manifestUrl(): string {
    return `${this.folder}/manifest.json`;
  }

  /** The manifest in the cache; null where there is none of this format version. */
  async cachedManifest(): Promise<ManifestFile | null> {
    const bytes = await this.cache.read('manifest.json');
    if (!bytes) return null;
    const text = new TextDecoder().decode(bytes);
    try {
      return { text, manifest: parseManifest(text, this.manifestUrl) };
    } catch {
      return null;
    }
  }

  /** @param cached used where the server cannot be reached in time, or the network answers with a page of its own */
  async fetchManifest(cached: ManifestFile | null, signal: AbortSignal): Promise<ManifestFile> {
    const url = this.manifestUrl;
    try {
      const requestSignal = cached
        ? AbortSignal.any([signal, AbortSignal.timeout(CACHED_MANIFEST_TIMEOUT_MS)])
        : signal;
      const text = await withRetries(cached ? 1 : MAX_ATTEMPTS, signal, async () => {
        const response = await request(url, { signal: requestSignal, cache: 'no-cache' });
        return response.text().catch((cause) => throwNetworkError(url, cause, signal));
      });
      return { text, manifest: parseManifest(text, url) };
    } catch (error) {
      if (!cached || signal.aborted) throw error;
      return cached;
    }
  }

  /**
   * @param onBytes receives how many more bytes have arrived; below 0, how many were discarded
   * @returns the gzip file of an artifact
   */
  async fetchArtifact(
    entry: ArtifactEntry,
    signal: AbortSignal,
    priority: RequestPriority,
    onBytes: (bytes: number, isCached: boolean) => void = () => {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    const cached = await this.cache.read(entry.file);
    if (cached && (await sha256Hex(cached)) === entry.sha256) {
      onBytes(cached.length, true);
      return cached;
    }
    const download = new Download(`${this.folder}/${entry.file}`, entry, priority, (bytes) => onBytes(bytes, false));
    const packed = await withRetries(MAX_ATTEMPTS, signal, (mode) => download.attempt(signal, mode));
    await this.cache.write(entry.file, packed);
    return packed;
  }
}
