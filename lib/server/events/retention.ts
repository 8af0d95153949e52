import 'server-only';
import { sql } from 'drizzle-orm';
import type { Database } from '../store/database';
import { logWeight } from '../trends/decay';
import { halfLife, TRENDING_WINDOWS } from '../trends/windows';

const DAY = 24 * 3600 * 1000;

/** A voice is of use on its day alone; a day more for instances whose clocks differ. */
const VOICE_DAYS = 2;
/** A weight that has decayed to less than this is of no use to anybody: a view of ten half-lives ago. */
const LEAST_WEIGHT = 1e-3;

/** Forgets what is no longer needed: events one by one after some days, voices of past days, weights that have decayed to nothing. */
export async function forgetOld(db: Database, days: number, now = Date.now()): Promise<void> {
  await db.execute(sql`delete from event where received_at < ${new Date(now - days * DAY).toISOString()}::timestamptz`);
  await db.execute(sql`delete from exposure where at < ${new Date(now - days * DAY).toISOString()}::timestamptz`);
  await db.execute(sql`delete from voice where day < ${Math.floor(now / DAY) - VOICE_DAYS}`);
  // The domains' own pace is theirs to know, and no shorter than a day; what is popular has few rows in any case.
  for (const window of TRENDING_WINDOWS) {
    const least = logWeight(LEAST_WEIGHT, now, halfLife(window));
    await db.execute(sql`delete from trend where window_name = ${window} and log_weight < ${least}`);
  }
  const least = logWeight(LEAST_WEIGHT, now, halfLife('month'));
  await db.execute(sql`delete from segment_trend where log_weight < ${least}`);
}
