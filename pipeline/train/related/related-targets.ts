import { mulberry32 } from '../../../lib/math/random';
import { shuffle } from '../../../lib/math/shuffle';
import type { Dataset } from '../../dataset/dataset';
import { judgedBySeed } from '../../dataset/judged';
import type { UserLikes } from '../../dataset/likes';
import type { DomainFolder } from '../../domain-folder/read';
import type { RelatedTarget, RelatedTargets } from './fit-related';

/** Fewer judged pairs would not fit the weights; what users chose one after another does then. */
const MIN_JUDGED = 100;
/** Seeds are sampled from what users chose; more change the weights by less than their rounding. */
const MAX_SEEDS = 1200;
/** Each target is kept with a probability that falls with its popularity: n^−½, as inverse propensity. */
const PROPENSITY_POWER = 0.5;

/** The judged pairs of a folder among the warm items, by seed. */
export function judgedTargets(folder: DomainFolder, dataset: Dataset): RelatedTarget[] {
  const rowOf = rowsById(dataset);
  const bySeed = judgedBySeed(folder, (id) => rowOf.has(id));
  return Array.from(bySeed, ([seed, related]) => ({
    seed: rowOf.get(seed)!,
    related: related.map((id) => rowOf.get(id)!),
  }));
}

/**
 * What relatedness is fitted to: judged pairs where a catalog has enough of them, else what held-out users chose next
 * to each other, popular targets less often (Schnabel et al. 2016).
 *
 * @param users whom no model was trained on
 */
export function relatedTargets(
  folder: DomainFolder,
  dataset: Dataset,
  users: readonly UserLikes[],
  seed: number,
): RelatedTargets {
  const judged = judgedTargets(folder, dataset);
  if (judged.reduce((sum, { related }) => sum + related.length, 0) >= MIN_JUDGED)
    return { areJudged: true, targets: judged };
  const rowOf = rowsById(dataset);
  const random = mulberry32(seed);
  const pairs: RelatedTarget[] = [];
  for (const { likes } of users) {
    const rows = inOrder(likes).flatMap(({ id }) => rowOf.get(id) ?? []);
    for (let i = 1; i < rows.length; i++) {
      if (rows[i] === rows[i - 1] || random() > dataset.popularity[rows[i]] ** -PROPENSITY_POWER) continue;
      pairs.push({ seed: rows[i - 1], related: [rows[i]] });
    }
  }
  shuffle(pairs, random);
  return { areJudged: false, targets: [...judged, ...pairs.slice(0, MAX_SEEDS)] };
}

function rowsById({ items, warmItems }: Dataset): Map<string, number> {
  return new Map(items.slice(0, warmItems).map(({ id }, row) => [id, row]));
}

/** By time where every like has one; files without times list them in the order chosen. */
function inOrder(likes: UserLikes['likes']): UserLikes['likes'] {
  return likes.every(({ timestamp }) => timestamp !== undefined)
    ? likes.toSorted((a, b) => a.timestamp! - b.timestamp!)
    : likes;
}
