import 'server-only';
import { and, count, desc, eq, inArray, notExists, or, sql } from 'drizzle-orm';
import { InkpickError } from '../../contracts/errors';
import { type Friends, groupCode, type Person } from '../../contracts/friends';
import type { Database } from '../store/database';
import { block, follow, sharedLike, sharing, visitor } from '../store/schema';
import { consentRequired } from '../visitors/identity';
import { newCode } from './code';
import { handleOf } from './handle';

/** How many one may follow, and how many may follow one: friends, not an audience. */
export const MOST_FOLLOWED = 200;
export const MOST_FOLLOWERS = 1000;

/**
 * Locks the rows of visitors until the transaction ends, in one order everywhere; whoever changes what is between two people holds both.
 *
 * @returns the ids that there are
 */
export async function lockVisitors(db: Database, ids: readonly string[]): Promise<Set<string>> {
  const known = await db
    .select({ id: visitor.id })
    .from(visitor)
    .where(inArray(visitor.id, [...ids]))
    .orderBy(visitor.id)
    .for('no key update');
  return new Set(known.map(({ id }) => id));
}

/** What a visitor sees of themselves and of others. `CONSENT_REQUIRED` where nothing is held of the visitor. */
export async function friendsOf(db: Database, me: string): Promise<Friends> {
  const [own] = await db
    .select({ code: visitor.friendCode, name: visitor.name })
    .from(visitor)
    .where(eq(visitor.id, me));
  if (!own) throw consentRequired();
  const following = await db
    .select({
      id: visitor.id,
      name: visitor.name,
      shares: sql<
        string[]
      >`array(select domain from ${sharing} where ${sharing.visitor} = ${visitor.id} order by domain)`,
    })
    .from(follow)
    .innerJoin(visitor, eq(visitor.id, follow.followed))
    .where(eq(follow.follower, me))
    .orderBy(desc(follow.at), visitor.id);
  const followers = await db
    .select({ id: visitor.id, name: visitor.name })
    .from(follow)
    .innerJoin(visitor, eq(visitor.id, follow.follower))
    .where(eq(follow.followed, me))
    .orderBy(desc(follow.at), visitor.id);
  const blocked = await db
    .select({ id: visitor.id, name: visitor.name })
    .from(block)
    .innerJoin(visitor, eq(visitor.id, block.blocked))
    .where(eq(block.blocker, me))
    .orderBy(visitor.name, visitor.id);
  const shared = await db
    .select({ domain: sharing.domain, likes: count(sharedLike.item) })
    .from(sharing)
    .leftJoin(sharedLike, and(eq(sharedLike.visitor, sharing.visitor), eq(sharedLike.domain, sharing.domain)))
    .where(eq(sharing.visitor, me))
    .groupBy(sharing.domain)
    .orderBy(sharing.domain);
  const person = ({ id, name }: { id: string; name: string | null }): Person => ({ handle: handleOf(me, id), name });
  return {
    code: own.code && groupCode(own.code),
    name: own.name,
    following: following.map((one) => ({ ...person(one), shares: one.shares })),
    followers: followers.map(person),
    blocked: blocked.map(person),
    sharing: shared,
  };
}

/** Gives a visitor a code, if there is none yet, and the name that others see: null takes it away, undefined leaves it. */
export async function introduce(db: Database, me: string, name: string | null | undefined): Promise<void> {
  const changed = await db
    .update(visitor)
    .set({ friendCode: sql`coalesce(${visitor.friendCode}, ${newCode()})`, ...(name !== undefined && { name }) })
    .where(eq(visitor.id, me))
    .returning({ id: visitor.id });
  if (changed.length === 0) throw consentRequired();
}

/** Another code for a visitor. Nobody can follow by the one before; who follows already still does. */
export async function renewCode(db: Database, me: string): Promise<void> {
  const changed = await db
    .update(visitor)
    .set({ friendCode: newCode() })
    .where(eq(visitor.id, me))
    .returning({ id: visitor.id });
  if (changed.length === 0) throw consentRequired();
}

/** The same whether there is no such code or its owner has blocked who asks, so that nobody is told of that. */
const unknownCode = () =>
  new InkpickError('NOT_FOUND', 'Nobody can be followed by this code. Please check it, or ask for a new one.', {
    field: 'code',
  });

/** Whose code it is, unless they have blocked `me`. */
async function ownerOf(db: Database, code: string, me: string): Promise<string | undefined> {
  const blockedMe = db
    .select({ one: sql`1` })
    .from(block)
    .where(and(eq(block.blocker, visitor.id), eq(block.blocked, me)));
  const [owner] = await db
    .select({ id: visitor.id })
    .from(visitor)
    .where(and(eq(visitor.friendCode, code), notExists(blockedMe)));
  return owner?.id;
}

/**
 * Has a visitor follow whoever gave out `code`; nothing changes where they do already.
 *
 * @param code as `cleanCode` leaves it
 * @returns the handle of who is followed
 * @throws `NOT_FOUND` where nobody can be followed by it; `INVALID_REQUEST` for one's own; `CONFLICT` where one has blocked
 * that person, or there would be too many
 */
export async function followByCode(db: Database, me: string, code: string): Promise<string> {
  return db.transaction(async (transaction) => {
    const found = await ownerOf(transaction, code, me);
    const known = await lockVisitors(transaction, found === undefined ? [me] : [me, found]);
    if (!known.has(me)) throw consentRequired();
    if (found === me) {
      throw new InkpickError('INVALID_REQUEST', 'This is your own code. Give it to those who may follow you.', {
        field: 'code',
      });
    }
    // Once more: before the lock, a block or a new code may have come in between.
    if (found === undefined || (await ownerOf(transaction, code, me)) !== found) throw unknownCode();
    const [blocked] = await transaction
      .select()
      .from(block)
      .where(and(eq(block.blocker, me), eq(block.blocked, found)));
    if (blocked) throw new InkpickError('CONFLICT', 'You have blocked this person. Unblock them first.');
    const [{ mine, theirs, already }] = await transaction
      .select({
        mine: sql<number>`(count(*) filter (where ${follow.follower} = ${me}))::int`,
        theirs: sql<number>`(count(*) filter (where ${follow.followed} = ${found}))::int`,
        already: sql<boolean>`coalesce(bool_or(${follow.follower} = ${me} and ${follow.followed} = ${found}), false)`,
      })
      .from(follow)
      .where(or(eq(follow.follower, me), eq(follow.followed, found)));
    if (already) return handleOf(me, found);
    if (mine >= MOST_FOLLOWED) {
      throw new InkpickError('CONFLICT', `You follow ${MOST_FOLLOWED} people, which is the most. Unfollow one first.`);
    }
    if (theirs >= MOST_FOLLOWERS) {
      throw new InkpickError('CONFLICT', `This person has ${MOST_FOLLOWERS} followers, which is the most.`);
    }
    await transaction.insert(follow).values({ follower: me, followed: found });
    return handleOf(me, found);
  });
}

/** Who of `ids` has this handle for `me`; `NOT_FOUND` where none has. */
function whoIs(me: string, ids: readonly string[], handle: string, among: string): string {
  const found = ids.find((id) => handleOf(me, id) === handle);
  if (found === undefined) {
    throw new InkpickError('NOT_FOUND', `Nobody ${among} has this handle. GET /api/friends has those there are.`, {
      field: 'handle',
    });
  }
  return found;
}

const followedBy = async (db: Database, me: string): Promise<string[]> =>
  (await db.select({ id: follow.followed }).from(follow).where(eq(follow.follower, me))).map(({ id }) => id);

const followersOf = async (db: Database, me: string): Promise<string[]> =>
  (await db.select({ id: follow.follower }).from(follow).where(eq(follow.followed, me))).map(({ id }) => id);

const blockedBy = async (db: Database, me: string): Promise<string[]> =>
  (await db.select({ id: block.blocked }).from(block).where(eq(block.blocker, me))).map(({ id }) => id);

/** Ends that a visitor follows somebody. `NOT_FOUND` where they follow nobody of this handle. */
export async function unfollow(db: Database, me: string, handle: string): Promise<void> {
  const other = whoIs(me, await followedBy(db, me), handle, 'whom you follow');
  await db.delete(follow).where(and(eq(follow.follower, me), eq(follow.followed, other)));
}

/** Ends that somebody follows a visitor. They may follow again by the code. `NOT_FOUND` where nobody of this handle does. */
export async function removeFollower(db: Database, me: string, handle: string): Promise<void> {
  const other = whoIs(me, await followersOf(db, me), handle, 'who follows you');
  await db.delete(follow).where(and(eq(follow.follower, other), eq(follow.followed, me)));
}

/**
 * Ends that two people follow each other, and sees to it that the one of this handle cannot follow again by any code. For
 * whom one follows or is followed by: `NOT_FOUND` for others. They are not told.
 */
export async function blockPerson(db: Database, me: string, handle: string): Promise<void> {
  await db.transaction(async (transaction) => {
    const near = [
      ...(await followersOf(transaction, me)),
      ...(await followedBy(transaction, me)),
      ...(await blockedBy(transaction, me)),
    ];
    const other = whoIs(me, near, handle, 'who follows you, or whom you follow,');
    const known = await lockVisitors(transaction, [me, other]);
    // Either may have been erased just now, and then there is nothing left between them.
    if (known.size < 2) return;
    await transaction.insert(block).values({ blocker: me, blocked: other }).onConflictDoNothing();
    await transaction
      .delete(follow)
      .where(
        or(
          and(eq(follow.follower, me), eq(follow.followed, other)),
          and(eq(follow.follower, other), eq(follow.followed, me)),
        ),
      );
  });
}

/** Lets somebody follow by the code again. `NOT_FOUND` where nobody of this handle is blocked. */
export async function unblock(db: Database, me: string, handle: string): Promise<void> {
  const other = whoIs(me, await blockedBy(db, me), handle, 'whom you have blocked');
  await db.delete(block).where(and(eq(block.blocker, me), eq(block.blocked, other)));
}
