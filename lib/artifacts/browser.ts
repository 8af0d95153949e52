import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import type { LoadProgress } from '../contracts/engine';
import { InkpickError } from '../contracts/errors';
import { type ArtifactEntry, type ArtifactName, isHeadArtifact, type Manifest } from '../contracts/manifest';
import { parseManifest } from './decode';

/** Where the artifacts are served from; a worker's own address is that of its script, so paths start at the root. */
const ROOT = '/artifacts';
const CACHE = 'inkpick-artifacts';
/** How often a file is asked for before the load fails; each pause is twice the one before. */
const ATTEMPTS = 3;
const FIRST_PAUSE_MS = 300;
/** With a copy at hand, a network that does not answer is waited for no longer than this. */
const PATIENCE_MS = 4000;
/** Bytes arrive in hundreds of pieces; nobody reads numbers that change faster. */
const PROGRESS_INTERVAL_MS = 100;

export interface LoadedArtifacts {
  manifest: Manifest;
  /** Start of the manifest's SHA-256. */
  version: string;
  /** The head artifacts, inflated. */
  files: Map<ArtifactName, Uint8Array>;
  /** What to tell from here on: the counts of bytes are final. */
  progress: LoadProgress;
  /** Fetches one of the other artifacts, at low priority; undefined where the domain has none of the name. Throws as the load does. */
  fetchLater(name: ArtifactName): Promise<Uint8Array | undefined>;
  /**
   * Looks for a newer build where this one came from the cache unasked, and brings all of it into the cache, for the next
   * visit. Until it is whole, the cache keeps the files of this one.
   */
  refresh(): Promise<void>;
}

/** A manifest as it was served. */
interface ServedManifest {
  text: string;
  manifest: Manifest;
}

/**
 * Fetches what the first answer of a domain needs. Where the cache holds a whole build, nothing is asked of the network.
 * Else the manifest comes from the network, or from the cache where that cannot be reached; then every head artifact from
 * the cache or the network, checked against the manifest's SHA-256 before anything reads it.
 * Throws an `InkpickError`: `ARTIFACT_UNREACHABLE`, `_MISSING`, `_TRUNCATED`, `_ALTERED`, `_EMPTY`, …, or `ABORTED`.
 */
export async function loadArtifacts(
  domain: string,
  signal: AbortSignal,
  onProgress: (progress: LoadProgress) => void,
): Promise<LoadedArtifacts> {
  const store = new Store(await openCache(), `${ROOT}/${domain}`);
  const tell = progressTeller(onProgress);
  tell({ stage: 'manifest' });
  const url = `${store.folder}/manifest.json`;
  const stored = await store.manifest();
  if (stored && (await store.holdsAll(stored.manifest))) {
    try {
      return await loadHead(store, stored, true, signal, tell);
    } catch (error) {
      // A damaged copy, which the server may no longer have: then there is a newer build.
      if (signal.aborted) throw error;
    }
  }
  return loadHead(store, await fetchManifest(url, stored, signal), false, signal, tell);
}

async function loadHead(
  store: Store,
  { text, manifest }: ServedManifest,
  unasked: boolean,
  signal: AbortSignal,
  tell: ReturnType<typeof progressTeller>,
): Promise<LoadedArtifacts> {
  const head = manifest.artifacts.filter(({ name }) => isHeadArtifact(name));
  tell({ stage: 'download', loadedBytes: 0, totalBytes: byteSum(head), fromCache: true });
  const files = new Map<ArtifactName, Uint8Array>();
  await together(signal, head, async (entry, either) => {
    const packed = await store.fetchArtifact(entry, either, 'auto', (bytes, cached) => tell({}, bytes, cached));
    files.set(entry.name, await inflate(packed, entry));
  });
  // Only now: a manifest in the cache must find the files of a first answer there, also after a load that broke off.
  if (!unasked) {
    await store.put('manifest.json', text);
    await store.dropOthers(manifest);
  }
  return {
    manifest,
    version: (await digest(new TextEncoder().encode(text))).slice(0, 16),
    files,
    progress: tell({}),
    async fetchLater(name) {
      const entry = manifest.artifacts.find((other) => other.name === name);
      return entry && inflate(await store.fetchArtifact(entry, signal, 'low', () => {}), entry);
    },
    refresh: async () => {
      if (unasked) await refresh(store, text, signal);
    },
  };
}

/** See {@link LoadedArtifacts.refresh}. */
async function refresh(store: Store, current: string, signal: AbortSignal): Promise<void> {
  const url = `${store.folder}/manifest.json`;
  const { text, manifest } = await fetchManifest(url, null, signal);
  if (text === current) return;
  for (const entry of manifest.artifacts) await store.fetchArtifact(entry, signal, 'low', () => {});
  await store.put('manifest.json', text);
  await store.dropOthers(manifest);
}

const byteSum = (entries: readonly ArtifactEntry[]): number => entries.reduce((sum, { bytes }) => sum + bytes, 0);

/** Tells of changes to the progress: of stages at once, of bytes now and then. */
function progressTeller(onProgress: (progress: LoadProgress) => void) {
  const progress: LoadProgress = { stage: 'manifest', loadedBytes: 0, totalBytes: 0, fromCache: true };
  let told = Number.NEGATIVE_INFINITY;
  return (change: Partial<LoadProgress>, bytes = 0, cached = true): LoadProgress => {
    Object.assign(progress, change);
    progress.loadedBytes += bytes;
    if (!cached) progress.fromCache = false;
    const now = performance.now();
    const isNews = change.stage !== undefined || (bytes !== 0 && progress.loadedBytes === progress.totalBytes);
    if (isNews || (bytes !== 0 && now - told >= PROGRESS_INTERVAL_MS)) {
      told = now;
      onProgress({ ...progress });
    }
    return { ...progress };
  };
}

/** Does the same for all entries at once. One that fails makes the others useless: they stop too. */
async function together(
  signal: AbortSignal,
  entries: readonly ArtifactEntry[],
  action: (entry: ArtifactEntry, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const whole = new AbortController();
  const either = AbortSignal.any([signal, whole.signal]);
  try {
    await Promise.all(entries.map((entry) => action(entry, either)));
  } catch (error) {
    whole.abort();
    throw error;
  }
}

/** Null where there is no Cache API (private windows, plain http): then everything is fetched each time. */
async function openCache(): Promise<Cache | null> {
  try {
    return await caches.open(CACHE);
  } catch {
    return null;
  }
}

/** A domain's folder on the server, and the copies of its files on this device. */
class Store {
  readonly folder: string;
  private readonly cache: Cache | null;

  constructor(cache: Cache | null, folder: string) {
    this.cache = cache;
    this.folder = folder;
  }

  /** The manifest in the cache, if there is one of this format. */
  async manifest(): Promise<ServedManifest | null> {
    const bytes = await this.read('manifest.json');
    if (!bytes) return null;
    const text = new TextDecoder().decode(bytes);
    try {
      return { text, manifest: parseManifest(text, `${this.folder}/manifest.json`) };
    } catch {
      return null;
    }
  }

  /** Whether the cache has every file that a manifest names. */
  async holdsAll({ artifacts }: Manifest): Promise<boolean> {
    try {
      const kept = new Set((await this.cache!.keys()).map(({ url }) => new URL(url).pathname));
      return artifacts.every(({ file }) => kept.has(`${this.folder}/${file}`));
    } catch {
      return false;
    }
  }

  /** What the cache holds under a name; undefined where it holds nothing, or cannot be read. */
  private async read(file: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    try {
      const response = await this.cache?.match(`${this.folder}/${file}`);
      return response && new Uint8Array(await response.arrayBuffer());
    } catch {
      return undefined;
    }
  }

  /** Keeps a copy for the next visit; a full disk is no reason to fail this one. */
  async put(file: string, body: string | Uint8Array<ArrayBuffer>): Promise<void> {
    await this.cache?.put(`${this.folder}/${file}`, new Response(body)).catch(() => {});
  }

  /** Forgets the files of earlier builds. What cannot be tidied up costs room, nothing else. */
  async dropOthers({ artifacts }: Manifest): Promise<void> {
    const current = new Set(
      ['manifest.json', ...artifacts.map(({ file }) => file)].map((file) => `${this.folder}/${file}`),
    );
    try {
      for (const { url } of (await this.cache?.keys()) ?? []) {
        const { pathname } = new URL(url);
        if (pathname.startsWith(`${this.folder}/`) && !current.has(pathname)) await this.cache?.delete(url);
      }
    } catch {}
  }

  /** One file as shipped, verified: from the cache, else from the network and into the cache. */
  async fetchArtifact(
    entry: ArtifactEntry,
    signal: AbortSignal,
    priority: RequestPriority,
    onBytes: (bytes: number, cached: boolean) => void,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const stored = await this.read(entry.file);
    if (stored && (await digest(stored)) === entry.sha256) {
      onBytes(stored.length, true);
      return stored;
    }
    const download = new Download(`${this.folder}/${entry.file}`, entry, priority, (bytes) => onBytes(bytes, false));
    const packed = await persistently(ATTEMPTS, signal, (mode) => download.attempt(signal, mode));
    await this.put(entry.file, packed);
    return packed;
  }
}

async function fetchManifest(url: string, stored: ServedManifest | null, signal: AbortSignal): Promise<ServedManifest> {
  try {
    const patience = stored ? AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]) : signal;
    const text = await persistently(stored ? 1 : ATTEMPTS, signal, async () => {
      const response = await request(url, { signal: patience, cache: 'no-cache' }).catch(broken(url, signal));
      return response.text().catch(broken(url, signal));
    });
    return { text, manifest: parseManifest(text, url) };
  } catch (error) {
    // No network, or one that answers with a page of its own where everything was kept: the copy will do.
    if (!stored || signal.aborted) throw error;
    return stored;
  }
}

/**
 * Tries again what may pass: a broken connection, or bytes that are not those of the manifest. Browsers keep hashed files
 * for a year, broken ones too, so that only the first attempt may be answered from their cache.
 */
async function persistently<T>(
  attempts: number,
  signal: AbortSignal,
  action: (cache: RequestCache) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await action(attempt === 1 ? 'default' : 'reload');
    } catch (error) {
      const isFinal = error instanceof InkpickError && (error.code === 'ARTIFACT_MISSING' || error.code === 'ABORTED');
      if (isFinal || attempt >= attempts || signal.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MS * 2 ** (attempt - 1)));
    }
  }
}

/** A file on its way. What has arrived when the connection breaks is kept, and the next attempt asks for the rest alone. */
class Download {
  private readonly url: string;
  private readonly entry: ArtifactEntry;
  private readonly priority: RequestPriority;
  private readonly onBytes: (bytes: number) => void;
  private readonly packed: Uint8Array<ArrayBuffer>;
  private length = 0;

  /** @param onBytes hears how many more have arrived, or, below 0, how many were thrown away */
  constructor(url: string, entry: ArtifactEntry, priority: RequestPriority, onBytes: (bytes: number) => void) {
    this.url = url;
    this.entry = entry;
    this.priority = priority;
    this.onBytes = onBytes;
    this.packed = new Uint8Array(entry.bytes);
  }

  async attempt(signal: AbortSignal, cache: RequestCache): Promise<Uint8Array<ArrayBuffer>> {
    const { url, entry, packed } = this;
    const response = await this.requestRest(signal, cache);
    const reader = response.body!.getReader();
    while (true) {
      const { done, value } = await reader.read().catch((cause) => {
        // A connection may fail after the last byte. The hash decides whether the file is right.
        if (this.length === packed.length && !signal.aborted) return { done: true as const, value: undefined };
        return broken(url, signal)(cause);
      });
      if (done) break;
      if (this.length + value.length > packed.length) {
        await reader.cancel();
        throw this.refuse(altered(url, `it is longer than the ${entry.bytes} bytes of its manifest`));
      }
      packed.set(value, this.length);
      this.length += value.length;
      this.onBytes(value.length);
    }
    if (this.length === 0) throw new InkpickError('ARTIFACT_EMPTY', `${url} is empty (0 bytes)`);
    if (this.length < entry.bytes)
      throw new InkpickError('ARTIFACT_TRUNCATED', `${url} is cut short: ${this.length} of ${entry.bytes} bytes`);
    if ((await digest(packed)) !== entry.sha256)
      throw this.refuse(altered(url, 'its SHA-256 differs from its manifest'));
    return packed;
  }

  /** Requests the bytes that are missing, or the whole file where the server does not send exactly those. */
  private async requestRest(signal: AbortSignal, cache: RequestCache): Promise<Response> {
    const { url, priority, length } = this;
    if (length === 0) return request(url, { signal, cache, priority });
    const response = await request(url, { signal, cache, priority, headers: { Range: `bytes=${length}-` } }, [416]);
    if (response.status === 206 && response.headers.get('Content-Range')?.startsWith(`bytes ${length}-`))
      return response;
    this.startOver();
    // 200 is the whole file. Another range is not trusted, and 416 says that the server's file is shorter than expected.
    if (response.status === 200) return response;
    await response.body?.cancel();
    return request(url, { signal, cache: 'reload', priority });
  }

  private refuse(error: InkpickError): InkpickError {
    this.startOver();
    return error;
  }

  private startOver(): void {
    if (this.length > 0) this.onBytes(-this.length);
    this.length = 0;
  }
}

async function request(
  url: string,
  init: RequestInit & { signal: AbortSignal },
  accepted: readonly number[] = [],
): Promise<Response> {
  const { signal } = init;
  const response = await fetch(url, init).catch(broken(url, signal));
  if (response.status === 404) throw new InkpickError('ARTIFACT_MISSING', `${url} is missing on the server`);
  if (!response.ok && !accepted.includes(response.status)) throw unreachable(url, new Error(`HTTP ${response.status}`));
  return response;
}

const aborted = (cause: unknown) => new InkpickError('ABORTED', 'the load was called off', { cause });
const unreachable = (url: string, cause: unknown) =>
  new InkpickError('ARTIFACT_UNREACHABLE', `${url} could not be fetched: ${(cause as Error).message}`, { cause });
/** Handles the rejection of anything that reads from the network. */
const broken =
  (url: string, signal: AbortSignal) =>
  (cause: unknown): never => {
    if (cause instanceof InkpickError && !signal.aborted) throw cause;
    throw signal.aborted ? aborted(cause) : unreachable(url, cause);
  };
const altered = (url: string, how: string) =>
  new InkpickError('ARTIFACT_ALTERED', `${url} was altered on its way: ${how}`);

async function inflate(packed: Uint8Array<ArrayBuffer>, entry: ArtifactEntry): Promise<Uint8Array> {
  const stream = new Response(packed).body!.pipeThrough(new DecompressionStream('gzip'));
  const inflated = new Response(stream).arrayBuffer().catch((cause) => {
    throw new InkpickError('ARTIFACT_MALFORMED', `${entry.file} is not gzip`, { cause });
  });
  const raw = new Uint8Array(await inflated);
  if (raw.length !== entry.rawBytes) {
    throw new InkpickError(
      'ARTIFACT_MALFORMED',
      `${entry.file} inflates to ${raw.length} bytes, not to the ${entry.rawBytes} of its manifest`,
    );
  }
  return raw;
}

/** SHA-256 in lower-case hexadecimal digits. Browsers have their own on https and localhost only. */
async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = crypto.subtle ? new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)) : sha256(bytes);
  return bytesToHex(hash);
}
