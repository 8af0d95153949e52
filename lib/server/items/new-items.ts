import 'server-only';
import { and, asc, eq, gt, sql } from 'drizzle-orm';
import { InkpickError } from '../../contracts/errors';
import type { ItemDelta, NewItem } from '../../contracts/live-signals';
import { quote } from '../http/input';
import type { Database } from '../store/database';
import { rows } from '../store/rows';
import { audience, newItem } from '../store/schema';

/** Items of one delta; a device that is further behind sends another request. */
export const MAX_DELTA_ITEMS = 500;

/**
 * Held while revisions are assigned. Otherwise a later revision could be committed before an earlier one, and a device
 * that has read the later one would never get the earlier.
 */
const lockDomain = (db: Database, domain: string) =>
  db.execute(sql`select pg_advisory_xact_lock(hashtext(${`new-item/${domain}`}))`);

/** The last revision of a domain; 0 if nothing was published. */
export async function lastRevision(db: Database, domain: string): Promise<number> {
  const [{ last }] = await rows<{ last: number | null }>(
    db,
    sql`select max(revision) as last from new_item where domain = ${domain}`,
  );
  return last ?? 0;
}

/**
 * Publishes items or changes published ones, all or none.
 *
 * @returns the revision of the last of them
 */
export async function publish(db: Database, domain: string, items: readonly NewItem[]): Promise<number> {
  return db.transaction(async (transaction) => {
    await lockDomain(transaction, domain);
    const first = (await lastRevision(transaction, domain)) + 1;
    const values = items.map((item, i) => ({ domain, id: item.id, revision: first + i, item }));
    await transaction
      .insert(newItem)
      .values(values)
      .onConflictDoUpdate({
        target: [newItem.domain, newItem.id],
        set: { revision: sql`excluded.revision`, item: sql`excluded.item`, withdrawn: false },
      });
    return first + items.length - 1;
  });
}

/**
 * Withdraws a published item.
 *
 * @returns the revision of the withdrawal
 * @throws ITEM_NOT_FOUND if no such item was published, or if it is withdrawn already
 */
export async function withdraw(db: Database, domain: string, id: string): Promise<number> {
  return db.transaction(async (transaction) => {
    await lockDomain(transaction, domain);
    const revision = (await lastRevision(transaction, domain)) + 1;
    const changed = await transaction
      .update(newItem)
      .set({ revision, withdrawn: true })
      .where(and(eq(newItem.domain, domain), eq(newItem.id, id), eq(newItem.withdrawn, false)))
      .returning({ id: newItem.id });
    if (changed.length === 0) {
      throw new InkpickError(
        'ITEM_NOT_FOUND',
        `No item with the id ${quote(id)} was published here. Items of the catalog itself can be removed by a build only.`,
        { field: 'id' },
      );
    }
    return revision;
  });
}

/** What was published, changed or withdrawn after a revision, oldest first; at most {@link MAX_DELTA_ITEMS} items. */
export async function deltaSince(db: Database, domain: string, since: number): Promise<ItemDelta> {
  const found = await db
    .select()
    .from(newItem)
    .where(and(eq(newItem.domain, domain), gt(newItem.revision, since)))
    .orderBy(asc(newItem.revision))
    .limit(MAX_DELTA_ITEMS);
  return {
    domain,
    revision: found.at(-1)?.revision ?? since,
    items: found
      .filter(({ withdrawn }) => !withdrawn)
      .map(({ item, publishedAt }) => ({ ...item, publishedAt: Math.floor(publishedAt.getTime() / 1000) })),
    withdrawn: found.filter(({ withdrawn }) => withdrawn).map(({ id }) => id),
  };
}

export interface ItemAudience {
  id: string;
  impressions: number;
  clicks: number;
  publishedAt: Date;
  title: string;
}

/** The published items that are not withdrawn, newest first, with their impressions and clicks. */
export async function newItemAudiences(db: Database, domain: string, limit: number): Promise<ItemAudience[]> {
  const found = await db
    .select({ item: newItem, shown: audience })
    .from(newItem)
    .leftJoin(audience, and(eq(audience.domain, newItem.domain), eq(audience.item, newItem.id)))
    .where(and(eq(newItem.domain, domain), eq(newItem.withdrawn, false)))
    .orderBy(sql`${newItem.publishedAt} desc`, newItem.id)
    .limit(limit);
  return found.map(({ item, shown }) => ({
    id: item.id,
    title: item.item.title,
    publishedAt: item.publishedAt,
    impressions: shown?.impressions ?? 0,
    clicks: shown?.clicks ?? 0,
  }));
}

/** Mean of the Beta prior of the click rate, and its strength in impressions. */
export const PRIOR_CLICK_RATE = 0.05;
const PRIOR_IMPRESSIONS = 200;

/** Clicks per impression over all items of a domain: the posterior mean under a Beta prior. */
export async function baseRate(db: Database, domain: string): Promise<number> {
  const [{ impressions, clicks }] = await rows<{ impressions: string | null; clicks: string | null }>(
    db,
    sql`select sum(impressions) as impressions, sum(least(clicks, impressions)) as clicks from audience where domain = ${domain}`,
  );
  return (Number(clicks) + PRIOR_CLICK_RATE * PRIOR_IMPRESSIONS) / (Number(impressions) + PRIOR_IMPRESSIONS);
}
