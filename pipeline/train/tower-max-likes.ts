import { Engine, type EngineParts } from '../../lib/engine/engine';
import type { Mlp } from '../../lib/math/mlp';
import { mulberry32 } from '../../lib/math/random';
import { shuffle } from '../../lib/math/shuffle';
import type { UserLikes } from '../dataset/likes';
import { ndcg } from '../metrics/ranking-metrics';

/** The longest history for which the tower is considered. The fold-in is better for long ones. */
const MAX_LIKES = 10;
const MAX_USERS = 400;
/** Cutoff of NDCG. */
const DEPTH = 100;

/**
 * Finds up to how many likes the user tower ranks better than the closed-form fold-in, each as the only signal:
 * compares NDCG@100 on validation users, with histories cut to 1, 2, … items, until the fold-in is better.
 *
 * @param parts an engine without the tower
 * @returns 0 if the fold-in is better from the start
 */
export function findTowerMaxLikes(parts: EngineParts, tower: Mlp, users: readonly UserLikes[], seed: number): number {
  const foldInEngine = new Engine({ ...parts, tower: undefined }, () => 0);
  const manifest = { ...parts.manifest, towerMostLikes: MAX_LIKES };
  const towerEngine = new Engine({ ...parts, tower, manifest }, () => 0);
  const random = mulberry32(seed);
  const cases = users.slice(0, MAX_USERS).flatMap(({ likes }) => {
    const entries = likes.map(({ id }) => ({ id }));
    shuffle(entries, random);
    const hidden = Math.max(1, Math.floor(entries.length / 5));
    return entries.length > 1 ? [{ hidden: entries.slice(0, hidden), given: entries.slice(hidden) }] : [];
  });
  const quality = (engine: Engine, length: number): number => {
    let sum = 0;
    for (const { hidden, given } of cases) {
      const history = given.slice(0, length);
      const { items } = engine.recommend(
        { mode: 'collaborative', history, topK: DEPTH, withoutReasons: true },
        { weights: { latent: 1 } },
      );
      const ranking = items.map(({ id }) => id);
      sum += ndcg(ranking, new Set(hidden.map(({ id }) => id)), DEPTH);
    }
    return sum;
  };
  let likes = 0;
  while (likes < MAX_LIKES && quality(towerEngine, likes + 1) > quality(foldInEngine, likes + 1)) likes++;
  return likes;
}
