import 'server-only';
import { and, desc, eq } from 'drizzle-orm';
import { getManifest } from '../catalog';
import { segmentTrend, trend } from '../store/schema';
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

/** The same among those who told one thing of themselves, such as `language:nl`. */
export async function segmentItems(domain: string, segment: string, limit: number): Promise<LiveItem[]> {
  const found = await store().run((db) =>
    db
      .select({ id: segmentTrend.item, log: segmentTrend.logWeight })
      .from(segmentTrend)
      .where(and(eq(segmentTrend.domain, domain), eq(segmentTrend.segment, segment)))
      .orderBy(desc(segmentTrend.logWeight), segmentTrend.item)
      .limit(limit),
  );
  return toWeights(found, halfLife('month'));
}

function toWeights(found: { id: string; log: number }[], halfLife: number): LiveItem[] {
  const now = Date.now();
  return found
    .map(({ id, log }) => ({ id, weight: weightNow(log, now, halfLife) }))
    .filter(({ weight }) => weight >= LEAST_WEIGHT);
}
