import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { readArtifactIndex } from '../../lib/artifacts/node';
import { ScalarKernel } from '../../lib/engine/vector-index/scalar-kernel';
import { ScanIndex } from '../../lib/engine/vector-index/scan-index';
import { quantiseRows } from '../../lib/format/latent';
import { plainScan } from '../baseline';
import type { Part } from '../context';
import { type Measured, single, summarise } from '../lines';
import { formatLines } from '../table';
import { largestFactors, type RealFactors, resample, syntheticUsers } from './catalog';
import { buildHnsw } from './hnsw';
import { PqIndex } from './pq-index';
import { trainProductQuantiser } from './train-pq';

const SIZES = [10_000, 100_000, 1_000_000];
const QUICK_SIZES = [10_000, 100_000];
const DEPTHS = [100, 1000];
const EFS = [50, 100, 200, 400, 800];
/** Building a graph in WebAssembly takes about a millisecond a vector, so no graph is built for larger catalogs. */
const MAX_IN_GRAPH = 100_000;
/** Training a product quantiser takes about as long. */
const MAX_QUANTISED = 100_000;
/** Bytes a vector in product quantisation, and the multiple of k rows that are scored again. */
const PQ_BYTES = 16;
const PQ_EXPANSION = 4;
/** Queries of the indexes; the plain scan and the recall use only the first ones. */
const USERS = 220;
const WARM_UP = 20;
/** Numbers that the plain scan reads at most for one catalog, so that the largest does not take minutes. */
const TRUTH_BUDGET = 4e9;
/** Minimum recall of an approximate index to be compared with the scan. */
const MIN_RECALL = 0.98;

interface VectorsOptions {
  sizes?: readonly number[];
  maxInGraph?: number;
  log?(what: string): void;
}

/** Measures time and recall of each way to find the largest inner products. */
export async function measureVectors(real: RealFactors, options: VectorsOptions = {}): Promise<Measured[]> {
  const users = syntheticUsers(real, USERS);
  const lines: Measured[] = [];
  for (const size of options.sizes ?? SIZES) {
    options.log?.(`${size.toLocaleString('en-GB')} vectors`);
    lines.push(...(await measureSize(real, users, size, options.maxInGraph ?? MAX_IN_GRAPH)));
  }
  return lines;
}

async function measureSize(
  real: RealFactors,
  users: readonly Float32Array[],
  size: number,
  maxInGraph: number,
): Promise<Measured[]> {
  const { dims } = real.latent;
  const vectors = resample(real, size);
  const { quantised, scales } = quantiseRows(vectors, dims);
  const lines: Measured[] = [];
  const label = (what: string) => `${size.toLocaleString('en-GB')} × ${dims}: ${what}`;
  const judges = Math.min(users.length, Math.max(WARM_UP + 10, Math.floor(TRUTH_BUDGET / (size * dims))));

  const scan = new ScanIndex(quantised, scales, dims);
  const scalar = new ScanIndex(quantised, scales, dims, (bytes) => new ScalarKernel(bytes));
  const pq = size <= MAX_QUANTISED ? quantise(vectors, dims, { quantised, scales }) : null;
  const hnsw = size <= maxInGraph ? await buildHnsw(vectors, dims) : null;

  for (const k of DEPTHS) {
    const truths: Set<number>[] = [];
    const plain = measure(users.slice(0, judges), (user) => {
      truths.push(new Set(plainScan(vectors, dims, user, k)));
    });
    const baseline = { name: 'plain scan', figures: plain.figures };
    lines.push({ domain: null, name: label(`plain scan, k = ${k}`), unit: 'ms', ...plain });

    /** Adds lines of the time and the recall of a way to find `k` rows. @returns both */
    const add = (name: string, count: number, find: (user: Float32Array) => ArrayLike<number>, note?: string) => {
      const timed = measure(users.slice(0, count), find);
      const recall = truths.reduce((sum, truth, i) => {
        return sum + Array.from(find(users[i])).filter((row) => truth.has(row)).length / truth.size / truths.length;
      }, 0);
      const isGoal = size === 1_000_000 && k === 1000 && name.startsWith('SIMD');
      lines.push({
        domain: null,
        name: label(`${name}, k = ${k}`),
        unit: 'ms',
        ...timed,
        baseline,
        targets: isGoal ? [{ figure: 'p99', atMost: 20 }] : [],
        note: [`recall@${k} ${recall.toFixed(4)}`, note].filter(Boolean).join('; '),
      });
      if (isGoal) {
        const targets = [{ figure: 'value', atLeast: 0.95 }];
        lines.push({ domain: null, name: label(`${name}, recall@${k}`), unit: 'share', ...single(recall), targets });
      }
      return { median: timed.figures.median, recall };
    };

    const simd = add(scan.simd ? 'SIMD scan of 8 bits' : 'scan of 8 bits, no SIMD here', users.length, (user) => {
      return scan.search(user, k);
    });
    add('scan of 8 bits without SIMD', judges, (user) => scalar.search(user, k));
    if (pq) add(`product quantisation, ${PQ_BYTES} bytes`, users.length, (user) => pq.index.search(user, k));
    if (!hnsw) continue;
    // hnswlib searches at least k nodes, so a smaller ef would be the same as ef = k.
    const efs = k > EFS[EFS.length - 1] ? [k, 1.5 * k] : EFS.filter((ef) => ef >= k || ef === EFS[0]);
    const searches = efs.map((ef) =>
      add(`HNSW, ef ${ef}`, users.length, (user) => hnsw.search(user, k, ef), ef < k ? `in effect ef ${k}` : undefined),
    );
    const good = searches.filter(({ recall }) => recall >= MIN_RECALL).map(({ median }) => median);
    if (good.length > 0) {
      lines.push({
        domain: null,
        name: label(`the quickest HNSW of recall@${k} ≥ ${MIN_RECALL} against the SIMD scan`),
        unit: 'times',
        ...single(Math.min(...good) / simd.median),
        note: 'below 1 the graph is faster',
      });
    }
  }

  const memory = (name: string, bytes: number, note?: string): Measured => {
    return { domain: null, name: label(`memory of ${name}`), unit: 'bytes', ...single(bytes), note };
  };
  lines.push(
    memory('the float vectors', vectors.byteLength),
    memory('the SIMD scan', scan.bytes, 'including scores and memory to sort them'),
  );
  const built = (name: string, milliseconds: number): Measured => {
    return { domain: null, name: label(`building ${name}`), unit: 'ms', ...single(milliseconds) };
  };
  if (pq)
    lines.push(
      memory(
        'product quantisation',
        pq.index.bytes,
        'without the 8-bit vectors, of which a query reads a few thousand',
      ),
      built('product quantisation', pq.buildMilliseconds),
    );
  if (hnsw) lines.push(memory('HNSW', hnsw.bytes), built('HNSW', hnsw.buildMilliseconds));
  return lines;
}

function quantise(vectors: Float32Array, dims: number, exact: { quantised: Int8Array; scales: Float32Array }) {
  const begin = performance.now();
  const codes = trainProductQuantiser(vectors, dims, { subspaces: PQ_BYTES, seed: 1 });
  return { index: new PqIndex(codes, exact, PQ_EXPANSION), buildMilliseconds: performance.now() - begin };
}

/** @returns milliseconds a user, without the first ones, during which the code is compiled */
function measure(users: readonly Float32Array[], find: (user: Float32Array) => unknown) {
  const samples = users.map((user) => {
    const begin = performance.now();
    find(user);
    return performance.now() - begin;
  });
  return summarise(samples.slice(WARM_UP));
}

/** Vector indexes on catalogs of 10⁴ to 10⁶ vectors, resampled from the largest domain. */
export const benchVectors: Part = async ({ artifacts, domains, log }) =>
  measureVectors(await largestFactors(artifacts, domains), { log });

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const whole = (value: string) => {
    if (!/^[1-9]\d*$/.test(value)) throw new InvalidArgumentError('must be a whole number above 0');
    return Number(value);
  };
  const { json, quick, sizes, hnswUpTo, artifacts } = new Command('tsx bench/vectors/bench-vectors.ts')
    .description('Measures the vector indexes alone.')
    .option('--json <file>', 'file of the lines')
    .option('--quick', 'without the catalog of a million vectors')
    .option('--sizes <number...>', 'these sizes', (value, before: number[] = []) => [...before, whole(value)])
    .option('--hnsw-up-to <number>', 'the largest catalog to build a graph for', whole, MAX_IN_GRAPH)
    .option(
      '--artifacts <folder>',
      'folder of the domains',
      fileURLToPath(new URL('../../public/artifacts', import.meta.url)),
    )
    .parse()
    .opts<{ json?: string; quick?: boolean; sizes?: number[]; hnswUpTo: number; artifacts: string }>();
  const real = await largestFactors(artifacts, await readArtifactIndex(artifacts));
  const lines = await measureVectors(real, {
    sizes: sizes ?? (quick ? QUICK_SIZES : SIZES),
    maxInGraph: hnswUpTo,
    log: (what) => console.error(`… ${what}`),
  });
  process.stdout.write(
    formatLines(
      `Vector indexes (${real.domain})`,
      lines.map((line) => ({ part: 'vectors' as const, targets: [], ...line })),
    ),
  );
  if (json) await writeFile(json, `${JSON.stringify(lines, null, 1)}\n`);
}
