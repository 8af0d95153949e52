/** Finds the vectors with the largest inner product with a query. Rows are catalog rows. */
export interface VectorIndex<Kind extends string = 'hnsw' | 'exact'> {
  readonly kind: Kind;
  readonly size: number;
  /**
   * @param query of the vectors' dimensions
   * @param k number of rows
   * @returns rows, largest inner product first; fewer than `k` if the index is smaller
   */
  search(query: Float32Array, k: number): Uint32Array;
}
