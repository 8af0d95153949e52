import { randomUUID } from 'node:crypto';
import { introduce } from '../friends/people';
import type { Database } from '../store/database';
import { visitor } from '../store/schema';

/** Somebody new with a friend code and, where it is given, a name. Returns their number. */
export async function introducedVisitor(db: Database, name?: string): Promise<string> {
  const id = randomUUID();
  await db.insert(visitor).values({ id });
  await introduce(db, id, name);
  return id;
}
