import 'server-only';
import { sql } from 'drizzle-orm';
import { EVENT_KINDS, EVENT_WEIGHTS, type EventKind } from '../../contracts/events';
import type { Database } from '../store/database';
import { rows } from '../store/rows';
import { LANDMARK } from '../trends/decay';
import { type HalfLifeDays, halfLife, WINDOWS } from '../trends/half-lives';

/** An event as the store has it: of a known item, with its time by this server's clock. */
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
  /** Diversity of the list, if the sender gave it. */
  diversity?: number | null;
}

/** The opinion that an event of some kind expresses; the other kinds express none. */
const OPINIONS: Partial<Record<EventKind, { value: number; hidden: boolean }>> = {
  like: { value: 1, hidden: false },
  dislike: { value: -1, hidden: true },
  not_interested: { value: 0, hidden: true },
  retract: { value: 0, hidden: false },
};

const KINDS = JSON.stringify(EVENT_KINDS.map((kind) => ({ kind, weight: EVENT_WEIGHTS[kind], ...OPINIONS[kind] })));

/**
 * The half-lives of a domain's trends as `write_events` takes them: one for each window, and `among: null` for
 * segments.
 */
const halfLifeRows = (domain: string, days: number | undefined) => [
  ...WINDOWS.map((window) => ({ domain, among: window, half_life: halfLife(window, days) })),
  { domain, among: null, half_life: halfLife('month') },
];

/**
 * Writes events and everything counted from them, all or nothing. An event that is already stored is not counted again;
 * events of unknown visitors are ignored. One call of the SQL function `write_events` does it (see
 * docs/adr/0011-the-shared-side.md): with a statement for each table most of the time went into sending and planning
 * statements.
 *
 * @param now by this server's clock, in milliseconds
 * @returns `visitor/id` of the events that were not stored before
 */
export async function writeEvents(
  db: Database,
  events: readonly AcceptedEvent[],
  { halfLifeDays, now }: { halfLifeDays: HalfLifeDays; now: number },
): Promise<Set<string>> {
  if (events.length === 0) return new Set();
  const unique = new Map(events.map((event) => [keyOf(event), event]));
  const input = Array.from(unique.values(), (event, place) => ({ ...event, place }));
  const domains = [...new Set(input.map(({ domain }) => domain))];
  const halfLives = domains.flatMap((domain) => halfLifeRows(domain, halfLifeDays(domain)));
  const [{ places }] = await rows<{ places: number[] }>(
    db,
    sql`select write_events(
      ${JSON.stringify(input)}::jsonb, ${KINDS}::jsonb, ${JSON.stringify(halfLives)}::jsonb, ${now}::float8, ${LANDMARK}::float8
    ) as places`,
  );
  return new Set(places.map((place) => keyOf(input[place])));
}

const keyOf = ({ visitor, id }: AcceptedEvent) => `${visitor}/${id}`;
