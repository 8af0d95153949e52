import 'server-only';
import { LRUCache } from 'lru-cache';
import type { VisitorProfile } from '../../contracts/events';
import type { Engine } from '../../engine/engine';
import { singleton } from '../singleton';
import type { Live } from '../trends/live';
import { blendPopular, type PopularItem, PRIOR_WEIGHT } from '../trends/popular';
import { type LiveItem, segmentItems } from '../trends/trending';
import type { Level } from './levels';

/**
 * m: what everybody is worth beside a segment, in weights. A segment of about seven hundred likes counts as much as all others
 * together; a smaller one says less than they do, so that no handful of visitors decides what those like them are shown.
 */
export const SHRINKAGE = 2_000;

/** So many items of a segment are looked at. */
const MOST_ITEMS = 200;
/** How old what is told of a segment may be. */
const FRESH_MILLISECONDS = 10_000;
/** The most segments held, of all domains together. */
const MOST_SEGMENTS = 1_000;

/** The names under which events are counted by what a visitor told: `age:25–34`, `region:NL`, `language:nl`. */
export function segmentsOf({ ageBand, region, language }: VisitorProfile): string[] {
  return [
    ...(ageBand ? [`age:${ageBand}`] : []),
    ...(region ? [`region:${region}`] : []),
    ...(language ? [`language:${language}`] : []),
  ];
}

/** Decayed weights of a segment's items, at most 10 seconds old. @throws STORE_UNAVAILABLE */
export function readSegment(domain: string, segment: string): Promise<LiveItem[]> {
  const kept = singleton('segments', () => {
    return new LRUCache<string, Promise<LiveItem[]>>({ max: MOST_SEGMENTS, ttl: FRESH_MILLISECONDS });
  });
  const key = `${domain}/${segment}`;
  const before = kept.get(key);
  if (before) return before;
  const reading = segmentItems(domain, segment, MOST_ITEMS);
  kept.set(key, reading);
  reading.catch(() => kept.delete(key));
  return reading;
}

/** An item's weight in one segment, and that of all items there together. */
export interface Observed {
  weight: number;
  total: number;
}

/**
 * An item's share of what a segment does, shrunk towards its share of what everybody does: the posterior mean
 * (w + m · g) / (W + m) under a Dirichlet prior of strength m = {@link SHRINKAGE} around the global shares, as in empirical Bayes.
 *
 * @param globalShare g, of everybody, 0 … 1
 */
export const shrunkShare = ({ weight, total }: Observed, globalShare: number): number =>
  (weight + SHRINKAGE * globalShare) / (total + SHRINKAGE);

/**
 * By how much several segments together raise an item over everybody's, in log: the mean of log(share of the segment / share of
 * all), each weighted by c = W / (W + m), by how much the segment itself has to say. One of which nothing is known does not
 * dilute the others; 0 where nothing is known of any. With equal c, ordering by log(g) plus this is the geometric mean of the
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
 * What is popular with those like the visitor: all items in the order of log(global share) + {@link segmentLift}, the global share
 * being the live weights blended with the prior, as in {@link blendPopular}. Without weights in any segment it is that order. An item
 * is of the level `segment` where the segments raise it.
 *
 * @param segments the decayed weights of each thing told; ids that the catalog does not know are passed over
 */
export function blendSegments(
  engine: Engine,
  segments: readonly (readonly LiveItem[])[],
  { items: live, interactions }: Pick<Live, 'items' | 'interactions'>,
  limit: number,
): SegmentItem[] {
  const told = segments
    .map((items) => ({
      total: items.reduce((sum, { weight }) => sum + weight, 0),
      weightOf: new Map(items.map(({ id, weight }) => [id, weight])),
    }))
    .filter(({ total }) => total > 0);
  const everybody = new Map(live.map(({ id, weight }) => [id, weight]));
  // Only the foremost live items are known. Whoever is of a segment is one of all: nothing weighs less with all than there.
  for (const { weightOf } of told) {
    for (const [id, weight] of weightOf) everybody.set(id, Math.max(weight, everybody.get(id) ?? 0));
  }
  const weights = Array.from(everybody, ([id, weight]) => ({ id, weight }));
  const total = weights.reduce((sum, { weight }) => sum + weight, PRIOR_WEIGHT);
  // What no segment names keeps the order of all, so that the foremost suffice; what one names may come from far below.
  const foremost = blendPopular(engine, weights, interactions, { limit: limit + weights.length, offset: 0 });
  const there = new Set(foremost.map(({ id }) => id));
  const below = engine
    .items(told.flatMap(({ weightOf }) => [...weightOf.keys()].filter((id) => !there.has(id))))
    .map((item): PopularItem => ({ ...item, level: 'live' }));
  const scored = new Map([...foremost, ...below].map((item) => [item.id, item]));
  return (
    Array.from(scored.values(), (item) => {
      const prior = (PRIOR_WEIGHT * item.popularity) / Math.max(1, interactions);
      const share = ((everybody.get(item.id) ?? 0) + prior) / total;
      const observed = told.map(({ weightOf, total }) => ({ weight: weightOf.get(item.id) ?? 0, total }));
      const lift = share > 0 ? segmentLift(observed, share) : 0;
      const level: SegmentItem['level'] = lift > 0 ? 'segment' : item.level === 'live' ? 'popular' : 'prior';
      return { item: { ...item, level }, score: Math.log(share) + lift };
    })
      // Stable, and so of equal score, as two items that nobody chose, the one that was before stays so.
      .sort((a, b) => (a.score === b.score ? 0 : a.score > b.score ? -1 : 1))
      .slice(0, limit)
      .map(({ item }) => item)
  );
}
