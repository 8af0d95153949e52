import 'server-only';
import { and, eq, sql } from 'drizzle-orm';
import { SHARED_LIKES_HALF_LIFE_DAYS, SHARED_LIKES_MAX_AGE_DAYS } from '../../contracts/friends';
import type { LiveSignals } from '../../contracts/live-signals';
import type { Database } from '../store/database';
import { rows } from '../store/rows';
import { sharedLike, sharing } from '../store/schema';
import { consentRequired } from '../visitors/identity';
import { lockVisitors } from './people';

const DAY = 24 * 3600 * 1000;
/** The engine has no use for more. */
const MOST_ITEMS = 200;
const MOST_NAMES = 3;
/** Times that differ by less are of the same like: each time it is sent, it takes another while to arrive. */
const SAME_SECONDS = 60;

/** A like by this server's clock. */
export interface Like {
  item: string;
  /** Milliseconds. */
  at: number;
}

/**
 * Has a visitor share `likes` of a domain, in place of those shared before. Likes that no longer count are not kept, and of the others
 * those alone are written that are new or changed.
 *
 * @param renewal nothing is done where the visitor does not share the domain: another tab may just have stopped that
 * @returns how many likes are held; undefined where nothing is shared
 * @throws `CONSENT_REQUIRED` where nothing may be held of the visitor
 */
export async function share(
  db: Database,
  me: string,
  domain: string,
  likes: readonly Like[],
  { renewal, now }: { renewal: boolean; now: number },
): Promise<number | undefined> {
  const latest = new Map<string, number>();
  for (const { item, at } of likes) {
    if (at > now - SHARED_LIKES_MAX_AGE_DAYS * DAY) latest.set(item, Math.max(at, latest.get(item) ?? at));
  }
  return db.transaction(async (transaction) => {
    // One at a time for a visitor: what is stopped while this is written is stopped after it.
    if (!(await lockVisitors(transaction, [me])).has(me)) throw consentRequired();
    if (renewal) {
      const [shared] = await transaction
        .select()
        .from(sharing)
        .where(and(eq(sharing.visitor, me), eq(sharing.domain, domain)));
      if (!shared) return undefined;
    }
    await transaction.insert(sharing).values({ visitor: me, domain }).onConflictDoNothing();
    const given = sql`unnest(${sql.param([...latest.keys()])}::text[], ${sql.param([...latest.values()])}::float8[])
      as given(item, at)`;
    await transaction.execute(
      sql`delete from shared_like where visitor = ${me} and domain = ${domain}
            and not exists (select 1 from ${given} where given.item = shared_like.item)`,
    );
    await transaction.execute(
      sql`insert into shared_like (visitor, domain, item, at)
          select ${me}::uuid, ${domain}::text, item, to_timestamp(at / 1000) from ${given}
          on conflict (visitor, domain, item) do update set at = excluded.at
          where abs(extract(epoch from excluded.at - shared_like.at)) > ${SAME_SECONDS}`,
    );
    return latest.size;
  });
}

/** Ends that a visitor shares a domain; the likes shared are gone with it. */
export async function stopSharing(db: Database, me: string, domain: string): Promise<void> {
  await db.transaction(async (transaction) => {
    await lockVisitors(transaction, [me]);
    await transaction.delete(sharing).where(and(eq(sharing.visitor, me), eq(sharing.domain, domain)));
    await transaction.delete(sharedLike).where(and(eq(sharedLike.visitor, me), eq(sharedLike.domain, domain)));
  });
}

/**
 * The social signal: what people whom a visitor follows liked in the last 30 days and share, w(i) = Σ 2^(−age / 10 days) over their
 * likes, highest first, with up to 3 of their names, the latest like first. Read anew each time, so that who stops sharing or is
 * no longer followed is out of it at once.
 *
 * @param now milliseconds
 * @throws `CONSENT_REQUIRED` where nothing is held of the visitor
 */
export async function likesOfFriends(
  db: Database,
  me: string,
  domain: string,
  now: number,
): Promise<LiveSignals['friends']> {
  const [own] = await rows(db, sql`select 1 from visitor where id = ${me}`);
  if (!own) throw consentRequired();
  const found = await rows<{ id: string; weight: number; names: string[] | null }>(
    db,
    sql`with shown as (
          select item, name, followed, shared_like.at,
            extract(epoch from to_timestamp(${now}::float8 / 1000) - shared_like.at)::float8 / 86400 as days
          from follow
          join shared_like on shared_like.visitor = follow.followed and shared_like.domain = ${domain}
          join visitor on visitor.id = follow.followed
          where follower = ${me}
        )
        select item as id, sum(power(2::float8, -greatest(days, 0) / ${SHARED_LIKES_HALF_LIFE_DAYS}::float8)) as weight,
          (array_agg(name order by at desc, followed) filter (where name is not null))[1:${sql.raw(String(MOST_NAMES))}] as names
        from shown
        where days < ${SHARED_LIKES_MAX_AGE_DAYS}
        group by item
        order by weight desc, item
        limit ${MOST_ITEMS}`,
  );
  return found.map(({ id, weight, names }) => ({ id, weight, names: names ?? [] }));
}
