import 'server-only';
import { and, desc, eq } from 'drizzle-orm';
import { getManifest } from '../engines';
import { segmentTrend, trend, visitor } from '../store/schema';
import { store } from '../store/store';
import { weightNow } from './decay';
import { halfLife, type Window } from './half-lives';

/** An item with its live weight: the decayed sum of the weights of its recent events. */
export interface LiveItem {
  id: string;
  weight: number;
}

/** A view, of weight 1, falls below this after ten half-lives. */
const MIN_WEIGHT = 1e-3;

/**
 * The items with the highest live weight in a window, highest first.
 *
 * @param domain name of a domain that exists
 * @throws STORE_UNAVAILABLE
 */
export async function liveItems(domain: string, window: Window, limit: number): Promise<LiveItem[]> {
  const { halfLifeDays } = (await getManifest(domain)).domain;
  const found = await store().run((db) =>
    db
      .select({ id: trend.item, log: trend.logWeight })
      .from(trend)
      .where(and(eq(trend.domain, domain), eq(trend.window, window)))
      .orderBy(desc(trend.logWeight), trend.item)
      .limit(limit),
  );
  return toWeights(found, halfLife(window, halfLifeDays));
}

/** Of a smaller segment nothing is shown: its trend would reveal what one visitor did. */
export const MIN_SEGMENT_VISITORS = 10;

/** The visitor column that each kind of segment is about. */
const SEGMENT_COLUMNS = { age: visitor.ageBand, region: visitor.region, language: visitor.language };

/**
 * The items with the highest live weight in a segment, over a month, highest first.
 *
 * @param segment such as `language:nl`
 * @returns empty for a segment of fewer than {@link MIN_SEGMENT_VISITORS} visitors
 * @throws STORE_UNAVAILABLE
 */
export async function segmentItems(domain: string, segment: string, limit: number): Promise<LiveItem[]> {
  const [name, value] = segment.split(/:(.*)/s);
  const column = SEGMENT_COLUMNS[name as keyof typeof SEGMENT_COLUMNS];
  if (!column) return [];
  const found = await store().run(async (db) => {
    const members = await db
      .select({ id: visitor.id })
      .from(visitor)
      .where(eq(column, value))
      .limit(MIN_SEGMENT_VISITORS);
    if (members.length < MIN_SEGMENT_VISITORS) return [];
    return db
      .select({ id: segmentTrend.item, log: segmentTrend.logWeight })
      .from(segmentTrend)
      .where(and(eq(segmentTrend.domain, domain), eq(segmentTrend.segment, segment)))
      .orderBy(desc(segmentTrend.logWeight), segmentTrend.item)
      .limit(limit);
  });
  return toWeights(found, halfLife('month'));
}

function toWeights(found: { id: string; log: number }[], halfLife: number): LiveItem[] {
  const now = Date.now();
  return found
    .map(({ id, log }) => ({ id, weight: weightNow(log, now, halfLife) }))
    .filter(({ weight }) => weight >= MIN_WEIGHT);
}
