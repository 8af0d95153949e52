// The package's own types lack the entry point for Node and the file-system helpers for workers.
declare module 'hnswlib-wasm/dist/hnswlib.js' {
  export interface HierarchicalNSW {
    initIndex(maxElements: number, m: number, efConstruction: number, randomSeed: number): void;
    addPoint(vector: Float32Array | number[], label: number, replaceDeleted: boolean): void;
    searchKnn(
      vector: Float32Array | number[],
      k: number,
      filter: undefined,
    ): { distances: number[]; neighbors: number[] };
    setEfSearch(ef: number): void;
    writeIndex(name: string): Promise<boolean>;
    readIndex(name: string, maxElements: number): Promise<boolean>;
    getCurrentCount(): number;
  }
  export interface HnswlibModule {
    HierarchicalNSW: new (space: 'l2' | 'ip' | 'cosine', dims: number, autoSaveFile: string) => HierarchicalNSW;
  }
  export function loadHnswlib(): Promise<HnswlibModule>;
  export function syncFileSystem(action: 'read' | 'write'): Promise<void>;
}
