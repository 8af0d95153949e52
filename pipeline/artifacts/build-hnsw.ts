import { indexedDB } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { augment, extractGraph, type HnswGraph, linkBothWays } from '../../lib/format/hnsw';
import type { Progress } from '../io/progress';

/** M of HNSW: enough for the recall that docs/adr/0004 measures. More links would only increase the download. */
const LINKS_PER_NODE = 8;
const EF_CONSTRUCTION = 200;
const PROGRESS_STEP = 500;

/**
 * Builds the HNSW graph over item factors with hnswlib-wasm, the library that searches it in the browser. The library
 * can only write to an IndexedDB file system, which `fake-indexeddb` provides here.
 *
 * @param factors size × dims, dequantised as in the browser
 * @param seed of the level generator
 */
export async function buildHnswGraph(
  factors: Float32Array,
  dims: number,
  seed: number,
  progress: Progress,
): Promise<HnswGraph> {
  // Standard output is for results, but the library logs there.
  console.log = () => {};
  const size = factors.length / dims;
  const { vectors, radius } = augment(factors, dims);
  const { loadHnswlib, syncFileSystem } = await importLibrary();
  const library = await loadHnswlib();
  const index = new library.HierarchicalNSW('l2', dims + 1, '');
  index.initIndex(size, LINKS_PER_NODE, EF_CONSTRUCTION, seed);
  progress.start('HNSW graph (nodes)', size);
  for (let row = 0; row < size; row++) {
    index.addPoint(vectors.subarray(row * (dims + 1), (row + 1) * (dims + 1)), row, false);
    if (row % PROGRESS_STEP === 0) {
      progress.update(row);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  progress.stop();
  const name = `${dims}-${size}.hnsw`;
  await index.writeIndex(name);
  await syncFileSystem('write');
  const file = await readRecord(`/hnswlib-index/${name}`);
  // With `window` other libraries would assume a browser too.
  Reflect.deleteProperty(globalThis, 'window');
  return linkBothWays(extractGraph(file, radius), vectors);
}

async function importLibrary() {
  // The library assumes a browser and needs `window`.
  Object.assign(globalThis, { window: globalThis });
  // Its package.json has no entry point for Node.
  return import('hnswlib-wasm/dist/hnswlib.js');
}

function readRecord(key: string): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const open = indexedDB.open('/hnswlib-index');
    open.onerror = () => reject(open.error);
    open.onsuccess = () => {
      const read = open.result.transaction('FILE_DATA').objectStore('FILE_DATA').get(key);
      read.onerror = () => reject(read.error);
      read.onsuccess = () => {
        open.result.close();
        resolve(read.result.contents);
      };
    };
  });
}
