import 'server-only';
import { sql } from 'drizzle-orm';
import type { EventKind } from '../../contracts/events';
import type { Database } from '../store/database';
import { given } from '../store/given';
import { rows } from '../store/rows';
import { addTrends, type Pace } from '../trends/add';
import { addAudience } from './audience';
import { keepExposures } from './exposures';
import { keepOpinions } from './opinions';
import { raiseVoices } from './voices';

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

const EVENT_COLUMNS = {
  visitor: 'uuid',
  id: 'uuid',
  domain: 'text',
  item: 'text',
  kind: 'text',
  at: 'float8',
  list: 'uuid',
  slot: 'int',
  source: 'text',
  variant: 'text',
};

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
        from ${given(ordered, EVENT_COLUMNS)}
        on conflict do nothing returning visitor, id`,
  );
  return kept.map(({ visitor, id }) => byKey.get(`${visitor}/${id}`)!);
}
