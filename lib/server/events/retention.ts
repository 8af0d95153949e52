import 'server-only';
import { type SQL, sql } from 'drizzle-orm';
import type { Database } from '../store/database';
import { rows } from '../store/rows';
import { logWeight } from '../trends/decay';
import { halfLife, TRENDING_WINDOWS } from '../trends/windows';
import { COOKIE_DAYS } from '../visitors/identity';

const DAY = 24 * 3600 * 1000;

/** A daily vote is of use on its day alone; a day more for instances whose clocks differ. */
const VOTE_DAYS = 2;
/** A weight that has decayed to less than this is of no use to anybody: a view of ten half-lives ago. */
const LEAST_WEIGHT = 1e-3;

/** Rows of one statement, so that nobody waits long behind it. */
const PORTION = 5000;

async function deleteWhere(db: Database, table: string, condition: SQL): Promise<void> {
  const name = sql.identifier(table);
  for (let deleted = PORTION; deleted === PORTION; ) {
    const gone = await rows(
      db,
      sql`delete from ${name} where ctid = any(array(select ctid from ${name} where ${condition} limit ${PORTION})) returning 1`,
    );
    deleted = gone.length;
  }
}

/**
 * Forgets what is no longer needed: events one by one after some days, daily votes of past days, weights that have decayed to nothing, and
 * visitors whom no browser can be any more, since the last cookie of theirs has run out.
 */
export async function forgetOld(db: Database, days: number, now = Date.now()): Promise<void> {
  const oldest = sql`${new Date(now - days * DAY).toISOString()}::timestamptz`;
  const unseen = sql`${new Date(now - (COOKIE_DAYS + 1) * DAY).toISOString()}::timestamptz`;
  // Users of the API have no cookie that runs out: the developer erases them.
  await deleteWhere(db, 'visitor', sql`seen_at < ${unseen} and kind = 'visitor'`);
  await deleteWhere(db, 'event', sql`received_at < ${oldest}`);
  await deleteWhere(db, 'exposure', sql`at < ${oldest}`);
  await deleteWhere(db, 'daily_vote', sql`day < ${Math.floor(now / DAY) - VOTE_DAYS}`);
  // The domains' own pace is theirs to know, and no shorter than a day; what is popular has few rows in any case.
  for (const window of TRENDING_WINDOWS) {
    const least = logWeight(LEAST_WEIGHT, now, halfLife(window));
    await deleteWhere(db, 'trend', sql`window_name = ${window} and log_weight < ${least}`);
  }
  await deleteWhere(db, 'segment_trend', sql`log_weight < ${logWeight(LEAST_WEIGHT, now, halfLife('month'))}`);
}
