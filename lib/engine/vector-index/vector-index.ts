/** Finds the stored vectors with the largest inner product with a query. Row numbers are catalog rows. */
export interface VectorIndex<Kind extends string = 'hnsw' | 'exact'> {
  readonly kind: Kind;
  readonly size: number;
  /**
   * @param query dims numbers
   * @param k how many rows; fewer come back where fewer are stored
   * @returns rows, largest inner product first
   */
  search(query: Float32Array, k: number): Uint32Array;
}
