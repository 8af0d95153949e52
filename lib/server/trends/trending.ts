import 'server-only';
import { and, desc, eq } from 'drizzle-orm';
import { getManifest } from '../engines';
import { segmentTrend, trend, visitor } from '../store/schema';
import { store } from '../store/store';
import { weightNow } from './decay';
import { halfLife, type Window } from './windows';

/** An item with the decayed weight of what was done with it lately. */
export interface LiveItem {
  id: string;
  weight: number;
}

/** Weights below this are what is left of a view of weeks ago. */
const LEAST_WEIGHT = 1e-3;

/** What most was done with lately, highest first; empty where nothing was, or the store cannot be reached. */
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

/** With fewer visitors, what a segment did would be what somebody did. */
export const LEAST_OF_SEGMENT = 10;

/** Where a visitor's row has what the segments are named by. */
const SEGMENT_COLUMNS = { age: visitor.ageBand, region: visitor.region, language: visitor.language };

/**
 * The same among those who told one thing of themselves, such as `language:nl`; empty where fewer than {@link LEAST_OF_SEGMENT}
 * did.
 */
export async function segmentItems(domain: string, segment: string, limit: number): Promise<LiveItem[]> {
  const [name, value] = segment.split(/:(.*)/s);
  const column = SEGMENT_COLUMNS[name as keyof typeof SEGMENT_COLUMNS];
  if (!column) return [];
  const found = await store().run(async (db) => {
    const members = await db.select({ id: visitor.id }).from(visitor).where(eq(column, value)).limit(LEAST_OF_SEGMENT);
    if (members.length < LEAST_OF_SEGMENT) return [];
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
    .filter(({ weight }) => weight >= LEAST_WEIGHT);
}
