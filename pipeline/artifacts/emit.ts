import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readArtifactIndex } from '../../lib/artifacts/node';
import { InkpickError } from '../../lib/contracts/errors';
import type { ArtifactEntry, ArtifactName, Manifest } from '../../lib/contracts/manifest';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * Writes the artifacts of a domain, gzipped and named by their hash, and their manifest. The manifest is replaced after
 * all files are written, so that a reader never finds a manifest with a missing file. Then the files of earlier builds
 * are removed.
 *
 * @returns the manifest as written
 */
export async function emitArtifacts(
  out: string,
  manifest: Manifest,
  files: ReadonlyMap<ArtifactName, Uint8Array>,
): Promise<Manifest> {
  await mkdir(out, { recursive: true });
  const artifacts: ArtifactEntry[] = [];
  for (const [name, raw] of files) {
    const packed = gzipSync(raw, { level: 9 });
    const hash = sha256(packed);
    const file = `${name}.${hash.slice(0, 8)}.bin`;
    await writeFile(join(out, file), packed);
    artifacts.push({ name, file, bytes: packed.length, rawBytes: raw.length, sha256: hash });
  }
  const written = { ...manifest, artifacts };
  await writeAtomically(join(out, 'manifest.json'), `${JSON.stringify(written)}\n`);
  const current = new Set(artifacts.map(({ file }) => file));
  for (const file of await readdir(out))
    if (/\.[0-9a-f]{8}\.bin$/.test(file) && !current.has(file)) await rm(join(out, file));
  if (basename(out) === manifest.domain.id) await listDomain(out);
  return written;
}

/** Appends the domain to the `index.json` of the parent folder, unless it is already listed. */
async function listDomain(out: string): Promise<void> {
  const root = dirname(out);
  const known = await readArtifactIndex(root).catch((error): string[] => {
    if (error instanceof InkpickError && error.code === 'ARTIFACT_MISSING') return [];
    throw error;
  });
  const id = basename(out);
  if (!known.includes(id))
    await writeAtomically(join(root, 'index.json'), `${JSON.stringify({ domains: [...known, id] })}\n`);
}

async function writeAtomically(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}
