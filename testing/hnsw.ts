import type { HnswGraph } from '../lib/format/hnsw';
import { buildHnswGraph } from '../pipeline/artifacts/build-hnsw';
import { silentProgress } from '../pipeline/io/progress';

/**
 * The graph that the pipeline builds over these factors.
 *
 * @param factors row-major, size × dims
 */
export const hnswGraphOf = (factors: Float32Array, dims: number): Promise<HnswGraph> =>
  buildHnswGraph(factors, dims, 1, silentProgress);
