import { indexedDB } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { augment, extractGraph, type HnswGraph, linkBothWays } from '../../lib/format/hnsw';
import type { Progress } from '../io/progress';

/** M: enough for the recall that docs/adr/0004 measures; more would only lengthen the download. */
const LINKS_PER_NODE = 8;
const EF_CONSTRUCTION = 200;
const PROGRESS_STEP = 500;

/**
 * Builds the HNSW graph over item factors with hnswlib-wasm, the library that searches it in the browser. The library
 * writes only to an IndexedDB file system, for which `fake-indexeddb` stands in here.
 *
 * @param factors size × dims, the dequantised ones that the browser will have; @param seed of the level generator
 */
export async function buildHnswGraph(
  factors: Float32Array,
  dims: number,
  seed: number,
  progress: Progress,
): Promise<HnswGraph> {
  // Standard output belongs to results; the library writes its diary there.
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
  // Other libraries would take themselves to be in a browser too.
  Reflect.deleteProperty(globalThis, 'window');
  return linkBothWays(extractGraph(file, radius), vectors);
}

async function importLibrary() {
  // The library takes itself to be in a browser and looks for `window`.
  Object.assign(globalThis, { window: globalThis });
  // Its package.json names no entry that Node understands.
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
