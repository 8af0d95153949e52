import 'server-only';
import type { ItemSummary } from '../../contracts/engine';
import type { Engine } from '../../engine/engine';
import type { LiveItem } from './trending';

/** Why an item has its place: recent events, or the data set that the catalog was built from. */
export type PopularLevel = 'live' | 'prior';

export interface PopularItem extends ItemSummary {
  level: PopularLevel;
}

/**
 * Strength of the Dirichlet prior whose base are the shares of the data set, in live weights: with as much live weight,
 * data and recent events count the same; with twice as much, the data counts a third. See
 * docs/adr/0011-the-shared-side.md.
 *
 * It is twice the engine's PRIOR_STRENGTH (lib/engine/recommenders/popular.ts) because the weights differ: here they
 * are those of the window `popular`, whose half-life is 7 days by default, there those of `week`, whose half-life is
 * 3.5 days. At a constant rate of events the sum of the weights is h / ln 2 times the rate, so that in both places the
 * data counts the same as about 2,000 weights a day. First lists use this constant with the window `month` (half-life
 * 15 days); for them it is about 900 a day.
 */
export const PRIOR_WEIGHT = 20_000;

/** Live weights move items within the first places only; behind, the order is that of the data. */
const MIXED_PLACES = 5_000;

/**
 * Popular items by live weight + {@link PRIOR_WEIGHT} · share of the interactions, the mean of the posterior. Without
 * live weights this is the order of the data.
 *
 * @param live items with their live weights, in any order; unknown ids are ignored
 * @param interactions of the whole data set
 */
export function blendPopular(
  engine: Engine,
  live: readonly LiveItem[],
  interactions: number,
  { limit, offset }: { limit: number; offset: number },
): PopularItem[] {
  const asPrior = (item: ItemSummary): PopularItem => ({ ...item, level: 'prior' });
  if (live.length === 0 || offset + limit > MIXED_PLACES) return engine.popular(limit, offset).map(asPrior);
  const weights = new Map(live.map(({ id, weight }) => [id, weight]));
  const priorOf = ({ popularity }: ItemSummary) => (PRIOR_WEIGHT * popularity) / Math.max(1, interactions);
  const risen = engine
    .items([...weights.keys()])
    .map((item) => ({ item: { ...item, level: 'live' as const }, score: weights.get(item.id)! + priorOf(item) }))
    .sort((a, b) => b.score - a.score || b.item.popularity - a.item.popularity);
  const result: PopularItem[] = [];
  let next = 0;
  for (const item of engine.popular(offset + limit)) {
    if (weights.has(item.id)) continue;
    const score = priorOf(item);
    while (next < risen.length && risen[next].score >= score) result.push(risen[next++].item);
    result.push(asPrior(item));
  }
  while (next < risen.length) result.push(risen[next++].item);
  return result.slice(offset, offset + limit);
}

/**
 * Trending items, then popular ones until the list has `limit` items or the catalog ends.
 *
 * @param live items by live weight, highest first; unknown ids are ignored
 */
export function fillTrending(engine: Engine, live: readonly LiveItem[], limit: number): PopularItem[] {
  const trending = engine
    .items(live.map(({ id }) => id))
    .slice(0, limit)
    .map((item): PopularItem => ({ ...item, level: 'live' }));
  const listed = new Set(trending.map(({ id }) => id));
  const rest = engine
    .popular(limit + listed.size)
    .filter(({ id }) => !listed.has(id))
    .map((item): PopularItem => ({ ...item, level: 'prior' }));
  return [...trending, ...rest].slice(0, limit);
}
