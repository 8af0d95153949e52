import type { HierarchicalNSW } from 'hnswlib-wasm/dist/hnswlib.js';
import type { VectorIndex } from '../engine/vector-index/vector-index';
import { assembleIndexFile, augment, type HnswGraph } from '../format/hnsw';

/** hnswlib reads its files from IndexedDB, in the layout of Emscripten's IDBFS. */
const DATABASE = '/hnswlib-index';
const DATABASE_VERSION = 21;
const STORE = 'FILE_DATA';
const FILE_MODE = 0o100666;
/** The search list (`ef`) is this many times k; docs/adr/0004 has the recall. */
const EF_PER_RESULT = 1.5;
const MIN_EF = 600;
/** A larger graph needs a longer search list for the same recall: at least one entry for this many vectors. */
const MAX_VECTORS_PER_EF = 50;
/** hnswlib’s promises never settle when its file system fails. A busy phone takes half a minute for a large graph. */
const OPEN_TIMEOUT_MS = 90_000;

/**
 * Approximate search for the largest inner products in a prebuilt HNSW graph, by hnswlib in WebAssembly. The graph
 * comes from the pipeline and the vectors from the latent factors. Both are assembled into an hnswlib file, which the
 * library can read from IndexedDB only.
 */
export class HnswIndex implements VectorIndex {
  readonly kind = 'hnsw';
  readonly size: number;
  private readonly index: HierarchicalNSW;
  /** The query, augmented by a coordinate of 0. */
  private readonly query: Float32Array;
  private ef = 0;
  /** Settles when the latest call of `open` does: the library's file system hangs when two of them overlap. */
  private static latest: Promise<unknown> = Promise.resolve();

  private constructor(index: HierarchicalNSW, size: number, dims: number) {
    this.index = index;
    this.size = size;
    this.query = new Float32Array(dims + 1);
  }

  /**
   * @param factors the dequantised item factors, size × dims, row by row
   * @param name `<domain>.<hash of the content>`; the domain's other files are deleted
   * @throws where IndexedDB or WebAssembly is missing or fails; callers then keep the exact scan
   */
  static open(graph: HnswGraph, factors: Float32Array, name: string): Promise<HnswIndex> {
    const opening = HnswIndex.latest.then(() => withTimeout(HnswIndex.openAlone(graph, factors, name)));
    HnswIndex.latest = opening.catch(() => {});
    return opening;
  }

  private static async openAlone(graph: HnswGraph, factors: Float32Array, name: string): Promise<HnswIndex> {
    const { dims } = graph;
    const contents = assembleIndexFile(graph, augment(factors, dims).vectors);
    // Before the library is loaded: it reads its files while loading, and must not read one that is being replaced.
    await putFile(`${DATABASE}/${name}`, contents);
    const { loadHnswlib, syncFileSystem } = await import('hnswlib-wasm/dist/hnswlib.js');
    const library = await loadHnswlib();
    await syncFileSystem('read');
    const index = new library.HierarchicalNSW('l2', dims + 1, '');
    await index.readIndex(name, graph.levels.length);
    if (index.getCurrentCount() !== graph.levels.length)
      throw new Error(`hnswlib read ${index.getCurrentCount()} of ${graph.levels.length} nodes`);
    return new HnswIndex(index, graph.levels.length, dims);
  }

  search(query: Float32Array, k: number): Uint32Array {
    const count = Math.min(k, this.size);
    const ef = Math.max(MIN_EF, Math.ceil(this.size / MAX_VECTORS_PER_EF), Math.ceil(count * EF_PER_RESULT));
    if (ef !== this.ef) {
      this.index.setEfSearch(ef);
      this.ef = ef;
    }
    this.query.set(query);
    return Uint32Array.from(this.index.searchKnn(this.query, count, undefined).neighbors);
  }
}

async function withTimeout<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('hnswlib did not open the index in time')), OPEN_TIMEOUT_MS);
  });
  return Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}

/** Writes a file to the library's folder and deletes the older files of the same domain. */
async function putFile(key: string, contents: Uint8Array): Promise<void> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const open = indexedDB.open(DATABASE, DATABASE_VERSION);
    open.onupgradeneeded = () => {
      if (!open.result.objectStoreNames.contains(STORE)) {
        open.result.createObjectStore(STORE).createIndex('timestamp', 'timestamp', { unique: false });
      }
    };
    open.onsuccess = () => resolve(open.result);
    open.onerror = () => reject(open.error);
  });
  try {
    await new Promise<void>((resolve, reject) => {
      const transaction = database.transaction(STORE, 'readwrite');
      const store = transaction.objectStore(STORE);
      const domain = key.slice(0, key.lastIndexOf('.'));
      const keys = store.getAllKeys();
      keys.onsuccess = () => {
        for (const other of keys.result)
          if (String(other).startsWith(`${domain}.`) && other !== key) store.delete(other);
        store.put({ timestamp: new Date(), mode: FILE_MODE, contents }, key);
      };
      transaction.oncomplete = () => resolve();
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}
