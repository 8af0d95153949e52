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
import { WINDOWS, type Window } from '../trends/half-lives';
import { MAX_FRESH } from '../trends/live-signals';
import { liveItems } from '../trends/trending';

const HOUR_MS = 3600 * 1000;
const DAY_MS = 24 * HOUR_MS;
const MAX_TRENDING = 10;
const MAX_NEW_ITEMS = 200;

/** The number of visitors who consented, and of users of the API. */
export async function visitorCounts(db: Database): Promise<Overview['visitors']> {
  const [counts] = await rows<Overview['visitors']>(
    db,
    sql`select count(*) filter (where kind = 'visitor')::int as agreed,
          count(*) filter (where kind = 'api')::int as "apiUsers" from visitor`,
  );
  return counts;
}

/**
 * Events of a domain in the last hour and the last 24 hours by kind, and the number of visitors who sent them. By the
 * time of receipt, since the clocks of devices may be wrong.
 *
 * @param now milliseconds
 */
export async function recentEvents(
  db: Database,
  domain: string,
  now: number,
): Promise<{ visitors: number; events: EventCount[] }> {
  const since = (milliseconds: number) => sql`to_timestamp(${(now - milliseconds) / 1000}::float8)`;
  const events = await rows<EventCount>(
    db,
    sql`select kind, count(*) filter (where received_at > ${since(HOUR_MS)})::int as hour, count(*)::int as day
        from event where received_at > ${since(DAY_MS)} and domain = ${domain} group by kind order by 3 desc, 1`,
  );
  const [{ visitors }] = await rows<{ visitors: number }>(
    db,
    sql`select count(distinct visitor)::int as visitors from event
        where received_at > ${since(DAY_MS)} and domain = ${domain}`,
  );
  return { visitors, events };
}

/**
 * The odds of new items by the Beta posteriors of their click rates.
 *
 * @param items newest first
 * @param rate base rate of the domain, 0 … 1
 */
export function oddsOf(items: readonly ItemAudience[], rate: number): NewItemOdds[] {
  return items.map(({ id, title, publishedAt, impressions, clicks }, place) => {
    const counts = { impressions, clicks };
    const { a, b } = posterior(counts, rate);
    const audience: AudienceState = audienceOver(counts, rate) ?? (place < MAX_FRESH ? 'looking' : 'waiting');
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
      const live = await liveItems(domain, window, MAX_TRENDING);
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
  const fromStore = await store().run(async (db) => {
    const rate = await baseRate(db, domain);
    const newItems = oddsOf(await newItemAudiences(db, domain, MAX_NEW_ITEMS), rate);
    return { ...(await recentEvents(db, domain, now)), baseRate: rate, newItems };
  });
  return { id: domain, label, items: itemCount, ...fromStore, trending: await trendingIn(domain) };
}

/**
 * The current activity, domain by domain.
 *
 * @throws `STORE_UNAVAILABLE`
 */
export async function overview(now: number): Promise<Overview> {
  const visitors = await store().run(visitorCounts);
  const { state, kind, ephemeral } = await store().check();
  // One domain after another, so that the operator's page does not compete with visitors for the store.
  const domains: DomainOverview[] = [];
  for (const name of await domainNames()) domains.push(await domainOverview(name, now));
  return { at: now, store: { state, kind, ephemeral }, cache: await cache().state(), visitors, domains };
}
