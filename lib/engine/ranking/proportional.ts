import type { ScoreSignal } from '../../contracts/engine';
import type { Evidence } from '../recommenders/recommender';
import { aboutSignals } from './about';
import { candidateCount, type Ranking } from './candidates';
import { evidenceShares, type WeightedProfile } from './explain';

/** A few things that a user likes are each served; of more, the list is about what they have in common. */
const MAX_ENTRIES = 5;
/** How many of the best rows for each place of the list are reordered: enough that each like has some among them. */
const POOL_FACTOR = 10;
/** How far a place belongs to the entry whose turn it is, against all entries together. */
const TURN_WEIGHT = 0.7;
/**
 * What the best score counts beside the row that is most about an entry. With more of it, family films would bring the
 * hits that everybody likes.
 */
const SCORE_SHARE = 0.5;

/** How many of the best rows have to be ranked for {@link serveEach}. */
export const servedPlaces = (topK: number): number => Math.min(candidateCount(topK), POOL_FACTOR * topK);

/**
 * Reorders the best rows so that each of a few likes and interests gets its part of the list: proportional
 * diversification by the Sainte-Laguë method (PM-2; Dang & Croft 2012). An entry's part of a row is how much the row is
 * about it, 1 for the row that is most so, and a part of the row's score.
 *
 * @param topK places that matter; later ones stay as they are
 * @returns the same rows, with the same scores in falling order
 */
export function serveEach(
  ranking: Ranking,
  evidence: readonly Evidence[],
  signals: readonly (WeightedProfile & { signal: ScoreSignal })[],
  topK: number,
): Ranking {
  const entries = evidence.flatMap(({ sign }, index) => (sign > 0 ? [index] : []));
  const size = Math.min(ranking.rows.length, servedPlaces(topK));
  if (entries.length < 2 || entries.length > MAX_ENTRIES || size < 2) return ranking;
  const parts = partsOf(ranking, size, evidence, entries, signals);
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

/** By place in the ranking, then by entry. */
function partsOf(
  { rows, scores }: Ranking,
  size: number,
  evidence: readonly Evidence[],
  entries: readonly number[],
  signals: readonly (WeightedProfile & { signal: ScoreSignal })[],
): number[][] {
  const about = aboutSignals(signals);
  const explaining = about.length > 0 ? about : signals;
  const own = Array.from({ length: size }, (_, place) => {
    const shares = evidenceShares(rows[place], evidence, explaining);
    // What is like something disliked is no good part for any entry.
    const disliked = shares.reduce(
      (sum, share, index) => (evidence[index].sign < 0 ? sum + Math.min(0, share) : sum),
      0,
    );
    return entries.map((index) => Math.max(0, shares[index] + disliked));
  });
  const most = entries.map((_, e) => Math.max(...own.map((parts) => parts[e])) || 1);
  const range = scores[0] - scores[size - 1] || 1;
  return own.map((parts, place) => {
    const score = (SCORE_SHARE * (scores[place] - scores[size - 1])) / range;
    return parts.map((part, e) => part / most[e] + score);
  });
}
