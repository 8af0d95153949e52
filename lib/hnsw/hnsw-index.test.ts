import 'fake-indexeddb/auto';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { dot, rowsOf } from '../../testing/engine/naive';
import { hnswGraphOf } from '../../testing/hnsw';
import { ExactIndex } from '../engine/vector-index/exact';
import { type HnswGraph, readHnsw, writeHnsw } from '../format/hnsw';
import { gaussian, mulberry32 } from '../math/random';
import { HnswIndex } from './hnsw-index';

const SIZE = 500;
const DIMS = 24;
const K = 50;
const normal = gaussian(mulberry32(5));
const vectorsOf = (count: number, scale = () => 1) => {
  const values = new Float32Array(count * DIMS);
  for (let row = 0; row < count; row++) {
    const length = scale();
    for (let d = 0; d < DIMS; d++) values[row * DIMS + d] = length * normal();
  }
  return values;
};
// Norms vary widely, as they do between popular and unpopular items.
const factors = vectorsOf(SIZE, () => 0.2 + Math.abs(normal()));
const exact = new ExactIndex(factors, DIMS);

let graph: HnswGraph;
let index: HnswIndex;
beforeAll(async () => {
  graph = await hnswGraphOf(factors, DIMS);
  index = await HnswIndex.open(readHnsw(writeHnsw(graph)), factors, 'test.0001');
});

describe('HnswIndex', () => {
  it('finds nearly all of the largest inner products', () => {
    const queries = rowsOf(vectorsOf(40), DIMS);
    let hits = 0;
    for (const query of queries) {
      const expected = new Set(exact.search(Float32Array.from(query), K));
      for (const row of index.search(Float32Array.from(query), K)) if (expected.has(row)) hits++;
    }
    expect(hits / (K * queries.length)).toBeGreaterThan(0.98);
  });

  it('returns them largest first, each once', () => {
    const rows = rowsOf(factors, DIMS);
    for (const query of rowsOf(vectorsOf(5), DIMS)) {
      const found = [...index.search(Float32Array.from(query), K)];
      expect(new Set(found).size).toBe(K);
      const products = found.map((row) => dot(rows[row], query));
      for (let i = 1; i < K; i++) expect(products[i]).toBeLessThan(products[i - 1] + 1e-3);
    }
  });

  it('returns all vectors where k is larger', () => {
    expect(index.size).toBe(SIZE);
    expect(index.kind).toBe('hnsw');
    const found = index.search(factors.subarray(0, DIMS), 10 * SIZE);
    expect([...found].sort((a, b) => a - b)).toEqual([...Array(SIZE).keys()]);
    expect(index.search(factors.subarray(0, DIMS), 1)).toHaveLength(1);
  });

  it('stores one file per domain', async () => {
    await HnswIndex.open(graph, factors, 'other.0001');
    await HnswIndex.open(graph, factors, 'test.0002');
    expect(await storedFiles()).toEqual(['/hnswlib-index/other.0001', '/hnswlib-index/test.0002']);
  });

  it('opens for several domains concurrently', async () => {
    const smaller = factors.slice(0, 100 * DIMS);
    const smallerGraph = await hnswGraphOf(smaller, DIMS);
    const [a, b] = await Promise.all([
      HnswIndex.open(graph, factors, 'first.0001'),
      HnswIndex.open(smallerGraph, smaller, 'second.0001'),
      HnswIndex.open(graph, factors, 'first.0002'),
    ]);
    expect([a.size, b.size]).toEqual([SIZE, 100]);
    const query = factors.subarray(0, DIMS);
    expect([...b.search(query, 5)]).toEqual([...new ExactIndex(smaller, DIMS).search(query, 5)]);
    expect([...a.search(query, 5)]).toEqual([...exact.search(query, 5)]);
  });

  it('rejects factors of another model, and opens after that', async () => {
    const wrong = HnswIndex.open(graph, factors.slice(DIMS), 'wrong.0001');
    const right = HnswIndex.open(graph, factors, 'right.0001');
    await expect(wrong).rejects.toMatchObject({ code: 'ARTIFACT_MALFORMED' });
    expect((await right).size).toBe(SIZE);
  });

  it('times out when the file system of the library hangs', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const hanging = vi.spyOn(IDBIndex.prototype, 'openKeyCursor').mockReturnValue({} as IDBRequest<IDBCursor | null>);
    const open = HnswIndex.open(graph, factors, 'hanging.0001');
    open.catch(() => {});
    await vi.waitFor(() => expect(hanging).toHaveBeenCalled());
    await vi.advanceTimersByTimeAsync(100_000);
    await expect(open).rejects.toThrow('hnswlib did not open the index in time');
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

async function storedFiles(): Promise<string[]> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const open = indexedDB.open('/hnswlib-index');
    open.onsuccess = () => resolve(open.result);
    open.onerror = () => reject(open.error);
  });
  const keys = await new Promise<IDBValidKey[]>((resolve, reject) => {
    const all = database.transaction('FILE_DATA').objectStore('FILE_DATA').getAllKeys();
    all.onsuccess = () => resolve(all.result);
    all.onerror = () => reject(all.error);
  });
  database.close();
  return keys
    .map(String)
    .filter((key) => !key.endsWith('.hnsw'))
    .sort();
}
