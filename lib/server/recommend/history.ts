import 'server-only';
import { and, desc, eq, ne, or } from 'drizzle-orm';
import { type HistoryEntry, MAX_HISTORY } from '../../contracts/engine';
import { opinion } from '../store/schema';
import { store } from '../store/store';

/** A user's opinions in a domain. */
export interface Taste {
  /** Likes and dislikes, newest first, the newest {@link MAX_HISTORY} of them. */
  history: HistoryEntry[];
  /** Ids of items that must not be shown. */
  hidden: string[];
}

/**
 * Reads a user's opinions from the store; empty for an unknown user.
 *
 * @throws STORE_UNAVAILABLE
 */
export async function readTaste(user: string, domain: string): Promise<Taste> {
  const found = await store().run((db) =>
    db
      .select({ item: opinion.item, value: opinion.value, hidden: opinion.hidden, at: opinion.at })
      .from(opinion)
      .where(
        and(eq(opinion.visitor, user), eq(opinion.domain, domain), or(ne(opinion.value, 0), eq(opinion.hidden, true))),
      )
      .orderBy(desc(opinion.at)),
  );
  return {
    history: found
      .filter(({ value }) => value !== 0)
      .slice(0, MAX_HISTORY)
      .map(({ item, value, at }) => ({ id: item, value, timestamp: Math.floor(at.getTime() / 1000) })),
    hidden: found.filter(({ hidden }) => hidden).map(({ item }) => item),
  };
}
