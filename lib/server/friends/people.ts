import 'server-only';
import { and, count, desc, eq, inArray, notExists, or, sql } from 'drizzle-orm';
import { InkpickError } from '../../contracts/errors';
import { type Friends, groupCode, type Person } from '../../contracts/friends';
import type { Database } from '../store/database';
import { block, follow, sharedLike, sharing, visitor } from '../store/schema';
import { consentRequired } from '../visitors/identity';
import { newCode } from './code';
import { handleOf } from './handle';

/**
 * People that a visitor can follow, and followers that a visitor can have: this is for friends, not for an audience.
 */
export const MAX_FOLLOWED = 200;
export const MAX_FOLLOWERS = 1000;

/**
 * Locks the rows of visitors until the transaction ends, always in the order of their ids, which prevents deadlocks. A
 * change of the relation between two people needs the locks of both.
 *
 * @returns the ids that exist
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

/**
 * A visitor's own code and name, and the people they follow, are followed by or have blocked.
 *
 * @throws CONSENT_REQUIRED if nothing is stored of the visitor
 */
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

/**
 * Gives a visitor a code, unless they have one, and sets the name that others see.
 *
 * @param name null removes it, undefined leaves it as it is
 * @throws CONSENT_REQUIRED if nothing is stored of the visitor
 */
export async function introduce(db: Database, me: string, name: string | null | undefined): Promise<void> {
  const changed = await db
    .update(visitor)
    .set({ friendCode: sql`coalesce(${visitor.friendCode}, ${newCode()})`, ...(name !== undefined && { name }) })
    .where(eq(visitor.id, me))
    .returning({ id: visitor.id });
  if (changed.length === 0) throw consentRequired();
}

/**
 * Replaces a visitor's code. The old one stops working; followers stay.
 *
 * @throws CONSENT_REQUIRED if nothing is stored of the visitor
 */
export async function renewCode(db: Database, me: string): Promise<void> {
  const changed = await db
    .update(visitor)
    .set({ friendCode: newCode() })
    .where(eq(visitor.id, me))
    .returning({ id: visitor.id });
  if (changed.length === 0) throw consentRequired();
}

/**
 * The same error for a code that does not exist and for one whose owner has blocked the visitor, which must not show.
 */
const unknownCode = () =>
  new InkpickError('NOT_FOUND', 'No one has this code. Please check it, or ask for a new one.', {
    field: 'code',
  });

/** The owner of a code, unless they have blocked `me`. */
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
 * Lets a visitor follow the owner of a code. Changes nothing if they do already.
 *
 * @param code as returned by `cleanCode`
 * @returns the handle of the owner
 * @throws NOT_FOUND if there is no such code, or if its owner has blocked the visitor
 * @throws INVALID_REQUEST for the visitor's own code
 * @throws CONFLICT if the visitor has blocked the owner, or if one of the two has reached a limit
 * @throws CONSENT_REQUIRED if nothing is stored of the visitor
 */
export async function followByCode(db: Database, me: string, code: string): Promise<string> {
  return db.transaction(async (transaction) => {
    const found = await ownerOf(transaction, code, me);
    const known = await lockVisitors(transaction, found === undefined ? [me] : [me, found]);
    if (!known.has(me)) throw consentRequired();
    if (found === me) {
      throw new InkpickError('INVALID_REQUEST', 'This is your own code. Give it to people who may follow you.', {
        field: 'code',
      });
    }
    // Checked again under the lock: meanwhile the owner may have blocked the visitor or changed the code.
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
    if (mine >= MAX_FOLLOWED) {
      throw new InkpickError(
        'CONFLICT',
        `You follow ${MAX_FOLLOWED} people, which is the maximum. Unfollow one first.`,
      );
    }
    if (theirs >= MAX_FOLLOWERS) {
      throw new InkpickError('CONFLICT', `This person has ${MAX_FOLLOWERS} followers, which is the maximum.`);
    }
    await transaction.insert(follow).values({ follower: me, followed: found });
    return handleOf(me, found);
  });
}

/**
 * The one of `ids` whose handle for `me` this is.
 *
 * @param among describes `ids` in the error message
 * @throws NOT_FOUND
 */
function findByHandle(me: string, ids: readonly string[], handle: string, among: string): string {
  const found = ids.find((id) => handleOf(me, id) === handle);
  if (found === undefined) {
    throw new InkpickError('NOT_FOUND', `No one ${among} has this handle. GET /api/friends lists the handles.`, {
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

/**
 * Ends that a visitor follows another.
 *
 * @throws NOT_FOUND if the visitor does not follow anyone with this handle
 */
export async function unfollow(db: Database, me: string, handle: string): Promise<void> {
  const other = findByHandle(me, await followedBy(db, me), handle, 'whom you follow');
  await db.delete(follow).where(and(eq(follow.follower, me), eq(follow.followed, other)));
}

/**
 * Removes a follower, who can follow again by the code.
 *
 * @throws NOT_FOUND if no follower has this handle
 */
export async function removeFollower(db: Database, me: string, handle: string): Promise<void> {
  const other = findByHandle(me, await followersOf(db, me), handle, 'who follows you');
  await db.delete(follow).where(and(eq(follow.follower, other), eq(follow.followed, me)));
}

/**
 * Blocks a person: neither follows the other any more, and the blocked one cannot follow again by any code. They are
 * not notified.
 *
 * @throws NOT_FOUND if the handle is not that of someone whom the visitor follows, is followed by or has blocked
 */
export async function blockPerson(db: Database, me: string, handle: string): Promise<void> {
  await db.transaction(async (transaction) => {
    const related = [
      ...(await followersOf(transaction, me)),
      ...(await followedBy(transaction, me)),
      ...(await blockedBy(transaction, me)),
    ];
    const other = findByHandle(me, related, handle, 'who follows you, or whom you follow,');
    const known = await lockVisitors(transaction, [me, other]);
    // One of them has just been erased, and with it their relation.
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

/**
 * Lets a blocked person follow by the code again.
 *
 * @throws NOT_FOUND if no blocked person has this handle
 */
export async function unblock(db: Database, me: string, handle: string): Promise<void> {
  const other = findByHandle(me, await blockedBy(db, me), handle, 'whom you have blocked');
  await db.delete(block).where(and(eq(block.blocker, me), eq(block.blocked, other)));
}
