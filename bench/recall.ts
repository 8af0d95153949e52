import 'fake-indexeddb/auto';
import { join } from 'node:path';
import { readArtifact, readManifest } from '../lib/artifacts/node';
import type { ArtifactName } from '../lib/contracts/manifest';
import { gram } from '../lib/engine/linear-algebra';
import { mulberry32 } from '../lib/engine/random';
import { foldIn } from '../lib/engine/recommenders/fold-in';
import { ExactIndex } from '../lib/engine/vector-index/exact';
import { readHnsw } from '../lib/format/hnsw';
import { dequantiseRows, readLatent } from '../lib/format/latent';
import { HnswIndex } from '../lib/worker/hnsw-index';
import { formatLines, summarise } from './stats';

const USERS = 200;
const LONGEST_HISTORY = 30;

/** Recall and time of the shipped HNSW graph against the exact scan, for made-up users folded in from 1 to 30 items. */
export async function benchRecall(artifacts: string, domain: string): Promise<string> {
  // hnswlib takes itself to be in a browser, and keeps a diary on the console.
  Object.assign(globalThis, { window: globalThis });
  const { log } = console;
  console.log = () => {};
  const folder = join(artifacts, domain);
  const { manifest } = await readManifest(folder);
  const read = (name: ArtifactName) => readArtifact(folder, manifest.artifacts.find((entry) => entry.name === name)!);
  const latent = readLatent(await read('latent'));
  const { dims, itemCount } = latent;
  const factors = dequantiseRows(latent.quantised, latent.scales, dims);
  const hnsw = await HnswIndex.open(readHnsw(await read('hnsw')), factors, `${domain}.bench`);
  console.log = log;
  const exact = new ExactIndex(factors, dims);
  const parameters = { ...latent, gram: gram(factors, dims) };
  const random = mulberry32(22);
  const users = Array.from({ length: USERS }, () => {
    const observations = Array.from({ length: 1 + Math.floor(random() * LONGEST_HISTORY) }, () => {
      const row = Math.floor(random() ** 2 * itemCount);
      return { vector: factors.subarray(row * dims, (row + 1) * dims), weight: 1, target: 1 };
    });
    return foldIn(parameters, observations).factors;
  });

  const lines = [];
  let recalls = '';
  for (const k of [100, 400, 1000]) {
    const times: { hnsw: number[]; exact: number[] } = { hnsw: [], exact: [] };
    let found = 0;
    for (const user of users) {
      let begin = performance.now();
      const approximate = hnsw.search(user, k);
      times.hnsw.push(performance.now() - begin);
      begin = performance.now();
      const truth = new Set(exact.search(user, k));
      times.exact.push(performance.now() - begin);
      for (const row of approximate) if (truth.has(row)) found++;
    }
    recalls += `recall@${k} ${(found / USERS / Math.min(k, itemCount)).toFixed(4)}  `;
    lines.push({ name: `exact scan, ${k} of ${itemCount}`, target: '', ...summarise(times.exact) });
    lines.push({ name: `HNSW, ${k} of ${itemCount}`, target: '', ...summarise(times.hnsw) });
  }
  return `${formatLines(`${domain}, vector index in Node`, lines, `exact scan, 100 of ${itemCount}`)}${recalls}\n`;
}
