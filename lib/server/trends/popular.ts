import 'server-only';
import type { ItemSummary } from '../../contracts/engine';
import type { Engine } from '../../engine/engine';
import type { LiveItem } from './trending';

/** What filled a place: people of late, or those of the data that the catalog was built from. */
export type PopularLevel = 'live' | 'prior';

export interface PopularItem extends ItemSummary {
  level: PopularLevel;
}

/**
 * What the data set is worth beside the visitors, in weights: with twice as much done lately, its share is a third. The mean of
 * a Dirichlet prior of this strength, with the shares of the data as its base, after the live weights have been seen.
 */
export const PRIOR_WEIGHT = 20_000;

/** Down to here live weights move items; below, everything stands as in the data. */
const MIXED_PLACES = 5_000;

/**
 * Popular items, the live weights blended with the prior of the data: in the order of live + {@link PRIOR_WEIGHT} · share of the
 * interactions. Without live weights it is the order of the data.
 *
 * @param live items with their decayed weights, in any order; those that the catalog does not know are passed over
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

/** What most was done with lately, and behind it what is popular, so that the list is as long as was asked where the catalog is. */
export function fillTrending(engine: Engine, live: readonly LiveItem[], limit: number): PopularItem[] {
  const trending = engine
    .items(live.map(({ id }) => id))
    .slice(0, limit)
    .map((item): PopularItem => ({ ...item, level: 'live' }));
  const there = new Set(trending.map(({ id }) => id));
  const rest = engine
    .popular(limit + there.size)
    .filter(({ id }) => !there.has(id))
    .map((item): PopularItem => ({ ...item, level: 'prior' }));
  return [...trending, ...rest].slice(0, limit);
}
