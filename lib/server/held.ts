import 'server-only';
import { eq } from 'drizzle-orm';
import type { VisitorProfile } from '../contracts/events';
import { domainNames } from './catalog';
import { forgetUser } from './recommend/revisions';
import { block, event, exposure, follow, opinion, sharedLike, sharing, visitor, voice } from './store/schema';
import { store } from './store/store';

/** All that is held of a visitor, as it stands in the store; undefined where nothing is. */
export async function heldOf(id: string): Promise<object | undefined> {
  return store().run(async (db) => {
    const [about] = await db.select().from(visitor).where(eq(visitor.id, id));
    if (!about) return undefined;
    return {
      about,
      opinions: await db.select().from(opinion).where(eq(opinion.visitor, id)),
      events: await db.select().from(event).where(eq(event.visitor, id)).orderBy(event.at, event.id),
      voices: await db.select().from(voice).where(eq(voice.visitor, id)),
      experiments: await db.select().from(exposure).where(eq(exposure.visitor, id)),
      sharing: (await db.select().from(sharing).where(eq(sharing.visitor, id))).map(({ domain }) => domain),
      sharedLikes: await db.select().from(sharedLike).where(eq(sharedLike.visitor, id)),
      // Of others no more than how many: their numbers are theirs.
      following: (await db.select().from(follow).where(eq(follow.follower, id))).length,
      followers: (await db.select().from(follow).where(eq(follow.followed, id))).length,
      blocked: (await db.select().from(block).where(eq(block.blocker, id))).length,
    };
  });
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

/** Erases a visitor and all that is held of them. Counts that name nobody stay. */
export async function erase(id: string): Promise<void> {
  await store().run((db) => db.delete(visitor).where(eq(visitor.id, id)));
  await forgetUser(id, await domainNames());
}
