// The index is the browser's own, which speaks of IndexedDB; fake-indexeddb stands in for that in Node.
/// <reference lib="dom" />
import type { Engine } from '../../lib/engine/engine';
import { ExactIndex } from '../../lib/engine/vector-index/exact';
import { HnswIndex } from '../../lib/hnsw/hnsw-index';
import { buildHnswGraph } from '../artifacts/build-hnsw';
import type { Progress } from '../io/progress';
import { estimate } from '../metrics/bootstrap';
import { cut, requestOf } from './measure';
import { HYBRID, LENGTHS } from './rows';
import type { AnnTrial } from './schema';
import type { HeldOutUser } from './split';

const K = 100;

/**
 * How many of the 100 vectors of largest inner product the shipped kind of graph finds, for the latent vectors of these
 * users. Null where there are no factors to be indexed.
 */
export async function annTrial(
  engine: Engine,
  users: readonly HeldOutUser[],
  { seed, progress }: { seed: number; progress: Progress },
): Promise<AnnTrial | null> {
  const queries = LENGTHS.map((length) =>
    users.flatMap(
      ({ history }) =>
        engine.session(requestOf(HYBRID, cut(history, length)), { latentUser: 'fold-in' }).userFactors() ?? [],
    ),
  );
  const dims = queries.flat()[0]?.length;
  if (dims === undefined) return null;
  const factors = engine.itemFactors();
  const graph = await buildHnswGraph(factors, dims, seed, progress);
  const approximate = await HnswIndex.open(graph, factors, `${engine.info.id}.evaluation`);
  const exact = new ExactIndex(factors, dims);
  return {
    size: exact.size,
    k: K,
    lengths: LENGTHS.map((length, i) => {
      const recalls = queries[i].map((query) => {
        const truth = exact.search(query, K);
        const found = new Set(approximate.search(query, K));
        return truth.filter((row) => found.has(row)).length / truth.length;
      });
      return { length, users: recalls.length, recall: estimate(recalls, seed) };
    }),
  };
}
