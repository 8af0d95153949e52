import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import type { LoadProgress } from '../contracts/engine';
import { InkpickError } from '../contracts/errors';
import type { ArtifactEntry, ArtifactName, Manifest } from '../contracts/manifest';
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
  /** Inflated. */
  files: Map<ArtifactName, Uint8Array>;
  /** What to tell from here on: the counts of bytes are final. */
  progress: LoadProgress;
}

/**
 * Fetches what a domain needs: the manifest from the network, or from the cache where that cannot be reached; then
 * every artifact from the cache or the network, checked against the manifest's SHA-256 before anything reads it.
 * Throws an `InkpickError`: `ARTIFACT_UNREACHABLE`, `_MISSING`, `_TRUNCATED`, `_ALTERED`, `_EMPTY`, …, or `ABORTED`.
 */
export async function loadArtifacts(
  domain: string,
  signal: AbortSignal,
  onProgress: (progress: LoadProgress) => void,
): Promise<LoadedArtifacts> {
  const cache = await openCache();
  const progress: LoadProgress = { stage: 'manifest', loadedBytes: 0, totalBytes: 0, fromCache: true };
  let told = Number.NEGATIVE_INFINITY;
  const tell = (stage: LoadProgress['stage']) => {
    const now = performance.now();
    const isWorthIt = stage !== progress.stage || progress.loadedBytes === progress.totalBytes;
    if (!isWorthIt && now - told < PROGRESS_INTERVAL_MS) return;
    told = now;
    progress.stage = stage;
    onProgress({ ...progress });
  };
  tell('manifest');
  const folder = `${ROOT}/${domain}`;
  const { text, manifest } = await fetchManifest(`${folder}/manifest.json`, cache, signal);
  progress.totalBytes = manifest.artifacts.reduce((sum, { bytes }) => sum + bytes, 0);
  tell('download');
  const files = new Map<ArtifactName, Uint8Array>();
  // One file that fails makes the others useless: they stop too.
  const whole = new AbortController();
  const either = AbortSignal.any([signal, whole.signal]);
  await Promise.all(
    manifest.artifacts.map(async (entry) => {
      const onBytes = (bytes: number, cached: boolean) => {
        progress.loadedBytes += bytes;
        if (!cached) progress.fromCache = false;
        tell('download');
      };
      const packed = await fetchArtifact(`${folder}/${entry.file}`, entry, cache, either, onBytes);
      files.set(entry.name, await inflate(packed, entry));
    }),
  ).catch((error) => {
    whole.abort();
    throw error;
  });
  // Only now: a manifest in the cache must find its files there, also after a load that broke off.
  await store(cache, `${folder}/manifest.json`, text);
  // What cannot be tidied up costs room, nothing else.
  await dropOldFiles(cache, folder, manifest).catch(() => {});
  return { manifest, version: (await digest(new TextEncoder().encode(text))).slice(0, 16), files, progress };
}

/** Null where there is no Cache API (private windows, plain http): then everything is fetched each time. */
async function openCache(): Promise<Cache | null> {
  try {
    return await caches.open(CACHE);
  } catch {
    return null;
  }
}

async function fetchManifest(
  url: string,
  cache: Cache | null,
  signal: AbortSignal,
): Promise<{ text: string; manifest: Manifest }> {
  const stored = await cache?.match(url).catch(() => undefined);
  try {
    const patience = stored ? AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]) : signal;
    const text = await persistently(stored ? 1 : ATTEMPTS, signal, async () => {
      const response = await request(url, patience, 'no-cache').catch(broken(url, signal));
      return response.text().catch(broken(url, signal));
    });
    return { text, manifest: parseManifest(text, url) };
  } catch (error) {
    // No network, or one that answers with a page of its own where everything was kept: the copy will do.
    if (!stored || signal.aborted) throw error;
    const text = await stored.text();
    return { text, manifest: parseManifest(text, url) };
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

async function fetchArtifact(
  url: string,
  entry: ArtifactEntry,
  cache: Cache | null,
  signal: AbortSignal,
  onBytes: (bytes: number, cached: boolean) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const stored = await readCached(cache, url);
  if (stored && (await digest(stored)) === entry.sha256) {
    onBytes(stored.length, true);
    return stored;
  }
  return persistently(ATTEMPTS, signal, async (mode) => {
    let received = 0;
    try {
      const packed = await download(url, entry, signal, mode, (bytes) => {
        received += bytes;
        onBytes(bytes, false);
      });
      await store(cache, url, packed);
      return packed;
    } catch (error) {
      onBytes(-received, false);
      throw error;
    }
  });
}

/** What the cache holds under an address; undefined where it holds nothing, or cannot be read. */
async function readCached(cache: Cache | null, url: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const response = await cache?.match(url);
    return response && new Uint8Array(await response.arrayBuffer());
  } catch {
    return undefined;
  }
}

async function download(
  url: string,
  entry: ArtifactEntry,
  signal: AbortSignal,
  mode: RequestCache,
  onBytes: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const response = await request(url, signal, mode);
  const packed = new Uint8Array(entry.bytes);
  let length = 0;
  const reader = response.body!.getReader();
  while (true) {
    const { done, value } = await reader.read().catch(broken(url, signal));
    if (done) break;
    if (length + value.length > packed.length) {
      await reader.cancel();
      throw altered(url, `it is longer than the ${entry.bytes} bytes of its manifest`);
    }
    packed.set(value, length);
    length += value.length;
    onBytes(value.length);
  }
  if (length === 0) throw new InkpickError('ARTIFACT_EMPTY', `${url} is empty (0 bytes)`);
  if (length < entry.bytes)
    throw new InkpickError('ARTIFACT_TRUNCATED', `${url} is cut short: ${length} of ${entry.bytes} bytes`);
  if ((await digest(packed)) !== entry.sha256) throw altered(url, 'its SHA-256 differs from its manifest');
  return packed;
}

async function request(url: string, signal: AbortSignal, cache: RequestCache): Promise<Response> {
  const response = await fetch(url, { signal, cache }).catch(broken(url, signal));
  if (response.status === 404) throw new InkpickError('ARTIFACT_MISSING', `${url} is missing on the server`);
  if (!response.ok) throw unreachable(url, new Error(`HTTP ${response.status}`));
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

/** Keeps a copy for the next visit; a full disk is no reason to fail this one. */
async function store(cache: Cache | null, url: string, body: string | Uint8Array<ArrayBuffer>): Promise<void> {
  await cache?.put(url, new Response(body)).catch(() => {});
}

/** Forgets the files of earlier builds. */
async function dropOldFiles(cache: Cache | null, folder: string, manifest: Manifest): Promise<void> {
  if (!cache) return;
  const current = new Set(
    ['manifest.json', ...manifest.artifacts.map(({ file }) => file)].map((file) => `${folder}/${file}`),
  );
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    if (pathname.startsWith(`${folder}/`) && !current.has(pathname)) await cache.delete(url);
  }
}

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
