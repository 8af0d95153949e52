import 'fake-indexeddb/auto';
import type { HierarchicalNSW } from 'hnswlib-wasm/dist/hnswlib.js';
import { augment } from '../../lib/format/hnsw';

/** As in pipeline/artifacts/build-hnsw.ts. */
const LINKS_PER_NODE = 12;
const EF_CONSTRUCTION = 200;
const SEED = 1;

export interface BuiltHnsw {
  buildMilliseconds: number;
  /** Memory in hnswlib, computed from its layout: level 0 of all nodes, without the few links of upper levels. */
  bytes: number;
  search(query: Float32Array, k: number, ef: number): number[];
}

/**
 * Builds an HNSW graph in hnswlib-wasm over augmented vectors, whose nearest neighbours have the largest inner product.
 */
export async function buildHnsw(factors: Float32Array, dims: number): Promise<BuiltHnsw> {
  const library = await loadQuietly();
  const size = factors.length / dims;
  const { vectors } = augment(factors, dims);
  const index: HierarchicalNSW = new library.HierarchicalNSW('l2', dims + 1, '');
  index.initIndex(size, LINKS_PER_NODE, EF_CONSTRUCTION, SEED);
  const begin = performance.now();
  for (let row = 0; row < size; row++)
    index.addPoint(vectors.subarray(row * (dims + 1), (row + 1) * (dims + 1)), row, false);
  const buildMilliseconds = performance.now() - begin;
  const augmentedQuery = new Float32Array(dims + 1);
  return {
    buildMilliseconds,
    bytes: size * 4 * (1 + 2 * LINKS_PER_NODE + dims + 1 + 1),
    search(query, k, ef) {
      index.setEfSearch(ef);
      augmentedQuery.set(query);
      return index.searchKnn(augmentedQuery, k, undefined).neighbors;
    },
  };
}

/** Loads the library, which requires `window` and logs to the console. */
async function loadQuietly() {
  Object.assign(globalThis, { window: globalThis });
  const { log } = console;
  console.log = () => {};
  try {
    const { loadHnswlib } = await import('hnswlib-wasm/dist/hnswlib.js');
    return await loadHnswlib();
  } finally {
    console.log = log;
  }
}
