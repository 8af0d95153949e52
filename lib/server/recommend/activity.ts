import 'server-only';
import { sql } from 'drizzle-orm';
import { InkpickError } from '../../contracts/errors';
import { cache } from '../cache/cache';
import type { Database } from '../store/database';
import { rows } from '../store/rows';
import { store } from '../store/store';

/** Users with at least this quantile of the number of events are the most active ones. */
const ACTIVE_QUANTILE = 0.9;
const IS_RECENT = sql.raw(`received_at > now() - interval '7 days'`);

/** Events of the last 7 days that the most active 10 % of API users have at least; null if there are no API users. */
export async function readThreshold(db: Database): Promise<number | null> {
  const [{ threshold }] = await rows<{ threshold: number | null }>(
    db,
    sql`select percentile_disc(${ACTIVE_QUANTILE}) within group (order by events)::int as threshold
        from (select count(*) as events from event join visitor on visitor.id = event.visitor
          where ${IS_RECENT} and visitor.kind = 'api' group by event.visitor) as active`,
  );
  return threshold;
}

async function readEvents(db: Database, user: string): Promise<number> {
  const [{ events }] = await rows<{ events: number }>(
    db,
    sql`select count(*)::int as events from event where visitor = ${user} and ${IS_RECENT}`,
  );
  return events;
}

/**
 * Whether an API user is among the 10 % with the most events in the last 7 days, as of at most 10 minutes ago. False
 * when the store is unavailable.
 */
export async function isMostActive(user: string): Promise<boolean> {
  try {
    const [threshold, events] = await Promise.all([
      cache().get('activity', 'threshold', () => store().run(readThreshold)),
      cache().get('activity', user, () => store().run((db) => readEvents(db, user))),
    ]);
    return threshold !== null && events >= threshold;
  } catch (error) {
    if (error instanceof InkpickError && error.code === 'STORE_UNAVAILABLE') return false;
    throw error;
  }
}
