import { makeEngine } from '../../lib/artifacts/decode';
import { readArtifact, readManifest } from '../../lib/artifacts/node';
import type { ArtifactName, Manifest } from '../../lib/contracts/manifest';
import { assembleIndexFile, augment, readHnsw } from '../../lib/format/hnsw';

/**
 * Reads every artifact of a domain as a browser does, including the HNSW graph and the user tower.
 *
 * @throws InkpickError of the first artifact that is missing, truncated, altered, of another type or of a newer format
 */
export async function verify(folder: string): Promise<Manifest> {
  const { manifest, version } = await readManifest(folder);
  const files = new Map<ArtifactName, Uint8Array>();
  for (const entry of manifest.artifacts) files.set(entry.name, await readArtifact(folder, entry));
  const engine = makeEngine(manifest, version, files, () => 0);
  const packed = files.get('hnsw');
  if (packed) {
    const graph = readHnsw(packed, `${manifest.domain.id}/hnsw`);
    assembleIndexFile(graph, augment(engine.itemFactors(), graph.dims).vectors);
  }
  return manifest;
}
