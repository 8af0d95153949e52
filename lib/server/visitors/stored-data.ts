import 'server-only';
import { and, count, eq, getTableColumns, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { VisitorProfile } from '../../contracts/events';
import { domainNames } from '../engines';
import { renewUserRevision } from '../recommend/user-revision';
import { block, dailyVote, event, exposure, follow, opinion, sharedLike, sharing, visitor } from '../store/schema';
import { store } from '../store/store';

/** Rows in memory at a time. */
const PAGE_ROWS = 1000;

/** A table of rows that belong to visitors. */
interface VisitorTable {
  table: PgTable;
  visitor: PgColumn;
  /** The columns of the primary key after the visitor, in its order. */
  key: PgColumn[];
}

/** The rows of a visitor by keyset pagination: in the order of the primary key, one statement a page. */
async function* pagesOf(id: string, { table, visitor, key }: VisitorTable): AsyncGenerator<Record<string, unknown>[]> {
  const columns = Object.entries(getTableColumns(table));
  const nameOf = (column: PgColumn) => columns.find(([, other]) => other === column)![0];
  for (let last: Record<string, unknown> | undefined; ; ) {
    const values = last && key.map((column) => sql.param(last?.[nameOf(column)], column));
    const isBeyondLast = values && sql`(${sql.join(key, sql`, `)}) > (${sql.join(values, sql`, `)})`;
    const page = await store().run((db) =>
      db
        .select()
        .from(table)
        .where(and(eq(visitor, id), isBeyondLast))
        .orderBy(...key)
        .limit(PAGE_ROWS),
    );
    if (page.length > 0) yield page;
    if (page.length < PAGE_ROWS) return;
    last = page.at(-1);
  }
}

/** Lists of any length as JSON in pieces: `,"name":[…]` for each. */
async function* listsAsJson(lists: Record<string, AsyncIterable<unknown[]>>): AsyncGenerator<string> {
  for (const [name, pages] of Object.entries(lists)) {
    let before = `,${JSON.stringify(name)}:[`;
    for await (const page of pages) {
      yield before + page.map((row) => JSON.stringify(row)).join();
      before = ',';
    }
    yield before === ',' ? ']' : `${before}]`;
  }
}

/**
 * The columns of a visitor's own row. The kind is left out: it is computed from the id, and not part of the public
 * API.
 */
const { kind: _, ...ABOUT_COLUMNS } = getTableColumns(visitor);

/**
 * All data stored of a visitor, as one JSON object in pieces. Pieces are read from the store on demand, so memory use
 * does not grow with the amount.
 *
 * @returns undefined where nothing is stored
 */
export async function readStoredData(id: string): Promise<AsyncIterable<string> | undefined> {
  const found = await store().run(async (db) => {
    const [about] = await db.select(ABOUT_COLUMNS).from(visitor).where(eq(visitor.id, id));
    if (!about) return undefined;
    const shared = await db.select().from(sharing).where(eq(sharing.visitor, id));
    // Only how many: the ids of other visitors are theirs.
    const [following] = await db.select({ n: count() }).from(follow).where(eq(follow.follower, id));
    const [followers] = await db.select({ n: count() }).from(follow).where(eq(follow.followed, id));
    const [blocked] = await db.select({ n: count() }).from(block).where(eq(block.blocker, id));
    return {
      about,
      sharing: shared.map(({ domain }) => domain),
      following: following.n,
      followers: followers.n,
      blocked: blocked.n,
    };
  });
  if (!found) return undefined;
  // These keys are field names of the public API.
  const lists = {
    opinions: pagesOf(id, { table: opinion, visitor: opinion.visitor, key: [opinion.domain, opinion.item] }),
    events: pagesOf(id, { table: event, visitor: event.visitor, key: [event.id] }),
    voices: pagesOf(id, {
      table: dailyVote,
      visitor: dailyVote.visitor,
      key: [dailyVote.domain, dailyVote.item, dailyVote.day],
    }),
    experiments: pagesOf(id, { table: exposure, visitor: exposure.visitor, key: [exposure.experiment, exposure.list] }),
    sharedLikes: pagesOf(id, {
      table: sharedLike,
      visitor: sharedLike.visitor,
      key: [sharedLike.domain, sharedLike.item],
    }),
  };
  return (async function* () {
    yield JSON.stringify(found).slice(0, -1);
    yield* listsAsJson(lists);
    yield '}';
  })();
}

/** Stores a visitor's profile in place of the one before: fields that are left out are erased. */
export async function saveProfile(id: string, { ageBand, region, language }: VisitorProfile): Promise<void> {
  await store().run((db) =>
    db
      .update(visitor)
      .set({ ageBand: ageBand ?? null, region: region ?? null, language: language ?? null, seenAt: new Date() })
      .where(eq(visitor.id, id)),
  );
}

/** Records a visit: the visitor's cookie lasts from now on, and so must the row. */
export async function markSeen(id: string): Promise<void> {
  await store().run((db) => db.update(visitor).set({ seenAt: new Date() }).where(eq(visitor.id, id)));
}

/** Erases a visitor and all their stored data. Counts, which name no visitor, stay. */
export async function eraseVisitor(id: string): Promise<void> {
  await store().run((db) => db.delete(visitor).where(eq(visitor.id, id)));
  await renewUserRevision(id, await domainNames());
}
