import 'server-only';
import { and, eq, sql } from 'drizzle-orm';
import { SHARED_LIKES_HALF_LIFE_DAYS, SHARED_LIKES_MAX_AGE_DAYS } from '../../contracts/friends';
import type { LiveSignals } from '../../contracts/live-signals';
import type { Database } from '../store/database';
import { rows } from '../store/rows';
import { sharedLike, sharing } from '../store/schema';
import { consentRequired } from '../visitors/identity';
import { lockVisitors } from './people';

const DAY_MS = 24 * 3600 * 1000;
/** The engine does not use more. */
const MAX_ITEMS = 200;
const MAX_NAMES = 3;
/** A time that differs by less is not written again: it varies with the delay of each request. */
const TOLERANCE_SECONDS = 60;

/** A like with its time by this server's clock. */
export interface Like {
  item: string;
  /** Milliseconds. */
  at: number;
}

/**
 * Shares a visitor's likes of a domain with their followers, replacing those shared before. Likes older than 30 days
 * are dropped; of the rest only new and changed ones are written.
 *
 * @param renewal do nothing if the visitor does not share the domain, because another tab may just have stopped sharing
 * @param now in milliseconds
 * @returns number of likes stored; undefined if the domain is not shared
 * @throws CONSENT_REQUIRED if nothing is stored of the visitor
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
    if (at > now - SHARED_LIKES_MAX_AGE_DAYS * DAY_MS) latest.set(item, Math.max(at, latest.get(item) ?? at));
  }
  return db.transaction(async (transaction) => {
    // One change at a time for each visitor: `stopSharing` waits until this is committed.
    if (!(await lockVisitors(transaction, [me])).has(me)) throw consentRequired();
    if (renewal) {
      const [shared] = await transaction
        .select()
        .from(sharing)
        .where(and(eq(sharing.visitor, me), eq(sharing.domain, domain)));
      if (!shared) return undefined;
    }
    await transaction.insert(sharing).values({ visitor: me, domain }).onConflictDoNothing();
    const input = sql`unnest(${sql.param([...latest.keys()])}::text[], ${sql.param([...latest.values()])}::float8[])
      as input(item, at)`;
    await transaction.execute(
      sql`delete from shared_like where visitor = ${me} and domain = ${domain}
            and not exists (select 1 from ${input} where input.item = shared_like.item)`,
    );
    await transaction.execute(
      sql`insert into shared_like (visitor, domain, item, at)
          select ${me}::uuid, ${domain}::text, item, to_timestamp(at / 1000) from ${input}
          on conflict (visitor, domain, item) do update set at = excluded.at
          where abs(extract(epoch from excluded.at - shared_like.at)) > ${TOLERANCE_SECONDS}`,
    );
    return latest.size;
  });
}

/** Stops sharing a domain and deletes the shared likes. */
export async function stopSharing(db: Database, me: string, domain: string): Promise<void> {
  await db.transaction(async (transaction) => {
    await lockVisitors(transaction, [me]);
    await transaction.delete(sharing).where(and(eq(sharing.visitor, me), eq(sharing.domain, domain)));
    await transaction.delete(sharedLike).where(and(eq(sharedLike.visitor, me), eq(sharedLike.domain, domain)));
  });
}

/**
 * The friends signal: items that followed people liked in the last 30 days and share, w(i) = Σ 2^(−age / 10 days) over
 * their likes, highest first, with up to 3 of their names, newest like first. It is not cached, so that it changes as
 * soon as a person stops sharing or is no longer followed.
 *
 * @param now in milliseconds
 * @throws CONSENT_REQUIRED if nothing is stored of the visitor
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
          (array_agg(name order by at desc, followed) filter (where name is not null))[1:${sql.raw(String(MAX_NAMES))}] as names
        from shown
        where days < ${SHARED_LIKES_MAX_AGE_DAYS}
        group by item
        order by weight desc, item
        limit ${MAX_ITEMS}`,
  );
  return found.map(({ id, weight, names }) => ({ id, weight, names: names ?? [] }));
}
