import type { Evidence } from '../recommenders/recommender';
import type { Ranking } from './candidates';
import { evidenceShares, type WeightedProfile } from './explain';

/** A few things that a user likes are each served; of more, the list is about what they have in common. */
const MAX_ENTRIES = 5;
/** How many of the best rows for each place of the list are reordered. */
const POOL_FACTOR = 4;
/** How far a place belongs to the entry whose turn it is, against all entries together. */
const TURN_WEIGHT = 0.7;

/**
 * Reorders the best rows so that each of a few likes and interests gets its part of the list: proportional
 * diversification by the Sainte-Laguë method (PM-2; Dang & Croft 2012). An entry's part of a row is its exact share of
 * the score, and an equal part of what no entry explains, such as popularity.
 *
 * @param topK places that matter; later ones stay as they are
 * @returns the same rows, with the same scores in falling order
 */
export function serveEach(
  ranking: Ranking,
  evidence: readonly Evidence[],
  signals: readonly WeightedProfile[],
  topK: number,
): Ranking {
  const entries = evidence.flatMap(({ sign }, index) => (sign > 0 ? [index] : []));
  const size = Math.min(ranking.rows.length, POOL_FACTOR * topK);
  if (entries.length < 2 || entries.length > MAX_ENTRIES || size < 2) return ranking;
  const lowest = ranking.scores[size - 1];
  const parts = Array.from({ length: size }, (_, place) => {
    const shares = evidenceShares(ranking.rows[place], evidence, signals);
    const own = entries.map((index) => Math.max(0, shares[index]));
    const rest = Math.max(0, ranking.scores[place] - lowest - own.reduce((sum, share) => sum + share, 0));
    return own.map((share) => share + rest / entries.length);
  });
  const served = new Float64Array(entries.length);
  const left = new Set(parts.keys());
  const order: number[] = [];
  const wanted = Math.min(size, topK);
  while (order.length < wanted) {
    const quotients = served.map((count) => 1 / (2 * count + 1));
    const turn = quotients.indexOf(Math.max(...quotients));
    let best = -1;
    let highest = Number.NEGATIVE_INFINITY;
    for (const place of left) {
      let value = 0;
      for (let e = 0; e < entries.length; e++)
        value += (e === turn ? TURN_WEIGHT : 1 - TURN_WEIGHT) * quotients[e] * parts[place][e];
      if (value > highest) [best, highest] = [place, value];
    }
    left.delete(best);
    order.push(best);
    const total = parts[best].reduce((sum, part) => sum + part, 0) || 1;
    for (let e = 0; e < entries.length; e++) served[e] += parts[best][e] / total;
  }
  const rest = Array.from(ranking.rows.keys()).filter((place) => place >= size || left.has(place));
  return { rows: Uint32Array.from([...order, ...rest], (place) => ranking.rows[place]), scores: ranking.scores };
}
