import { randomUUID } from 'node:crypto';
import { introduce } from '../../lib/server/friends/people';
import type { Database } from '../../lib/server/store/database';
import { visitor } from '../../lib/server/store/schema';

/** Creates a visitor with a friend code and, optionally, a name. Returns the visitor's id. */
export async function introducedVisitor(db: Database, name?: string): Promise<string> {
  const id = randomUUID();
  await db.insert(visitor).values({ id });
  await introduce(db, id, name);
  return id;
}
