import 'server-only';
import { sql } from 'drizzle-orm';
import { sumBy } from '../events/sum-by';
import type { Gain } from '../events/voices';
import type { Database } from '../store/database';
import { given } from '../store/given';
import { rows } from '../store/rows';
import { addLogs, logWeight } from './decay';
import { halfLife, WINDOWS } from './windows';

/** The half-life of a domain's own pace in days; undefined for the usual one. */
export type Pace = (domain: string) => number | undefined;

/** What is added to one item in a window or a segment. */
interface Part {
  domain: string;
  /** The window or the segment. */
  among: string;
  item: string;
  log: number;
}

const keyOf = ({ domain, among, item }: Part) => `${domain}/${among}/${item}`;

/** log2(2^a + 2^b) in SQL, as `addLogs` has it. */
const ADD_LOGS = sql.raw(
  'greatest(held.log_weight, excluded.log_weight) + ln(1 + power(2, -least(abs(held.log_weight - excluded.log_weight), 1000))) / ln(2)',
);

async function addTo(
  db: Database,
  table: 'trend' | 'segment_trend',
  column: 'window_name' | 'segment',
  parts: readonly Part[],
): Promise<void> {
  if (parts.length === 0) return;
  const sums = sumBy(
    parts.map((part) => [keyOf(part), part] as const),
    (sum, { log }) => {
      sum.log = addLogs(sum.log, log);
    },
  );
  const among = sql.identifier(column);
  await db.execute(
    sql`insert into ${sql.identifier(table)} as held (domain, ${among}, item, log_weight)
        select domain, among, item, log
        from ${given(sums, { domain: 'text', among: 'text', item: 'text', log: 'float8' })}
        on conflict (domain, ${among}, item) do update set log_weight = ${ADD_LOGS}`,
  );
}

/** Adds what voices have gained to every window, and to the segments that their visitors told of. */
export async function addTrends(db: Database, gains: readonly Gain[], pace: Pace): Promise<void> {
  const voices = gains.filter(({ weight }) => weight > 0);
  if (voices.length === 0) return;
  const byWindow = voices.flatMap(({ domain, item, weight, at }) =>
    WINDOWS.map((window): Part => {
      const log = logWeight(weight, at, halfLife(window, pace(domain)));
      return { domain, among: window, item, log };
    }),
  );
  await addTo(db, 'trend', 'window_name', byWindow);

  const visitors = [...new Set(voices.map(({ visitor }) => visitor))];
  const told = await rows<{ id: string; age: string | null; region: string | null; language: string | null }>(
    db,
    sql`select id, age_band as age, region, language from visitor
        where id = any(${sql.param(visitors)}::uuid[]) and coalesce(age_band, region, language) is not null`,
  );
  const segments = new Map(
    told.map(({ id, ...profile }) => [
      id,
      Object.entries(profile).flatMap(([name, value]) => (value === null ? [] : [`${name}:${value}`])),
    ]),
  );
  const bySegment = voices.flatMap(({ visitor, domain, item, weight, at }) =>
    (segments.get(visitor) ?? []).map((among): Part => {
      return { domain, among, item, log: logWeight(weight, at, halfLife('month')) };
    }),
  );
  await addTo(db, 'segment_trend', 'segment', bySegment);
}
