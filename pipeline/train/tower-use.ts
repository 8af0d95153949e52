import { Engine, type EngineParts } from '../../lib/engine/engine';
import type { Mlp } from '../../lib/math/mlp';
import { mulberry32 } from '../../lib/math/random';
import { shuffle } from '../../lib/math/shuffle';
import { ndcg } from '../metrics/ranking-metrics';
import type { ValidationUser } from './gate-samples';

/** The tower is for short histories: beyond this many likes the closed form knows better. */
const LONGEST = 10;
const MOST_USERS = 400;
const RANKED = 100;

/**
 * Up to how many likes the user tower finds better items than the closed-form fold-in does, both alone: NDCG@100 on
 * validation users, histories cut to 1, 2, … items, until the fold-in is the better.
 *
 * @returns 0 where the tower is never better
 */
export function usefulTower(parts: EngineParts, tower: Mlp, users: readonly ValidationUser[], seed: number): number {
  const foldIn = new Engine({ ...parts, tower: undefined }, () => 0);
  const manifest = { ...parts.manifest, towerMostLikes: LONGEST };
  const towered = new Engine({ ...parts, tower, manifest }, () => 0);
  const random = mulberry32(seed);
  const trials = users.slice(0, MOST_USERS).flatMap(({ likes }) => {
    const entries = likes.map(({ id }) => ({ id }));
    shuffle(entries, random);
    const hidden = Math.max(1, Math.floor(entries.length / 5));
    return entries.length > 1 ? [{ hidden: entries.slice(0, hidden), given: entries.slice(hidden) }] : [];
  });
  const quality = (engine: Engine, length: number): number => {
    let sum = 0;
    for (const { hidden, given } of trials) {
      const history = given.slice(0, length);
      const { items } = engine.recommend(
        { mode: 'collaborative', history, topK: RANKED, withoutReasons: true },
        { weights: { latent: 1 } },
      );
      const ranking = items.map(({ id }) => id);
      sum += ndcg(ranking, new Set(hidden.map(({ id }) => id)), RANKED);
    }
    return sum;
  };
  let useful = 0;
  while (useful < LONGEST && quality(towered, useful + 1) > quality(foldIn, useful + 1)) useful++;
  return useful;
}
