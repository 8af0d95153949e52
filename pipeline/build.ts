import { resolve } from 'node:path';
import type { ArtifactName, Manifest } from '../lib/contracts/manifest';
import { GATE_INPUTS, GATE_OUTPUTS } from '../lib/engine/ranking/gate';
import { splitCatalog, writeCatalog } from '../lib/format/catalog';
import { splitContent, writeContent } from '../lib/format/content';
import { writeHnsw } from '../lib/format/hnsw';
import { writeItemTower } from '../lib/format/item-tower';
import { dequantiseRows, writeLatent } from '../lib/format/latent';
import { writeNeighbours } from '../lib/format/neighbours';
import { writeMlp } from '../lib/format/onnx';
import { buildHnswGraph } from './artifacts/build-hnsw';
import { emitArtifacts } from './artifacts/emit';
import { readDomainFolder } from './domain-folder/read';
import type { TrainingOptions } from './train/options';
import { trainRelease } from './train/train-engine';

const GATE_DOC = `Gives each signal its weight. Inputs: ${GATE_INPUTS.join('; ')}. Outputs: ${GATE_OUTPUTS.join(', ')}.`;
const TOWER_DOC =
  'Finds the factors of a user. Inputs: pooled factors of the likes, of the likes by recency, of the dislikes, of the stated interests; log(1 + likes) / 4, log(1 + dislikes) / 4, interests stated (0 or 1).';

export interface BuildResult {
  manifest: Manifest;
  /** Problems of the domain folder, one sentence per reason. */
  problems: string[];
}

/**
 * Builds the artifacts of a domain folder. The same folder and seed give the same bytes with any number of threads.
 *
 * @param out the folder to write. If its name is the id of the domain, the domain is listed in the `index.json` beside
 *   it
 */
export async function build(folder: string, out: string, options: TrainingOptions): Promise<BuildResult> {
  const { progress } = options;
  progress.start(`Reading ${folder}`);
  const source = await readDomainFolder(folder);
  progress.stop();
  const parts = await trainRelease(source, options);
  const { dims, quantised, scales } = parts.latent;
  const graph = await buildHnswGraph(dequantiseRows(quantised, scales, dims), dims, options.seed, progress);
  progress.start('Writing');
  const { items, headItems } = parts.manifest.counts;
  const catalog = splitCatalog(parts.catalog, headItems);
  const content = splitContent(parts.content, headItems);
  const files = new Map<ArtifactName, Uint8Array>([
    ['catalog', writeCatalog(catalog.head)],
    ['content', writeContent(content.head, catalog.head)],
    ['latent', writeLatent(parts.latent)],
    ['neighbours', writeNeighbours(parts.neighbours)],
    ['related', writeNeighbours(parts.related)],
    ['gate', writeMlp(parts.gate, { name: 'gate', doc: GATE_DOC })],
  ]);
  if (parts.tower) files.set('tower', writeMlp(parts.tower, { name: 'tower', doc: TOWER_DOC, rounded: true }));
  if (headItems < items) {
    files.set('catalogtail', writeCatalog(catalog.tail, catalog.head));
    files.set(
      'contenttail',
      writeContent(content.tail, catalog.tail, { catalog: catalog.head, content: content.head }),
    );
    files.set('itemtower', writeItemTower(parts.itemTower!));
  }
  // If the server retrieves the candidates, browsers do not need a graph.
  if (parts.manifest.domain.index !== 'server') files.set('hnsw', writeHnsw(graph));
  const manifest = await emitArtifacts(resolve(out), parts.manifest, files);
  progress.stop();
  return { manifest, problems: source.problems.sentences() };
}
