import 'server-only';
import { sql } from 'drizzle-orm';
import { InkpickError } from '../../contracts/errors';
import { cache } from '../cache/cache';
import type { Database } from '../store/database';
import { rows } from '../store/rows';
import { store } from '../store/store';

/** The most active users are those at or above this quantile of the events of all. */
const MOST_ACTIVE_FROM = 0.9;
const LATELY = sql.raw(`received_at > now() - interval '7 days'`);

/** How many events of 7 days a user must have to be among the most active 10 % of API users; null where there is none. */
export async function readThreshold(db: Database): Promise<number | null> {
  const [{ threshold }] = await rows<{ threshold: number | null }>(
    db,
    sql`select percentile_disc(${MOST_ACTIVE_FROM}) within group (order by events)::int as threshold
        from (select count(*) as events from event join visitor on visitor.id = event.visitor
          where ${LATELY} and visitor.kind = 'api' group by event.visitor) as active`,
  );
  return threshold;
}

async function readEvents(db: Database, user: string): Promise<number> {
  const [{ events }] = await rows<{ events: number }>(
    db,
    sql`select count(*)::int as events from event where visitor = ${user} and ${LATELY}`,
  );
  return events;
}

/**
 * Whether a user of the API is among the 10 % who had the most events in the last 7 days, as it was at most 10 minutes ago. Nobody is where
 * that cannot be known because the store cannot be reached.
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
