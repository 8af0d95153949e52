import 'server-only';
import { and, desc, eq, ne, or } from 'drizzle-orm';
import { type HistoryEntry, MAX_HISTORY } from '../../contracts/engine';
import { opinion } from '../store/schema';
import { store } from '../store/store';

/** What the store holds of a user's taste in a domain. */
export interface Taste {
  /** Liked or disliked, the last ones where there are more than {@link MAX_HISTORY}. */
  history: HistoryEntry[];
  /** Never to be shown. */
  hidden: string[];
}

/** Reads a user's taste; empty for a user of whom nothing is held. */
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
