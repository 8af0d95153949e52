import 'server-only';
import { type SQL, sql } from 'drizzle-orm';
import { EVENT_WEIGHTS, type EventKind } from '../../contracts/events';
import type { Database } from '../store/database';
import { rows } from '../store/rows';
import { addLogs, logWeight } from '../trends/decay';
import { halfLife, WINDOWS } from '../trends/windows';

/** One event as it is kept: of a known item, at a time by this server's clock. */
export interface AcceptedEvent {
  visitor: string;
  id: string;
  domain: string;
  item: string;
  kind: EventKind;
  /** Milliseconds. */
  at: number;
  list: string | null;
  slot: number | null;
  source: string | null;
  variant: string | null;
  /** Of the list, where it was told. */
  diversity?: number | null;
}

const DAY = 24 * 3600 * 1000;

/** The half-life of a domain's own pace in days; undefined for the usual one. */
export type Pace = (domain: string) => number | undefined;

/** Rows as a table that a statement can select from: one array for each column, so that any number is one set of parameters. */
function unnest<Row extends object>(
  rows: readonly Row[],
  columns: readonly (readonly [keyof Row & string, string])[],
): SQL {
  const arrays = columns.map(([name, type]) => sql`${sql.param(rows.map((row) => row[name]))}::${sql.raw(type)}[]`);
  return sql`unnest(${sql.join(arrays, sql`, `)})`;
}

/**
 * Writes events and all that is counted from them, in one transaction, in which each event counts once however often it is sent.
 * Rows that several writers share are touched in one order everywhere, so that none waits for another in a circle.
 * Events of visitors who are not known, or not any more, are passed over.
 *
 * @param now milliseconds, by this server's clock
 * @returns the ids of those that were not kept before, as `visitor/id`
 */
export async function writeEvents(
  db: Database,
  events: readonly AcceptedEvent[],
  { pace, now }: { pace: Pace; now: number },
): Promise<Set<string>> {
  if (events.length === 0) return new Set();
  return db.transaction(async (transaction) => {
    const fresh = await insertEvents(transaction, events);
    if (fresh.length > 0) {
      await keepOpinions(transaction, fresh);
      await keepExposures(transaction, fresh);
      // Of the day on which it is heard: whoever dates events back has no more voices for it.
      const gains = await raiseVoices(transaction, fresh, Math.floor(now / DAY));
      await addTrends(transaction, gains, pace);
      await addAudience(transaction, gains);
    }
    return new Set(fresh.map(({ visitor, id }) => `${visitor}/${id}`));
  });
}

const EVENT_COLUMNS = [
  ['visitor', 'uuid'],
  ['id', 'uuid'],
  ['domain', 'text'],
  ['item', 'text'],
  ['kind', 'text'],
  ['at', 'float8'],
  ['list', 'uuid'],
  ['slot', 'int'],
  ['source', 'text'],
  ['variant', 'text'],
] as const;

async function insertEvents(db: Database, events: readonly AcceptedEvent[]): Promise<AcceptedEvent[]> {
  const byKey = new Map(events.map((event) => [`${event.visitor}/${event.id}`, event]));
  const visitors = [...new Set(events.map(({ visitor }) => visitor))].sort();
  // An erasure waits until this is through, or has come first and leaves nobody to write for.
  const known = await rows<{ id: string }>(
    db,
    sql`select id from visitor where id = any(${sql.param(visitors)}::uuid[]) order by id for key share`,
  );
  if (known.length === 0) return [];
  const there = new Set(known.map(({ id }) => id));
  const ordered = [...byKey.entries()]
    .filter(([, { visitor }]) => there.has(visitor))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, event]) => event);
  const kept = await rows<{ visitor: string; id: string }>(
    db,
    sql`insert into event (visitor, id, domain, item, kind, at, list, slot, source, variant)
        select visitor, id, domain, item, kind, to_timestamp(at / 1000), list, slot, source, variant
        from ${unnest(ordered, EVENT_COLUMNS)} as given(${sql.raw(EVENT_COLUMNS.map(([name]) => name).join(', '))})
        on conflict do nothing returning visitor, id`,
  );
  return kept.map(({ visitor, id }) => byKey.get(`${visitor}/${id}`)!);
}

/** What these kinds say of an item; the others say nothing. */
const OPINIONS: Partial<Record<EventKind, { value: number; hidden: boolean; saved: boolean | null }>> = {
  like: { value: 1, hidden: false, saved: null },
  dislike: { value: -1, hidden: true, saved: null },
  not_interested: { value: 0, hidden: true, saved: null },
  retract: { value: 0, hidden: false, saved: null },
  save: { value: 0, hidden: false, saved: true },
};

/** The latest word on each item; a word that comes late does not undo a later one. */
async function keepOpinions(db: Database, events: readonly AcceptedEvent[]): Promise<void> {
  const latest = new Map<string, AcceptedEvent>();
  for (const event of events) {
    if (!OPINIONS[event.kind] || event.kind === 'save') continue;
    const key = opinionKey(event);
    const before = latest.get(key);
    if (!before || before.at <= event.at) latest.set(key, event);
  }
  const words = [...latest.keys()].sort().map((key) => ({ ...latest.get(key)!, ...OPINIONS[latest.get(key)!.kind]! }));
  if (words.length > 0) {
    const columns = [
      ['visitor', 'uuid'],
      ['domain', 'text'],
      ['item', 'text'],
      ['value', 'int'],
      ['hidden', 'bool'],
      ['at', 'float8'],
    ] as const;
    await db.execute(
      sql`insert into opinion (visitor, domain, item, value, hidden, at)
          select visitor, domain, item, value, hidden, to_timestamp(at / 1000)
          from ${unnest(words, columns)} as given(visitor, domain, item, value, hidden, at)
          on conflict (visitor, domain, item) do update
          set value = excluded.value, hidden = excluded.hidden, at = excluded.at where opinion.at <= excluded.at`,
    );
  }
  const saves = new Map(events.filter(({ kind }) => kind === 'save').map((event) => [opinionKey(event), event]));
  if (saves.size > 0) {
    const columns = [
      ['visitor', 'uuid'],
      ['domain', 'text'],
      ['item', 'text'],
    ] as const;
    const ordered = [...saves.keys()].sort().map((key) => saves.get(key)!);
    // Of no date of its own: it is no word on how good an item is, and any such word is later.
    await db.execute(
      sql`insert into opinion (visitor, domain, item, value, hidden, saved, at)
          select visitor, domain, item, 0, false, true, to_timestamp(0)
          from ${unnest(ordered, columns)} as given(visitor, domain, item)
          on conflict (visitor, domain, item) do update set saved = true`,
    );
  }
}

const opinionKey = ({ visitor, domain, item }: AcceptedEvent) => `${visitor}/${domain}/${item}`;

/** What one visitor's voice for one item on one day has gained. */
interface Gain {
  visitor: string;
  domain: string;
  item: string;
  day: number;
  weight: number;
  impressions: number;
  clicks: number;
  /** The latest of the events behind it. */
  at: number;
}

/** One voice a visitor, item and day: it counts for the most that was done, and for one impression and one click. */
async function raiseVoices(db: Database, events: readonly AcceptedEvent[], day: number): Promise<Gain[]> {
  const voices = new Map<string, Gain>();
  for (const { visitor, domain, item, kind, at } of events) {
    const key = `${visitor}/${domain}/${item}`;
    const voice = voices.get(key) ?? { visitor, domain, item, day, weight: 0, impressions: 0, clicks: 0, at };
    voice.weight = Math.max(voice.weight, EVENT_WEIGHTS[kind]);
    voice.at = Math.max(voice.at, at);
    if (kind === 'impression') voice.impressions = 1;
    // Whoever opens, follows or likes what was shown has answered to it.
    else if (EVENT_WEIGHTS[kind] > 0) voice.clicks = 1;
    voices.set(key, voice);
  }
  const ordered = [...voices.keys()].sort().map((key) => voices.get(key)!);
  const columns = [
    ['visitor', 'uuid'],
    ['domain', 'text'],
    ['item', 'text'],
    ['day', 'int'],
    ['weight', 'float4'],
    ['impressions', 'int'],
    ['clicks', 'int'],
  ] as const;
  const raised = await rows<Omit<Gain, 'at'>>(
    db,
    sql`insert into voice as held (visitor, domain, item, day, weight, impressed, clicked)
        select visitor, domain, item, day, weight, impressions, clicks
        from ${unnest(ordered, columns)} as given(visitor, domain, item, day, weight, impressions, clicks)
        on conflict (visitor, domain, item, day) do update set
          was_weight = held.weight, weight = greatest(held.weight, excluded.weight),
          was_impressed = held.impressed, impressed = greatest(held.impressed, excluded.impressed),
          was_clicked = held.clicked, clicked = greatest(held.clicked, excluded.clicked)
        returning visitor, domain, item, day, weight - was_weight as weight,
          impressed - was_impressed as impressions, clicked - was_clicked as clicks`,
  );
  return raised.map((gain) => ({ ...gain, at: voices.get(`${gain.visitor}/${gain.domain}/${gain.item}`)!.at }));
}

/** Sums by key, in the order of the keys; the first part of a sum is changed. */
function sumBy<Part>(parts: readonly (readonly [string, Part])[], add: (sum: Part, part: Part) => void): Part[] {
  const sums = new Map<string, Part>();
  for (const [key, part] of parts) {
    const sum = sums.get(key);
    if (sum) add(sum, part);
    else sums.set(key, part);
  }
  return [...sums.keys()].sort().map((key) => sums.get(key)!);
}

const addWeights = (sum: { log: number }, part: { log: number }) => {
  sum.log = addLogs(sum.log, part.log);
};

/** log2(2^a + 2^b) in SQL, as `addLogs` has it. */
const ADD_LOGS = sql.raw(
  'greatest(held.log_weight, excluded.log_weight) + ln(1 + power(2, -least(abs(held.log_weight - excluded.log_weight), 1000))) / ln(2)',
);

async function addTrends(db: Database, gains: readonly Gain[], pace: Pace): Promise<void> {
  const voices = gains.filter(({ weight }) => weight > 0);
  if (voices.length === 0) return;
  const parts = voices.flatMap(({ domain, item, weight, at }) =>
    WINDOWS.map((window) => {
      const log = logWeight(weight, at, halfLife(window, pace(domain)));
      return [`${domain}/${window}/${item}`, { domain, window, item, log }] as const;
    }),
  );
  const sums = sumBy(parts, addWeights);
  const columns = [
    ['domain', 'text'],
    ['window', 'text'],
    ['item', 'text'],
    ['log', 'float8'],
  ] as const;
  await db.execute(
    sql`insert into trend as held (domain, window_name, item, log_weight)
        select domain, name, item, log from ${unnest(sums, columns)} as given(domain, name, item, log)
        on conflict (domain, window_name, item) do update set log_weight = ${ADD_LOGS}`,
  );

  const profiles = new Map(
    (
      await rows<{ id: string; age: string | null; region: string | null; language: string | null }>(
        db,
        sql`select id, age_band as age, region, language from visitor
            where id = any(${sql.param([...new Set(voices.map(({ visitor }) => visitor))])}::uuid[])
            and coalesce(age_band, region, language) is not null`,
      )
    ).map(({ id, ...told }) => [id, told]),
  );
  const segmentParts = voices.flatMap(({ visitor, domain, item, weight, at }) => {
    const log = logWeight(weight, at, halfLife('month'));
    return Object.entries(profiles.get(visitor) ?? {}).flatMap(([name, value]) => {
      if (value === null) return [];
      const segment = `${name}:${value}`;
      return [[`${domain}/${segment}/${item}`, { domain, segment, item, log }] as const];
    });
  });
  const segmentSums = sumBy(segmentParts, addWeights);
  if (segmentSums.length === 0) return;
  const segmentColumns = [
    ['domain', 'text'],
    ['segment', 'text'],
    ['item', 'text'],
    ['log', 'float8'],
  ] as const;
  await db.execute(
    sql`insert into segment_trend as held (domain, segment, item, log_weight)
        select domain, segment, item, log from ${unnest(segmentSums, segmentColumns)} as given(domain, segment, item, log)
        on conflict (domain, segment, item) do update set log_weight = ${ADD_LOGS}`,
  );
}

type Shown = Pick<Gain, 'domain' | 'item' | 'impressions' | 'clicks'>;

async function addAudience(db: Database, gains: readonly Gain[]): Promise<void> {
  const shown = gains.filter(({ impressions, clicks }) => impressions > 0 || clicks > 0);
  const parts = shown.map(({ domain, item, impressions, clicks }): [string, Shown] => [
    `${domain}/${item}`,
    { domain, item, impressions, clicks },
  ]);
  const sums = sumBy(parts, (sum, { impressions, clicks }) => {
    sum.impressions += impressions;
    sum.clicks += clicks;
  });
  if (sums.length === 0) return;
  const columns = [
    ['domain', 'text'],
    ['item', 'text'],
    ['impressions', 'int'],
    ['clicks', 'int'],
  ] as const;
  await db.execute(
    sql`insert into audience as held (domain, item, impressions, clicks)
        select domain, item, impressions, clicks from ${unnest(sums, columns)} as given(domain, item, impressions, clicks)
        on conflict (domain, item) do update set
          impressions = held.impressions + excluded.impressions, clicks = held.clicks + excluded.clicks`,
  );
}

/** Notes under which variants lists were shown, each list once: a list that nobody saw tells nothing of them. */
async function keepExposures(db: Database, events: readonly AcceptedEvent[]): Promise<void> {
  const exposures = events.flatMap(({ kind, visitor, list, variant, at, diversity }) => {
    if (kind !== 'impression' || list === null || variant === null) return [];
    return variant.split(',').map((name) => {
      const [experiment, variant] = name.split(':');
      return { visitor, experiment, variant, at, list, diversity: diversity ?? null };
    });
  });
  if (exposures.length === 0) return;
  const keyOf = ({ experiment, visitor, list }: (typeof exposures)[number]) => `${experiment}/${visitor}/${list}`;
  exposures.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const columns = [
    ['visitor', 'uuid'],
    ['experiment', 'text'],
    ['variant', 'text'],
    ['at', 'float8'],
    ['list', 'uuid'],
    ['diversity', 'float8'],
  ] as const;
  await db.execute(
    sql`insert into exposure (visitor, experiment, variant, at, list, diversity)
        select visitor, experiment, variant, to_timestamp(at / 1000), list, diversity
        from ${unnest(exposures, columns)} as given(visitor, experiment, variant, at, list, diversity)
        on conflict do nothing`,
  );
}
