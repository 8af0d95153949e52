import 'server-only';
import { and, desc, eq, sql } from 'drizzle-orm';
import type { ListedItem, NamedCount, Standing, StoredOpinion, WhyReport } from '../../contracts/admin';
import type { RecommendRequest, ScoredItem } from '../../contracts/engine';
import type { Engine } from '../../engine/engine';
import type { Taste } from '../recommend/history';
import { itemNotFound } from '../recommend/item-not-found';
import type { Database } from '../store/database';
import { rows } from '../store/rows';
import { opinion, visitor } from '../store/schema';
import { apiUserId } from '../visitors/identity';

const LIST_LENGTH = 20;
const OPINIONS_SHOWN = 100;

/** What the store holds of an API user in one domain. */
export interface HeldOfUser {
  known: boolean;
  events: NamedCount[];
  /** Latest first. */
  opinions: Omit<StoredOpinion, 'title'>[];
}

/**
 * What is held of a user whom a developer's server speaks for, by the developer's own id. Of visitors with a cookie nothing can be asked
 * here: the number that is made of an id is of another version than theirs.
 */
export async function heldOfUser(db: Database, user: string, domain: string): Promise<HeldOfUser> {
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

const listed = ({ id, title, year, score, terms, reasons }: ScoredItem): ListedItem => ({
  id,
  title,
  year,
  score,
  terms,
  reasons,
});

/**
 * What a user is recommended now, and why; and of one item, where it stands for the user, and why.
 *
 * @param taste what the API recommends from
 * @param item own or external id; `ITEM_NOT_FOUND` with the nearest titles where there is none
 */
export function explainUser(engine: Engine, held: HeldOfUser, taste: Taste, item: string | undefined): WhyReport {
  const request: RecommendRequest = { mode: 'hybrid', topK: LIST_LENGTH, ...taste };
  const response = engine.recommend(request);
  const titled = (one: Omit<StoredOpinion, 'title'>): StoredOpinion => ({
    ...one,
    title: engine.items([one.id])[0]?.title ?? one.id,
  });
  const list = response.items.map(listed);

  const standing = (asked: string): Standing => {
    const [summary] = engine.items([asked]);
    if (!summary) throw itemNotFound(engine, asked, 'item');
    const { id, title, year } = summary;
    const said = held.opinions.find((one) => one.id === id);
    if (said && (said.hidden || said.value !== 0)) {
      return { id, title, year, place: said.hidden ? 'hidden' : 'seen', opinion: titled(said) };
    }
    const place = list.findIndex((one) => one.id === id);
    if (place >= 0) {
      const { score, terms, reasons } = list[place];
      return { id, title, year, place: 'listed', rank: place + 1, score, terms, reasons };
    }
    const rank = engine.candidates(request).indexOf(id);
    const { score, terms, reasons } = engine.recommend({ ...request, candidates: [id], topK: 1 }).items[0];
    const among =
      rank >= 0 ? ({ place: 'candidate', rank: rank + 1 } as const) : ({ place: 'beyond', rank: null } as const);
    return { id, title, year, ...among, score, terms, reasons };
  };

  return {
    domain: engine.info.id,
    users: engine.info.users,
    known: held.known,
    events: held.events,
    opinions: held.opinions.slice(0, OPINIONS_SHOWN).map(titled),
    opinionCount: held.opinions.length,
    alpha: response.alpha,
    candidates: response.stats.candidates,
    list,
    item: item === undefined ? null : standing(item),
  };
}
