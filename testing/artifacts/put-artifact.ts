import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ArtifactName, Manifest } from '../../lib/contracts/manifest';

/** Adds or replaces one artifact of a domain's folder, and updates the manifest. */
export async function replaceArtifact(folder: string, name: ArtifactName, raw: Uint8Array): Promise<Manifest> {
  const packed = gzipSync(raw);
  const sha256 = createHash('sha256').update(packed).digest('hex');
  const file = `${name}.${sha256.slice(0, 8)}.bin`;
  await writeFile(join(folder, file), packed);
  const path = join(folder, 'manifest.json');
  const manifest: Manifest = JSON.parse(await readFile(path, 'utf8'));
  const others = manifest.artifacts.filter((other) => other.name !== name);
  const entry = { name, file, bytes: packed.length, rawBytes: raw.length, sha256 };
  const next = { ...manifest, artifacts: [...others, entry] };
  await writeFile(path, JSON.stringify(next));
  return next;
}
