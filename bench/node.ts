import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { loadEngineFromFolder, readManifest } from '../lib/artifacts/node';
import { gaussian, mulberry32 } from '../lib/math/random';
import { plainScan } from './baseline';
import type { Part } from './context';
import { type Measured, single, summarise } from './lines';
import { DIVERSITY, histories, KNOWN, MEASURED_MODES, REQUESTS, TOP_K, WARM_UP } from './workload';

/** Rows that the plain scan selects, about as many as the engine retrieves from its index. */
export const SCAN_K = 1000;

/** @returns milliseconds of each call, without the first ones, during which the code is compiled */
export function timed(action: (i: number) => unknown, count = REQUESTS, warmUp = WARM_UP): number[] {
  const samples: number[] = [];
  for (let i = 0; i < warmUp + count; i++) {
    const begin = performance.now();
    action(i);
    if (i >= warmUp) samples.push(performance.now() - begin);
  }
  return samples;
}

/** Random vectors: the time of a scan does not depend on their values. */
export function randomVectors(size: number, dims: number): Float32Array {
  const normal = gaussian(mulberry32(23));
  return Float32Array.from({ length: size * dims }, normal);
}

/** The engine in Node, as the API and the command line run it. */
export const benchNode: Part = async ({ artifacts, domains, log }) => {
  const lines: Measured[] = [];
  for (const domain of domains) {
    log(`${domain}: the engine in Node`);
    const folder = join(artifacts, domain);
    await new Promise((resolve) => setTimeout(resolve));
    const before = memoryInUse();
    const begin = performance.now();
    const engine = await loadEngineFromFolder(folder);
    lines.push({ domain, name: 'load, from files', unit: 'ms', ...single(performance.now() - begin) });
    lines.push({ domain, name: 'memory of the engine', unit: 'bytes', ...single(memoryInUse() - before) });

    const { manifest } = await readManifest(folder);
    const { dims } = manifest.training.latent;
    const vectors = randomVectors(manifest.counts.warmItems, dims);
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

/** @returns bytes of heap and array buffers after a garbage collection */
export function memoryInUse(): number {
  // Array buffers are freed one collection after the objects that refer to them.
  for (let i = 0; i < 3; i++) collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
