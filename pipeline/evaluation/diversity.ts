import type { Engine } from '../../lib/engine/engine';
import { estimate } from '../metrics/bootstrap';
import { intraListDiversity, ndcg } from '../metrics/ranking-metrics';
import { HYBRID } from './compared-recommenders';
import { rank } from './measure';
import type { DiversityResults } from './schema';
import type { HeldOutUser } from './split';

/** Diversity = 1 − λ, from 0 to 0.5. */
const STEPS = Array.from({ length: 11 }, (_, i) => i / 20);
/** The largest relative loss of NDCG@10 that is acceptable for a default diversity. */
export const MAX_NDCG_LOSS = 0.02;
/** MMR re-ranks lists of the length that the page shows. */
const LIST_LENGTH = 20;

/** The diversities to measure, ascending: the fixed steps and the product's default. */
export const diversitiesToMeasure = (inForce: number): number[] =>
  [...new Set([...STEPS, inForce])].sort((a, b) => a - b);

/** Measures hybrid mode at one diversity. */
export function measureDiversity(
  engine: Engine,
  users: readonly HeldOutUser[],
  diversity: number,
  seed: number,
): DiversityResults['points'][number] {
  const lists = users.map(({ history }) =>
    rank(engine, HYBRID, history, { topK: LIST_LENGTH, diversity }).map(({ id }) => id),
  );
  const estimateOf = (metric: (list: string[], user: number) => number) => estimate(lists.map(metric), seed);
  return {
    diversity,
    ndcg10: estimateOf((list, user) => ndcg(list, new Set(users[user].hidden), 10)),
    diversity20: estimateOf((list) => intraListDiversity(list, (a, b) => engine.similarity(a, b))),
  };
}

/** The largest diversity that, like every smaller one, loses at most 2 % of NDCG@10. */
export function largestDiversity(points: DiversityResults['points']): number {
  const [relevance] = points;
  const floor = (1 - MAX_NDCG_LOSS) * relevance.ndcg10.mean;
  const firstBelow = points.findIndex(({ ndcg10 }) => ndcg10.mean < floor);
  return points[firstBelow < 0 ? points.length - 1 : firstBelow - 1].diversity;
}
