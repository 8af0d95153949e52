import type { Ranking } from './candidates';
import { mmr } from './mmr';

/** MMR weighs so many candidates for each place of the list, and reorders no further than so many places. */
const MMR_POOL_FACTOR = 5;
const MAX_MMR_PLACES = 100;

/** How similar two catalog rows are, about [0, 1]. */
export type Similarity = (a: number, b: number) => number;

/** How many of the best rows have to be ranked for a list of `topK`: MMR's pool, and the list itself. */
export const rankedPlaces = (topK: number): number =>
  Math.max(topK, MAX_MMR_PLACES, MMR_POOL_FACTOR * Math.min(topK, MAX_MMR_PLACES));

/**
 * Cuts a list from a ranking, trading relevance for variety by MMR in the places that people look at.
 *
 * @param diversity 0 (pure relevance) … 1
 * @returns rows of the list, in order
 */
export function diversify(
  { rows, scores }: Ranking,
  topK: number,
  diversity: number,
  similarity: Similarity,
): number[] {
  const places = Math.min(topK, MAX_MMR_PLACES);
  const pool = rows.subarray(0, rankedPlaces(places));
  const picked = diversity > 0 ? mmr(pool, scores, places, diversity, similarity) : [];
  const taken = new Set(picked);
  for (let position = 0; picked.length < Math.min(topK, rows.length); position++)
    if (!taken.has(position)) picked.push(position);
  return picked.map((position) => rows[position]);
}

/** Intra-list diversity: the mean of 1 − similarity over all pairs of a list, 0 … 1; 0 for fewer than two items. */
export function listDiversity(rows: readonly number[], similarity: Similarity): number {
  let sum = 0;
  for (let i = 1; i < rows.length; i++) for (let j = 0; j < i; j++) sum += 1 - similarity(rows[i], rows[j]);
  const pairs = (rows.length * (rows.length - 1)) / 2;
  return pairs > 0 ? Math.min(1, Math.max(0, sum / pairs)) : 0;
}
