import type { HierarchicalNSW } from 'hnswlib-wasm/dist/hnswlib.js';
import type { VectorIndex } from '../engine/vector-index/vector-index';
import { assembleIndexFile, augment, type HnswGraph } from '../format/hnsw';

/** hnswlib keeps its files in IndexedDB, in this layout of Emscripten's IDBFS. */
const DATABASE = '/hnswlib-index';
const DATABASE_VERSION = 21;
const STORE = 'FILE_DATA';
const FILE_MODE = 0o100666;
/** The search list is this many times what is asked for; docs/adr/0004 has the recall. */
const EF_MARGIN = 1.5;
const LEAST_EF = 600;
/** A larger graph wants a longer list for the same recall: at the least one place for so many vectors. */
const VECTORS_PER_PLACE = 50;
/** The library never answers where its file system fails, so that waiting has an end. */
const PATIENCE_MS = 5_000;

/**
 * Approximate nearest neighbours in a prebuilt HNSW graph, searched by hnswlib compiled to WebAssembly. The graph comes
 * from the pipeline and the vectors from the latent factors; both are put together into the file that hnswlib reads,
 * which it can only read from IndexedDB.
 */
export class HnswIndex implements VectorIndex {
  readonly kind = 'hnsw';
  readonly size: number;
  private readonly index: HierarchicalNSW;
  /** The query with the augmented coordinate, which is 0. */
  private readonly query: Float32Array;
  private ef = 0;
  /** Settles with the latest opening: the library's file system hangs where two of them overlap. */
  private static latest: Promise<unknown> = Promise.resolve();

  private constructor(index: HierarchicalNSW, size: number, dims: number) {
    this.index = index;
    this.size = size;
    this.query = new Float32Array(dims + 1);
  }

  /**
   * @param factors the dequantised item factors, size × dims
   * @param name unique for this content, such as its hash; files of other names are deleted
   * @throws where IndexedDB or WebAssembly is not to be had; callers then stay with the exact scan
   */
  static open(graph: HnswGraph, factors: Float32Array, name: string): Promise<HnswIndex> {
    const opening = HnswIndex.latest.then(() => withPatience(HnswIndex.openAlone(graph, factors, name)));
    HnswIndex.latest = opening.catch(() => {});
    return opening;
  }

  private static async openAlone(graph: HnswGraph, factors: Float32Array, name: string): Promise<HnswIndex> {
    const { dims } = graph;
    const contents = assembleIndexFile(graph, augment(factors, dims).vectors);
    // Before the library is loaded, since it reads its files then, and must not find one that is being replaced.
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
    const wanted = Math.min(k, this.size);
    const ef = Math.max(LEAST_EF, Math.ceil(this.size / VECTORS_PER_PLACE), Math.ceil(wanted * EF_MARGIN));
    if (ef !== this.ef) {
      this.index.setEfSearch(ef);
      this.ef = ef;
    }
    this.query.set(query);
    return Uint32Array.from(this.index.searchKnn(this.query, wanted, undefined).neighbors);
  }
}

async function withPatience<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('hnswlib does not answer')), PATIENCE_MS);
  });
  return Promise.race([promise, tooLong]).finally(() => clearTimeout(timer));
}

/** Leaves one file in the library's folder, besides those of the other domains. */
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
        for (const old of keys.result) if (String(old).startsWith(`${domain}.`) && old !== key) store.delete(old);
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
