import { randomUUID } from 'node:crypto';
import { introduce } from '../../lib/server/friends/people';
import type { Database } from '../../lib/server/store/database';
import { visitor } from '../../lib/server/store/schema';

/** Somebody new with a friend code and, where it is given, a name. Returns their number. */
export async function introducedVisitor(db: Database, name?: string): Promise<string> {
  const id = randomUUID();
  await db.insert(visitor).values({ id });
  await introduce(db, id, name);
  return id;
}
