import 'server-only';
import { and, count, eq, getTableColumns, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { VisitorProfile } from '../../contracts/events';
import { domainNames } from '../engines';
import { renewUserRevision } from '../recommend/user-revision';
import { block, event, exposure, follow, opinion, sharedLike, sharing, visitor, voice } from '../store/schema';
import { store } from '../store/store';

/** Rows that are read, and held in memory, at a time. */
const PAGE = 1000;

/** A table whose rows are a visitor's; the columns besides the visitor's in the order of its primary key. */
interface Part {
  table: PgTable;
  visitor: PgColumn;
  key: PgColumn[];
}

/** The rows of a visitor, page by page in the order of the primary key, each page a question of its own: no cost but its rows. */
async function* pagesOf(id: string, { table, visitor, key }: Part): AsyncGenerator<Record<string, unknown>[]> {
  const names = Object.entries(getTableColumns(table));
  const nameOf = (column: PgColumn) => names.find(([, other]) => other === column)![0];
  for (let last: Record<string, unknown> | undefined; ; ) {
    const values = last && key.map((column) => sql.param(last?.[nameOf(column)], column));
    const beyond = values && sql`(${sql.join(key, sql`, `)}) > (${sql.join(values, sql`, `)})`;
    const page = await store().run((db) =>
      db
        .select()
        .from(table)
        .where(and(eq(visitor, id), beyond))
        .orderBy(...key)
        .limit(PAGE),
    );
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    last = page.at(-1);
  }
}

/** Lists of any length, as JSON in pieces: `,"name":[…]` for each. */
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
 * All that is held of a visitor, as it stands in the store: an object as JSON, in pieces that are read as they are asked for, so that
 * memory stays flat however much it is. Undefined where nothing is held.
 */
export async function heldOf(id: string): Promise<AsyncIterable<string> | undefined> {
  const found = await store().run(async (db) => {
    const [about] = await db.select().from(visitor).where(eq(visitor.id, id));
    if (!about) return undefined;
    const shared = await db.select().from(sharing).where(eq(sharing.visitor, id));
    // Of others no more than how many: their numbers are theirs.
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
  const { domain, item } = opinion;
  const lists = {
    opinions: pagesOf(id, { table: opinion, visitor: opinion.visitor, key: [domain, item] }),
    events: pagesOf(id, { table: event, visitor: event.visitor, key: [event.id] }),
    voices: pagesOf(id, { table: voice, visitor: voice.visitor, key: [voice.domain, voice.item, voice.day] }),
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

/** A visitor's own words about themselves; undefined where nothing is held of the visitor. */
export async function profileOf(id: string): Promise<VisitorProfile | undefined> {
  const [found] = await store().run((db) => db.select().from(visitor).where(eq(visitor.id, id)));
  return (
    found && { ageBand: found.ageBand as VisitorProfile['ageBand'], region: found.region, language: found.language }
  );
}

/** Keeps what a visitor says now; what is left out is forgotten. */
export async function keepProfile(id: string, { ageBand, region, language }: VisitorProfile): Promise<void> {
  await store().run((db) =>
    db
      .update(visitor)
      .set({ ageBand: ageBand ?? null, region: region ?? null, language: language ?? null, seenAt: new Date() })
      .where(eq(visitor.id, id)),
  );
}

/** Notes that a visitor was here, and was given a cookie that lasts from now on. */
export async function markSeen(id: string): Promise<void> {
  await store().run((db) => db.update(visitor).set({ seenAt: new Date() }).where(eq(visitor.id, id)));
}

/** Erases a visitor and all that is held of them. Counts that name nobody stay. */
export async function erase(id: string): Promise<void> {
  await store().run((db) => db.delete(visitor).where(eq(visitor.id, id)));
  await renewUserRevision(id, await domainNames());
}
