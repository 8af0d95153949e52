import 'server-only';
import { LRUCache } from 'lru-cache';
import type { VisitorProfile } from '../../contracts/events';
import type { Engine } from '../../engine/engine';
import { singleton } from '../singleton';
import type { LiveWeights } from '../trends/live-weights';
import { blendPopular, type PopularItem, PRIOR_WEIGHT } from '../trends/popular';
import { type LiveItem, segmentItems } from '../trends/trending';
import type { Level } from './levels';

/**
 * m, the strength of the prior that all visitors are for a segment, in live weights. With about 700 likes (of weight 3)
 * a segment counts as much as all visitors together, with fewer it counts less, so that a handful of visitors does not
 * decide what their segment is shown.
 */
export const SHRINKAGE = 2_000;

/** Items read of a segment. */
const MAX_ITEMS = 200;
const CACHE_TTL_MS = 10_000;
/** Segments cached, of all domains together. */
const MAX_SEGMENTS = 1_000;

/** The segments that a visitor belongs to, such as `age:25–34`, `region:NL`, `language:nl`. */
export function segmentsOf({ ageBand, region, language }: VisitorProfile): string[] {
  return [
    ...(ageBand ? [`age:${ageBand}`] : []),
    ...(region ? [`region:${region}`] : []),
    ...(language ? [`language:${language}`] : []),
  ];
}

/**
 * The items of a segment with their live weights, at most 10 seconds old.
 *
 * @throws STORE_UNAVAILABLE
 */
export function readSegment(domain: string, segment: string): Promise<LiveItem[]> {
  const cached = singleton('segments', () => {
    return new LRUCache<string, Promise<LiveItem[]>>({ max: MAX_SEGMENTS, ttl: CACHE_TTL_MS });
  });
  const key = `${domain}/${segment}`;
  const before = cached.get(key);
  if (before) return before;
  const reading = segmentItems(domain, segment, MAX_ITEMS);
  cached.set(key, reading);
  reading.catch(() => cached.delete(key));
  return reading;
}

/** An item's live weight in one segment. */
export interface Observed {
  weight: number;
  /** Sum over all items of the segment. */
  total: number;
}

/**
 * An item's share in a segment, shrunk towards its share with all visitors: the posterior mean (w + m · g) / (W + m)
 * under a Dirichlet prior of strength m = {@link SHRINKAGE} around the global shares, as in empirical Bayes.
 *
 * @param globalShare g, the share with all visitors, 0 … 1
 */
export const shrunkShare = ({ weight, total }: Observed, globalShare: number): number =>
  (weight + SHRINKAGE * globalShare) / (total + SHRINKAGE);

/**
 * How much several segments together raise an item over its global share: the mean of log(share in the segment / global
 * share), each weighted by c = W / (W + m), the weight of the segment's own events. A segment without events has no
 * influence; without any the result is 0. With equal c, ordering by log(g) plus this is the geometric mean of the
 * shares, a logarithmic opinion pool.
 *
 * @param globalShare g, above 0
 */
export function segmentLift(observed: readonly Observed[], globalShare: number): number {
  let sum = 0;
  let confidences = 0;
  for (const segment of observed) {
    const confidence = segment.total / (segment.total + SHRINKAGE);
    sum += confidence * Math.log(shrunkShare(segment, globalShare) / globalShare);
    confidences += confidence;
  }
  return confidences > 0 ? sum / confidences : 0;
}

export interface SegmentItem extends Omit<PopularItem, 'level'> {
  level: Extract<Level, 'segment' | 'popular' | 'prior'>;
}

/**
 * Items that are popular in a visitor's segments, by log(global share) + {@link segmentLift}. The global share is that
 * of {@link blendPopular}: live weights blended with the prior. Without events in any segment the order is that of
 * `blendPopular`. An item has the level `segment` if the segments raise it.
 *
 * @param segments the live weights of each segment; unknown ids are ignored
 */
export function blendSegments(
  engine: Engine,
  segments: readonly (readonly LiveItem[])[],
  { items: live, interactions }: Pick<LiveWeights, 'items' | 'interactions'>,
  limit: number,
): SegmentItem[] {
  const nonEmpty = segments
    .map((items) => ({
      total: items.reduce((sum, { weight }) => sum + weight, 0),
      weightOf: new Map(items.map(({ id, weight }) => [id, weight])),
    }))
    .filter(({ total }) => total > 0);
  const globalWeights = new Map(live.map(({ id, weight }) => [id, weight]));
  // `live` has the first items only. Members of a segment are visitors too, so that the global weight of an item is at
  // least its weight in any segment.
  for (const { weightOf } of nonEmpty) {
    for (const [id, weight] of weightOf) globalWeights.set(id, Math.max(weight, globalWeights.get(id) ?? 0));
  }
  const weights = Array.from(globalWeights, ([id, weight]) => ({ id, weight }));
  const total = weights.reduce((sum, { weight }) => sum + weight, PRIOR_WEIGHT);
  // Items without weight in a segment keep the global order, so that the first of them suffice; the others may come
  // from far below.
  const first = blendPopular(engine, weights, interactions, { limit: limit + weights.length, offset: 0 });
  const listed = new Set(first.map(({ id }) => id));
  const below = engine
    .items(nonEmpty.flatMap(({ weightOf }) => [...weightOf.keys()].filter((id) => !listed.has(id))))
    .map((item): PopularItem => ({ ...item, level: 'live' }));
  const scored = new Map([...first, ...below].map((item) => [item.id, item]));
  return (
    Array.from(scored.values(), (item) => {
      const prior = (PRIOR_WEIGHT * item.popularity) / Math.max(1, interactions);
      const share = ((globalWeights.get(item.id) ?? 0) + prior) / total;
      const observed = nonEmpty.map(({ weightOf, total }) => ({ weight: weightOf.get(item.id) ?? 0, total }));
      const lift = share > 0 ? segmentLift(observed, share) : 0;
      const level: SegmentItem['level'] = lift > 0 ? 'segment' : item.level === 'live' ? 'popular' : 'prior';
      return { item: { ...item, level }, score: Math.log(share) + lift };
    })
      // The sort is stable: items of equal score, such as two without interactions, keep the global order.
      .sort((a, b) => (a.score === b.score ? 0 : a.score > b.score ? -1 : 1))
      .slice(0, limit)
      .map(({ item }) => item)
  );
}
