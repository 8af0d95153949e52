import 'server-only';
import { sql } from 'drizzle-orm';
import type {
  AudienceState,
  DomainOverview,
  EventCount,
  NewItemOdds,
  Overview,
  TrendingEntry,
} from '../../contracts/admin';
import { audienceOver, posterior, probabilityBelow } from '../../engine/ranking/fresh-items';
import { cache } from '../cache/cache';
import { domainNames, getEngine } from '../engines';
import { baseRate, type ItemAudience, newItemAudiences } from '../items/new-items';
import type { Database } from '../store/database';
import { rows } from '../store/rows';
import { store } from '../store/store';
import { MOST_FRESH } from '../trends/live-signals';
import { liveItems } from '../trends/trending';
import { WINDOWS, type Window } from '../trends/windows';

const HOUR = 3600 * 1000;
const DAY = 24 * HOUR;
const TRENDING_SHOWN = 10;
const NEW_ITEMS_SHOWN = 200;

/** What is there to count of whom: browsers whose owner agreed, and users of the API, whose numbers are of version 8. */
export async function visitorCounts(db: Database): Promise<Overview['visitors']> {
  const [counts] = await rows<Overview['visitors']>(
    db,
    sql`select count(*) filter (where kind = 'visitor')::int as agreed,
          count(*) filter (where kind = 'api')::int as "apiUsers" from visitor`,
  );
  return counts;
}

/** What was done in a domain in the 24 hours before `now` (milliseconds), and by how many. By when it was heard of, as clocks of devices may be wrong. */
export async function recentEvents(
  db: Database,
  domain: string,
  now: number,
): Promise<{ visitors: number; events: EventCount[] }> {
  const since = (milliseconds: number) => sql`to_timestamp(${(now - milliseconds) / 1000}::float8)`;
  const events = await rows<EventCount>(
    db,
    sql`select kind, count(*) filter (where received_at > ${since(HOUR)})::int as hour, count(*)::int as day
        from event where received_at > ${since(DAY)} and domain = ${domain} group by kind order by 3 desc, 1`,
  );
  const [{ visitors }] = await rows<{ visitors: number }>(
    db,
    sql`select count(distinct visitor)::int as visitors from event
        where received_at > ${since(DAY)} and domain = ${domain}`,
  );
  return { visitors, events };
}

/** The odds of new items by their Beta posteriors. @param items newest first @param rate base rate of the domain, 0 … 1 */
export function oddsOf(items: readonly ItemAudience[], rate: number): NewItemOdds[] {
  return items.map(({ id, title, publishedAt, impressions, clicks }, place) => {
    const counts = { impressions, clicks };
    const { a, b } = posterior(counts, rate);
    const audience: AudienceState = audienceOver(counts, rate) ?? (place < MOST_FRESH ? 'looking' : 'waiting');
    return {
      id,
      title,
      publishedAt: Math.floor(publishedAt.getTime() / 1000),
      impressions,
      clicks,
      mean: a / (a + b),
      better: 1 - probabilityBelow(counts, rate),
      audience,
    };
  });
}

async function trendingIn(domain: string): Promise<Record<Window, TrendingEntry[]>> {
  const engine = await getEngine(domain);
  const windows = await Promise.all(
    WINDOWS.map(async (window) => {
      const live = await liveItems(domain, window, TRENDING_SHOWN);
      return [
        window,
        live.map(({ id, weight }) => ({ id, title: engine.items([id])[0]?.title ?? id, weight })),
      ] as const;
    }),
  );
  return Object.fromEntries(windows) as Record<Window, TrendingEntry[]>;
}

async function domainOverview(domain: string, now: number): Promise<DomainOverview> {
  const { label, itemCount } = (await getEngine(domain)).info;
  const shared = await store().run(async (db) => {
    const rate = await baseRate(db, domain);
    const newItems = oddsOf(await newItemAudiences(db, domain, NEW_ITEMS_SHOWN), rate);
    return { ...(await recentEvents(db, domain, now)), baseRate: rate, newItems };
  });
  return { id: domain, label, items: itemCount, ...shared, trending: await trendingIn(domain) };
}

/** What goes on now, domain by domain. `STORE_UNAVAILABLE` where the store cannot be reached. */
export async function overview(now: number): Promise<Overview> {
  const visitors = await store().run(visitorCounts);
  const { state, kind, ephemeral } = await store().check();
  // One after another: it is for one person to look at, and visitors come first.
  const domains: DomainOverview[] = [];
  for (const name of await domainNames()) domains.push(await domainOverview(name, now));
  return { at: now, store: { state, kind, ephemeral }, cache: await cache().state(), visitors, domains };
}
