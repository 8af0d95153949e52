import 'server-only';
import { sql } from 'drizzle-orm';
import { EVENT_KINDS, EVENT_WEIGHTS, type EventKind } from '../../contracts/events';
import type { Database } from '../store/database';
import { rows } from '../store/rows';
import { LANDMARK } from '../trends/decay';
import { halfLife, type Pace, WINDOWS } from '../trends/windows';

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

/** What these kinds say of an item; the others say nothing. */
const OPINIONS: Partial<Record<EventKind, { value: number; hidden: boolean }>> = {
  like: { value: 1, hidden: false },
  dislike: { value: -1, hidden: true },
  not_interested: { value: 0, hidden: true },
  retract: { value: 0, hidden: false },
};

const KINDS = JSON.stringify(EVENT_KINDS.map((kind) => ({ kind, weight: EVENT_WEIGHTS[kind], ...OPINIONS[kind] })));

/** How fast the weights of a domain halve: in each window, and among those who told the same of themselves. */
const pacesOf = (domain: string, days: number | undefined) => [
  ...WINDOWS.map((window) => ({ domain, among: window, half_life: halfLife(window, days) })),
  { domain, among: null, half_life: halfLife('month') },
];

/**
 * Writes events and all that is counted from them, all or nothing; each event counts once however often it is sent. Events of
 * visitors who are not known, or not any more, are passed over. The back end does it in one go, by the function `write_events` of the
 * migrations: statement by statement, most of the time would go into sending and planning them.
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
  const each = new Map(events.map((event) => [keyOf(event), event]));
  const given = Array.from(each.values(), (event, place) => ({ ...event, place }));
  const paces = [...new Set(given.map(({ domain }) => domain))].flatMap((domain) => pacesOf(domain, pace(domain)));
  const [{ places }] = await rows<{ places: number[] }>(
    db,
    sql`select write_events(
      ${JSON.stringify(given)}::jsonb, ${KINDS}::jsonb, ${JSON.stringify(paces)}::jsonb, ${now}::float8, ${LANDMARK}::float8
    ) as places`,
  );
  return new Set(places.map((place) => keyOf(given[place])));
}

const keyOf = ({ visitor, id }: AcceptedEvent) => `${visitor}/${id}`;
