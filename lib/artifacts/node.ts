import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { InkpickError } from '../contracts/errors';
import { type ArtifactEntry, type ArtifactName, artifactIndexSchema, type Manifest } from '../contracts/manifest';
import type { Engine } from '../engine/engine';
import { makeEngine, parseManifest } from './decode';

/** The domain ids of an artifacts folder, in the order of the page. */
export async function readArtifactIndex(root: string): Promise<string[]> {
  const path = join(root, 'index.json');
  const text = await readText(path);
  try {
    return artifactIndexSchema.parse(JSON.parse(text)).domains;
  } catch (cause) {
    throw new InkpickError('ARTIFACT_MALFORMED', `${path} must be JSON like {"domains": ["cinema"]}`, { cause });
  }
}

/** The manifest of one domain, and its version, which is the start of the manifest's SHA-256. */
export async function readManifest(folder: string): Promise<{ manifest: Manifest; version: string }> {
  const path = join(folder, 'manifest.json');
  const text = await readText(path);
  return { manifest: parseManifest(text, path), version: createHash('sha256').update(text).digest('hex').slice(0, 16) };
}

/**
 * Reads one artifact, verifies it against the manifest and inflates it.
 *
 * @throws an `InkpickError` with an `ARTIFACT_…` code
 */
export async function readArtifact(folder: string, entry: ArtifactEntry): Promise<Uint8Array> {
  const path = join(folder, entry.file);
  const packed = await readFile(path).catch((cause) => {
    throw new InkpickError('ARTIFACT_MISSING', `${path} is missing`, { cause });
  });
  if (packed.length === 0) throw new InkpickError('ARTIFACT_EMPTY', `${path} is empty (0 bytes)`);
  if (packed.length < entry.bytes)
    throw new InkpickError('ARTIFACT_TRUNCATED', `${path} is cut short: ${packed.length} of ${entry.bytes} bytes`);
  if (createHash('sha256').update(packed).digest('hex') !== entry.sha256) {
    throw new InkpickError('ARTIFACT_ALTERED', `${path} was altered: its SHA-256 differs from its manifest`);
  }
  let raw: Uint8Array;
  try {
    raw = gunzipSync(packed);
  } catch (cause) {
    throw new InkpickError('ARTIFACT_MALFORMED', `${path} is not gzip`, { cause });
  }
  if (raw.length !== entry.rawBytes) {
    throw new InkpickError(
      'ARTIFACT_MALFORMED',
      `${path} inflates to ${raw.length} bytes, not to the ${entry.rawBytes} of its manifest`,
    );
  }
  return raw;
}

/**
 * Creates the engine of one domain from its artifacts folder.
 *
 * @throws an `InkpickError` with an `ARTIFACT_…` code
 */
export async function loadEngineFromFolder(folder: string): Promise<Engine> {
  const { manifest, version } = await readManifest(folder);
  // Only browsers use the HNSW graph.
  const entries = manifest.artifacts.filter(({ name }) => name !== 'hnsw');
  const files = new Map<ArtifactName, Uint8Array>();
  for (const entry of entries) files.set(entry.name, await readArtifact(folder, entry));
  return makeEngine(manifest, version, files, () => performance.now());
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause) => {
    throw new InkpickError('ARTIFACT_MISSING', `${path} is missing`, { cause });
  });
}
