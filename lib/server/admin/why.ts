import 'server-only';
import { and, desc, eq, sql } from 'drizzle-orm';
import type { ListedItem, NamedCount, Standing, StoredOpinion, WhyReport } from '../../contracts/admin';
import type { RecommendRequest, ScoredItem } from '../../contracts/engine';
import type { Engine } from '../../engine/engine';
import { itemNotFoundError } from '../items/item-not-found';
import type { Taste } from '../recommend/history';
import type { Database } from '../store/database';
import { rows } from '../store/rows';
import { opinion, visitor } from '../store/schema';
import { apiUserId } from '../visitors/identity';

const LIST_LENGTH = 20;
const MAX_OPINIONS = 100;

/** The stored data of an API user in one domain. */
export interface UserData {
  known: boolean;
  events: NamedCount[];
  /** Latest first. */
  opinions: Omit<StoredOpinion, 'title'>[];
}

/**
 * Reads the stored data of a user of the API. Visitors with a cookie cannot be read here, whatever `user` is:
 * `apiUserId` makes ids of another UUID version than theirs.
 *
 * @param user the developer's own id of the user
 */
export async function readUserData(db: Database, user: string, domain: string): Promise<UserData> {
  const id = apiUserId(user);
  const known = await db.select({ id: visitor.id }).from(visitor).where(eq(visitor.id, id));
  const events = await rows<NamedCount>(
    db,
    sql`select kind as name, count(*)::int as count from event where visitor = ${id} and domain = ${domain}
        group by kind order by 2 desc, 1`,
  );
  const opinions = await db
    .select()
    .from(opinion)
    .where(and(eq(opinion.visitor, id), eq(opinion.domain, domain)))
    .orderBy(desc(opinion.at), opinion.item);
  return {
    known: known.length > 0,
    events,
    opinions: opinions.map(({ item, value, hidden, saved, at }) => ({
      id: item,
      value,
      hidden,
      saved,
      at: at.getTime(),
    })),
  };
}

const toListedItem = ({ id, title, year, score, terms, reasons }: ScoredItem): ListedItem => ({
  id,
  title,
  year,
  score,
  terms,
  reasons,
});

/**
 * A user's current list with reasons; and for one item, its place in the user's ranking, with reasons.
 *
 * @param taste the history from which the API recommends
 * @param item own or external id
 * @throws `ITEM_NOT_FOUND` for an unknown item, with the nearest titles
 */
export function explainUser(engine: Engine, data: UserData, taste: Taste, item: string | undefined): WhyReport {
  const request: RecommendRequest = { mode: 'hybrid', topK: LIST_LENGTH, ...taste };
  const response = engine.recommend(request);
  const withTitle = (stored: Omit<StoredOpinion, 'title'>): StoredOpinion => ({
    ...stored,
    title: engine.items([stored.id])[0]?.title ?? stored.id,
  });
  const list = response.items.map(toListedItem);

  const standingOf = (item: string): Standing => {
    const [summary] = engine.items([item]);
    if (!summary) throw itemNotFoundError(engine, item, 'item');
    const { id, title, year } = summary;
    const stated = data.opinions.find((one) => one.id === id);
    if (stated && (stated.hidden || stated.value !== 0)) {
      return { id, title, year, place: stated.hidden ? 'hidden' : 'seen', opinion: withTitle(stated) };
    }
    const place = list.findIndex((one) => one.id === id);
    if (place >= 0) {
      const { score, terms, reasons } = list[place];
      return { id, title, year, place: 'listed', rank: place + 1, score, terms, reasons };
    }
    const rank = engine.session(request).candidates().indexOf(id);
    const { score, terms, reasons } = engine.recommend({ ...request, candidates: [id], topK: 1 }).items[0];
    const among =
      rank >= 0 ? ({ place: 'candidate', rank: rank + 1 } as const) : ({ place: 'beyond', rank: null } as const);
    return { id, title, year, ...among, score, terms, reasons };
  };

  return {
    domain: engine.info.id,
    users: engine.info.users,
    known: data.known,
    events: data.events,
    opinions: data.opinions.slice(0, MAX_OPINIONS).map(withTitle),
    opinionCount: data.opinions.length,
    alpha: response.alpha,
    candidates: response.stats.candidates,
    list,
    item: item === undefined ? null : standingOf(item),
  };
}
