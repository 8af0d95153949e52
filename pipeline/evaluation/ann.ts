// HnswIndex is the browser's and refers to IndexedDB; in Node fake-indexeddb provides it.
/// <reference lib="dom" />
import type { Engine } from '../../lib/engine/engine';
import { ExactIndex } from '../../lib/engine/vector-index/exact';
import { HnswIndex } from '../../lib/hnsw/hnsw-index';
import { buildHnswGraph } from '../artifacts/build-hnsw';
import type { Progress } from '../io/progress';
import { estimate } from '../metrics/bootstrap';
import { HYBRID, LENGTHS } from './compared-recommenders';
import { cutHistory, requestOf } from './measure';
import type { AnnResults } from './schema';
import type { HeldOutUser } from './split';

const K = 100;

/**
 * Recall@100 of an HNSW graph, built as for a release, against the exact scan, with the latent vectors of these users
 * as queries.
 *
 * @returns null if no item has factors
 */
export async function measureAnnRecall(
  engine: Engine,
  users: readonly HeldOutUser[],
  { seed, progress }: { seed: number; progress: Progress },
): Promise<AnnResults | null> {
  const queries = LENGTHS.map((length) =>
    users.flatMap(({ history }) => {
      const request = requestOf(HYBRID, cutHistory(history, length));
      return engine.session(request, { latentUser: 'fold-in' }).userFactors() ?? [];
    }),
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
