import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { loadEngineFromFolder, readManifest } from '../lib/artifacts/node';
import { gaussian, mulberry32 } from '../lib/math/random';
import { plainScan } from './baseline';
import type { Part } from './context';
import { type Measured, single, summarise } from './lines';
import { DIVERSITY, histories, KNOWN, MEASURED_MODES, REQUESTS, TOP_K, WARM_UP } from './workload';

/** How many candidates the plain scan looks for: about as many as the engine asks its index for. */
export const SCAN_K = 1000;

/** Milliseconds of each call but the first ones, during which the code is compiled. */
export function timed(action: (i: number) => unknown, count = REQUESTS, warmUp = WARM_UP): number[] {
  const samples: number[] = [];
  for (let i = 0; i < warmUp + count; i++) {
    const begin = performance.now();
    action(i);
    if (i >= warmUp) samples.push(performance.now() - begin);
  }
  return samples;
}

/** Made-up vectors: how long a scan takes does not depend on what they hold. */
export function madeUpVectors(size: number, dims: number): Float32Array {
  const normal = gaussian(mulberry32(23));
  return Float32Array.from({ length: size * dims }, normal);
}

/** The engine in Node, as the API and the command line run it. */
export const benchNode: Part = async ({ artifacts, domains, tell }) => {
  const lines: Measured[] = [];
  for (const domain of domains) {
    tell(`${domain}: the engine in Node`);
    const folder = join(artifacts, domain);
    await new Promise((resolve) => setTimeout(resolve));
    const before = memoryInUse();
    const begin = performance.now();
    const engine = await loadEngineFromFolder(folder);
    lines.push({ domain, name: 'load, from files', unit: 'ms', ...single(performance.now() - begin) });
    lines.push({ domain, name: 'memory of the engine', unit: 'bytes', ...single(memoryInUse() - before) });

    const { manifest } = await readManifest(folder);
    const { dims } = manifest.training.latent;
    const vectors = madeUpVectors(manifest.counts.warmItems, dims);
    const scan = summarise(timed((i) => plainScan(vectors, dims, vectors.subarray(i * dims, (i + 1) * dims), SCAN_K)));
    const name = `plain scan of ${manifest.counts.warmItems.toLocaleString('en-GB')} × ${dims}`;
    lines.push({ domain, name, unit: 'ms', ...scan });
    const pool = histories(
      engine.popular(KNOWN).map(({ id }) => id),
      WARM_UP + REQUESTS,
    );
    for (const mode of MEASURED_MODES) {
      const samples = timed((i) =>
        engine.recommend({ mode, history: pool[i].map((id) => ({ id })), topK: TOP_K, diversity: DIVERSITY }),
      );
      lines.push({
        domain,
        name: `recommend, ${mode}`,
        unit: 'ms',
        ...summarise(samples),
        baseline: { name: 'plain scan', figures: scan.figures },
      });
    }
  }
  return lines;
};

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Bytes of heap and of array buffers, after a collection. */
export function memoryInUse(): number {
  // Array buffers go with the collection after that of the objects that held them.
  for (let i = 0; i < 3; i++) collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
