import 'server-only';
import { type SQL, sql } from 'drizzle-orm';
import type { Database } from '../store/database';
import { rows } from '../store/rows';
import { logWeight } from '../trends/decay';
import { halfLife, TRENDING_WINDOWS } from '../trends/half-lives';
import { COOKIE_DAYS } from '../visitors/identity';

const DAY_MS = 24 * 3600 * 1000;

/** A daily vote is needed on its day only; one more day for instances whose clocks differ. */
const DAILY_VOTE_DAYS = 2;
/** Smaller weights make no difference: a view, of weight 1, is below this after ten half-lives. */
const MIN_WEIGHT = 1e-3;

/** Rows that one statement deletes, so that other statements need not wait long for it. */
const MAX_ROWS = 5000;

async function deleteWhere(db: Database, table: string, condition: SQL): Promise<void> {
  const name = sql.identifier(table);
  for (let deleted = MAX_ROWS; deleted === MAX_ROWS; ) {
    const removed = await rows(
      db,
      sql`delete from ${name} where ctid = any(array(select ctid from ${name} where ${condition} limit ${MAX_ROWS})) returning 1`,
    );
    deleted = removed.length;
  }
}

/**
 * Deletes what is no longer needed: old events and exposures, daily votes of past days, weights that have decayed to
 * nothing, and visitors whose last cookie has expired, so that no browser can be them any more.
 *
 * @param days events and exposures older than this are deleted
 * @param now in milliseconds
 */
export async function deleteExpired(db: Database, days: number, now = Date.now()): Promise<void> {
  const oldest = sql`${new Date(now - days * DAY_MS).toISOString()}::timestamptz`;
  const unseen = sql`${new Date(now - (COOKIE_DAYS + 1) * DAY_MS).toISOString()}::timestamptz`;
  // Users of the API have no cookie that expires: they stay until their developer erases them.
  await deleteWhere(db, 'visitor', sql`seen_at < ${unseen} and kind = 'visitor'`);
  await deleteWhere(db, 'event', sql`received_at < ${oldest}`);
  await deleteWhere(db, 'exposure', sql`at < ${oldest}`);
  await deleteWhere(db, 'daily_vote', sql`day < ${Math.floor(now / DAY_MS) - DAILY_VOTE_DAYS}`);
  // Not `popular`: its half-life is in the manifests, and it has one row an item at most.
  for (const window of TRENDING_WINDOWS) {
    const min = logWeight(MIN_WEIGHT, now, halfLife(window));
    await deleteWhere(db, 'trend', sql`window_name = ${window} and log_weight < ${min}`);
  }
  await deleteWhere(db, 'segment_trend', sql`log_weight < ${logWeight(MIN_WEIGHT, now, halfLife('month'))}`);
}
