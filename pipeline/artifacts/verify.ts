import { makeEngine } from '../../lib/artifacts/decode';
import { readArtifact, readManifest } from '../../lib/artifacts/node';
import type { ArtifactName, Manifest } from '../../lib/contracts/manifest';
import { assembleIndexFile, augment, readHnsw } from '../../lib/format/hnsw';

/**
 * Reads every artifact of a domain as a browser would, the HNSW graph and the user tower included, and throws the `InkpickError` of the
 * first that is missing, cut short, altered, foreign or from the future.
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
