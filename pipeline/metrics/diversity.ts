import type { Engine } from '../../lib/engine/engine';
import { rank } from '../evaluation/measure';
import { HYBRID } from '../evaluation/rows';
import type { DiversityTrial } from '../evaluation/schema';
import type { HeldOutUser } from '../evaluation/split';
import { estimate } from './bootstrap';
import { intraListDiversity, ndcg } from './ranking-metrics';

/** Diversity = 1 − λ, from none to a half. */
const STEPS = Array.from({ length: 11 }, (_, i) => i / 20);
/** How much of NDCG@10 a default may give up. */
export const MOST_GIVEN_UP = 0.02;
/** MMR works on a list of the length that people see. */
const LIST = 20;

/** What is tried, ascending: the steps and what the product uses. */
export const diversitiesWith = (inForce: number): number[] => [...new Set([...STEPS, inForce])].sort((a, b) => a - b);

/** One step of the trial: hybrid mode at one diversity. */
export function diversityPoint(
  engine: Engine,
  users: readonly HeldOutUser[],
  diversity: number,
  seed: number,
): DiversityTrial['points'][number] {
  const lists = users.map(({ history }) =>
    rank(engine, HYBRID, history, { topK: LIST, diversity }).map(({ id }) => id),
  );
  const measured = (value: (list: string[], user: number) => number) => estimate(lists.map(value), seed);
  return {
    diversity,
    ndcg10: measured((list, user) => ndcg(list, new Set(users[user].hidden), 10)),
    diversity20: measured((list) => intraListDiversity(list, (a, b) => engine.similarity(a, b))),
  };
}

/** The largest diversity that, like every smaller one, gives up no more than 2 % of NDCG@10. */
export function largestDiversity(points: DiversityTrial['points']): number {
  const [relevance] = points;
  const floor = (1 - MOST_GIVEN_UP) * relevance.ndcg10.mean;
  const tooMuch = points.findIndex(({ ndcg10 }) => ndcg10.mean < floor);
  return points[tooMuch < 0 ? points.length - 1 : tooMuch - 1].diversity;
}
