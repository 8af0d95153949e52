import { resolve } from 'node:path';
import type { ArtifactName, Manifest } from '../lib/contracts/manifest';
import { writeCatalog } from '../lib/format/catalog';
import { writeContent } from '../lib/format/content';
import { writeHnsw } from '../lib/format/hnsw';
import { dequantiseRows, writeLatent } from '../lib/format/latent';
import { writeSearch } from '../lib/format/search';
import { prepareDataset } from './dataset';
import { readDomainFolder } from './domain-folder/read';
import { emitArtifacts } from './emit';
import { buildHnswGraph } from './index/hnsw';
import { type TrainingOptions, trainModels } from './models';

export interface BuildResult {
  manifest: Manifest;
  /** Rows that were left out, one sentence a reason. */
  problems: string[];
}

/**
 * Builds the artifacts of a domain folder. The same folder and seed give the same bytes, whatever the number of threads.
 *
 * @param out where it is named after the domain, whose address that is, the domain is listed in the `index.json` beside it
 */
export async function build(folder: string, out: string, options: TrainingOptions): Promise<BuildResult> {
  const { progress } = options;
  progress.start(`Reading ${folder}`);
  const source = await readDomainFolder(folder);
  progress.stop();
  const parts = await trainModels(prepareDataset(source), options);
  const { dims, quantised, scales } = parts.latent;
  const graph = await buildHnswGraph(dequantiseRows(quantised, scales, dims), dims, options.seed, progress);
  progress.start('Writing');
  const files = new Map<ArtifactName, Uint8Array>([
    ['catalog', writeCatalog(parts.catalog)],
    ['content', writeContent(parts.content)],
    ['latent', writeLatent(parts.latent)],
    ['search', writeSearch(parts.search)],
    ['hnsw', writeHnsw(graph)],
  ]);
  const manifest = await emitArtifacts(resolve(out), parts.manifest, files);
  progress.stop();
  return { manifest, problems: source.problems.sentences() };
}
