import type { LoadProgress } from '../contracts/engine';
import { type ArtifactName, isHeadArtifact, type Manifest } from '../contracts/manifest';
import { ArtifactSource, type ManifestFile } from './artifact-source';
import { inflate, sha256Hex } from './integrity';
import { ProgressReporter } from './progress-reporter';

export interface LoadedArtifacts {
  manifest: Manifest;
  /** Start of the manifest's SHA-256. */
  version: string;
  /** The head artifacts, inflated. */
  files: Map<ArtifactName, Uint8Array>;
  /** The final counts of bytes, to report further stages with. */
  progress: LoadProgress;
  /**
   * Fetches one of the other artifacts at low priority and inflates it; undefined where the domain has none of that
   * name.
   *
   * @throws as {@link loadArtifacts} does
   */
  fetchLater(name: ArtifactName): Promise<Uint8Array | undefined>;
  /**
   * Where this build came from the cache without a request: fetches a newer build, if there is one, into the cache for
   * the next visit. The cache keeps this build's files until the newer build is complete.
   */
  refresh(): Promise<void>;
}

/**
 * Fetches what the first list of a domain needs. Where the cache has a complete build, no request is made. Otherwise
 * the manifest comes from the network, or from the cache where the server cannot be reached, and every head artifact
 * from the cache or the network. Each file is verified against the manifest's SHA-256 before it is decoded.
 *
 * @param signal aborts the load, and later fetches of {@link LoadedArtifacts}
 * @throws an `InkpickError`: `ARTIFACT_UNREACHABLE`, `_MISSING`, `_TRUNCATED`, `_ALTERED`, `_EMPTY`, …, or `ABORTED`
 */
export async function loadArtifacts(
  domain: string,
  signal: AbortSignal,
  onProgress: (progress: LoadProgress) => void,
): Promise<LoadedArtifacts> {
  const source = await ArtifactSource.open(domain);
  const reporter = new ProgressReporter(onProgress);
  reporter.startManifest();
  const cached = await source.cachedManifest();
  if (cached && (await source.cache.hasAll(cached.manifest))) {
    try {
      return await loadBuild(source, cached, true, signal, reporter);
    } catch (error) {
      // A file in the cache is damaged and the server does not have it any more: there must be a newer build.
      if (signal.aborted) throw error;
    }
  }
  return loadBuild(source, await source.fetchManifest(cached, signal), false, signal, reporter);
}

async function loadBuild(
  source: ArtifactSource,
  { text, manifest }: ManifestFile,
  isCached: boolean,
  signal: AbortSignal,
  reporter: ProgressReporter,
): Promise<LoadedArtifacts> {
  const files = await fetchHead(source, manifest, signal, reporter);
  // Not before the head is complete: a load that breaks off must leave the older build usable offline.
  if (!isCached) await source.cache.commit(text, manifest);
  return {
    manifest,
    version: (await sha256Hex(new TextEncoder().encode(text))).slice(0, 16),
    files,
    progress: reporter.current,
    async fetchLater(name) {
      const entry = manifest.artifacts.find((other) => other.name === name);
      return entry && inflate(await source.fetchArtifact(entry, signal, 'low'), entry);
    },
    async refresh() {
      if (isCached) await fetchNewerBuild(source, text, signal);
    },
  };
}

/** Fetches and inflates the head artifacts, all at once. When one fails, the requests for the others are aborted. */
async function fetchHead(
  source: ArtifactSource,
  { artifacts }: Manifest,
  signal: AbortSignal,
  reporter: ProgressReporter,
): Promise<LoadedArtifacts['files']> {
  const head = artifacts.filter(({ name }) => isHeadArtifact(name));
  reporter.startDownload(head.reduce((sum, { bytes }) => sum + bytes, 0));
  const failure = new AbortController();
  const eitherSignal = AbortSignal.any([signal, failure.signal]);
  const files: LoadedArtifacts['files'] = new Map();
  try {
    await Promise.all(
      head.map(async (entry) => {
        const packed = await source.fetchArtifact(entry, eitherSignal, 'auto', (bytes, isCached) =>
          reporter.addBytes(bytes, isCached),
        );
        files.set(entry.name, await inflate(packed, entry));
      }),
    );
  } catch (error) {
    failure.abort();
    throw error;
  }
  return files;
}

/** See {@link LoadedArtifacts.refresh}. */
async function fetchNewerBuild(source: ArtifactSource, currentText: string, signal: AbortSignal): Promise<void> {
  const { text, manifest } = await source.fetchManifest(null, signal);
  if (text === currentText) return;
  for (const entry of manifest.artifacts) await source.fetchArtifact(entry, signal, 'low');
  await source.cache.commit(text, manifest);
}
