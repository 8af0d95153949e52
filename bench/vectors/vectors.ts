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
import { PqIndex } from './pq-index';
import { trainProductQuantiser } from './train-pq';
import { largestFactors, madeUpUsers, type RealFactors, resample } from './vectors-catalog';
import { buildHnsw } from './vectors-hnsw';

const SIZES = [10_000, 100_000, 1_000_000];
const QUICK_SIZES = [10_000, 100_000];
const DEPTHS = [100, 1000];
const EFS = [50, 100, 200, 400, 800];
/** Building a graph in WebAssembly takes about a millisecond a vector: larger catalogs are not tried, nor extrapolated to. */
const MOST_IN_GRAPH = 100_000;
/** Nor are larger ones quantised: training takes about as long. */
const MOST_QUANTISED = 100_000;
/** Bytes a vector under product quantisation, and how many times k rows are scored again. */
const PQ_BYTES = 16;
const PQ_EXPANSION = 4;
/** Asked of the indexes; the plain scan and the recall against it take the first of them. */
const USERS = 220;
const WARM_UP = 20;
/** Numbers that the plain scan may read for the truth of one catalog, so that the largest does not take minutes. */
const TRUTH_BUDGET = 4e9;
/** Recall that an approximate index must have to be compared with the scan. */
const GOOD_RECALL = 0.98;

interface VectorsOptions {
  sizes?: readonly number[];
  mostInGraph?: number;
  tell?(what: string): void;
}

/** How long the ways of finding the largest inner products take, and how many of the true ones each finds. */
export async function measureVectors(real: RealFactors, options: VectorsOptions = {}): Promise<Measured[]> {
  const users = madeUpUsers(real, USERS);
  const lines: Measured[] = [];
  for (const size of options.sizes ?? SIZES) {
    options.tell?.(`${size.toLocaleString('en-GB')} vectors`);
    lines.push(...(await measureSize(real, users, size, options.mostInGraph ?? MOST_IN_GRAPH)));
  }
  return lines;
}

async function measureSize(
  real: RealFactors,
  users: readonly Float32Array[],
  size: number,
  mostInGraph: number,
): Promise<Measured[]> {
  const { dims } = real.latent;
  const vectors = resample(real, size);
  const { quantised, scales } = quantiseRows(vectors, dims);
  const lines: Measured[] = [];
  const label = (what: string) => `${size.toLocaleString('en-GB')} × ${dims}: ${what}`;
  const judges = Math.min(users.length, Math.max(WARM_UP + 10, Math.floor(TRUTH_BUDGET / (size * dims))));

  const scan = new ScanIndex(quantised, scales, dims);
  const scalar = new ScanIndex(quantised, scales, dims, (bytes) => new ScalarKernel(bytes));
  const pq = size <= MOST_QUANTISED ? quantise(vectors, dims, { quantised, scales }) : null;
  const hnsw = size <= mostInGraph ? await buildHnsw(vectors, dims) : null;

  for (const k of DEPTHS) {
    const truths: Set<number>[] = [];
    const plain = measure(users.slice(0, judges), (user) => {
      truths.push(new Set(plainScan(vectors, dims, user, k)));
    });
    const baseline = { name: 'plain scan', figures: plain.figures };
    lines.push({ domain: null, name: label(`plain scan, k = ${k}`), unit: 'ms', ...plain });

    /** Adds the time and the recall of a way to find `k`; gives back both. */
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
    // hnswlib never lists fewer than k, so that a smaller ef would be this one again.
    const efs = k > EFS[EFS.length - 1] ? [k, 1.5 * k] : EFS.filter((ef) => ef >= k || ef === EFS[0]);
    const walks = efs.map((ef) =>
      add(`HNSW, ef ${ef}`, users.length, (user) => hnsw.search(user, k, ef), ef < k ? `in effect ef ${k}` : undefined),
    );
    const good = walks.filter(({ recall }) => recall >= GOOD_RECALL).map(({ median }) => median);
    if (good.length > 0) {
      lines.push({
        domain: null,
        name: label(`the quickest HNSW of recall@${k} ≥ ${GOOD_RECALL} against the SIMD scan`),
        unit: 'times',
        ...single(Math.min(...good) / simd.median),
        note: 'below 1 the graph is the faster',
      });
    }
  }

  const held = (name: string, bytes: number, note?: string): Measured => {
    return { domain: null, name: label(`memory of ${name}`), unit: 'bytes', ...single(bytes), note };
  };
  lines.push(
    held('the float vectors', vectors.byteLength),
    held('the SIMD scan', scan.bytes, 'scores and room to sort among them'),
  );
  const built = (name: string, milliseconds: number): Measured => {
    return { domain: null, name: label(`building ${name}`), unit: 'ms', ...single(milliseconds) };
  };
  if (pq)
    lines.push(
      held(
        'product quantisation',
        pq.index.bytes,
        'besides the 8-bit vectors, of which a few thousand a query are read',
      ),
      built('product quantisation', pq.buildMilliseconds),
    );
  if (hnsw) lines.push(held('HNSW', hnsw.bytes), built('HNSW', hnsw.buildMilliseconds));
  return lines;
}

function quantise(vectors: Float32Array, dims: number, exact: { quantised: Int8Array; scales: Float32Array }) {
  const begin = performance.now();
  const codes = trainProductQuantiser(vectors, dims, { subspaces: PQ_BYTES, seed: 1 });
  return { index: new PqIndex(codes, exact, PQ_EXPANSION), buildMilliseconds: performance.now() - begin };
}

/** Milliseconds a user, without those at the beginning, during which the code is compiled. */
function measure(users: readonly Float32Array[], find: (user: Float32Array) => unknown) {
  const samples = users.map((user) => {
    const begin = performance.now();
    find(user);
    return performance.now() - begin;
  });
  return summarise(samples.slice(WARM_UP));
}

/** The vector indexes on catalogs of 10⁴ to 10⁶ vectors resampled from the largest domain measured. */
export const benchVectors: Part = async ({ artifacts, domains, tell }) =>
  measureVectors(await largestFactors(artifacts, domains), { tell });

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const whole = (value: string) => {
    if (!/^[1-9]\d*$/.test(value)) throw new InvalidArgumentError('must be a whole number above 0');
    return Number(value);
  };
  const { json, quick, sizes, hnswUpTo, artifacts } = new Command('tsx bench/vectors/vectors.ts')
    .description('Measures the vector indexes alone.')
    .option('--json <file>', 'where the lines go')
    .option('--quick', 'without the catalog of a million vectors')
    .option('--sizes <number...>', 'these sizes', (value, before: number[] = []) => [...before, whole(value)])
    .option('--hnsw-up-to <number>', 'the largest catalog to build a graph for', whole, MOST_IN_GRAPH)
    .option(
      '--artifacts <folder>',
      'where the domains are',
      fileURLToPath(new URL('../../public/artifacts', import.meta.url)),
    )
    .parse()
    .opts<{ json?: string; quick?: boolean; sizes?: number[]; hnswUpTo: number; artifacts: string }>();
  const real = await largestFactors(artifacts, await readArtifactIndex(artifacts));
  const lines = await measureVectors(real, {
    sizes: sizes ?? (quick ? QUICK_SIZES : SIZES),
    mostInGraph: hnswUpTo,
    tell: (what) => console.error(`… ${what}`),
  });
  process.stdout.write(
    formatLines(
      `Vector indexes (${real.domain})`,
      lines.map((line) => ({ part: 'vectors' as const, targets: [], ...line })),
    ),
  );
  if (json) await writeFile(json, `${JSON.stringify(lines, null, 1)}\n`);
}
