import 'server-only';
import type { z } from 'zod';
import { InkpickError } from '../../contracts/errors';
import type { EventReceipt, eventBatchSchema } from '../../contracts/events';
import { getEngine, getManifest } from '../catalog';
import { shared } from '../shared';
import { store } from '../store/store';
import { consentRequired, visitorExists } from '../visitor';
import { serverTime } from './clock';
import { GroupCommit } from './group-commit';
import { type AcceptedEvent, type AcceptedExposure, writeEvents, writeExposures } from './write';

type Batch = z.output<typeof eventBatchSchema>;

interface Entry {
  events: AcceptedEvent[];
  exposures: AcceptedExposure[];
}

/** Batches written in one transaction at the most, so that none takes long. */
const MOST_BATCHES = 64;
/** Batches that may wait: beyond, senders are told to come again, rather than the memory filled. */
const MOST_WAITING = 2000;

/** Told of what was written, once it is: to count it, and to forget what depends on it. */
export type Listener = (events: readonly AcceptedEvent[]) => void;
const listeners = () => shared('event-listeners', () => new Set<Listener>());

/** Has `listener` told of every group of events that is written by this process. Returns how to stop that. */
export function onEvents(listener: Listener): () => void {
  listeners().add(listener);
  return () => void listeners().delete(listener);
}

const writer = () =>
  shared(
    'event-writer',
    () =>
      new GroupCommit<Entry, Set<string>>(async (entries) => {
        const events = entries.flatMap((entry) => entry.events);
        const paces = await pacesOf(events);
        const fresh = await store().run(async (db) => {
          const written = await writeEvents(db, events, { pace: (domain) => paces.get(domain), now: Date.now() });
          await writeExposures(
            db,
            entries.flatMap(({ exposures }) => exposures),
          );
          return written;
        });
        const news = events.filter(({ visitor, id }) => fresh.has(`${visitor}/${id}`));
        if (news.length > 0) for (const listener of listeners()) listener(news);
        return entries.map(() => fresh);
      }, MOST_BATCHES),
  );

async function pacesOf(events: readonly AcceptedEvent[]): Promise<Map<string, number | undefined>> {
  const domains = [...new Set(events.map(({ domain }) => domain))];
  return new Map(
    await Promise.all(
      domains.map(async (domain) => [domain, (await getManifest(domain)).domain.halfLifeDays] as const),
    ),
  );
}

/**
 * Takes a visitor's batch. Resolves once it is written for good: what is accepted survives the end of the process.
 *
 * @throws `CONSENT_REQUIRED` where it does not; `STORE_UNAVAILABLE` where nothing was kept and the same is to be sent again
 */
export async function acceptEvents(visitor: string, batch: Batch, now = Date.now()): Promise<EventReceipt> {
  const events: AcceptedEvent[] = [];
  let unknown = 0;
  for (const { at, list, slot, source, variant, ...event } of batch.events) {
    const item = await ownId(event.domain, event.item);
    if (item === undefined) {
      unknown++;
      continue;
    }
    events.push({
      ...event,
      item,
      visitor,
      at: serverTime(at, batch.sent_at, now),
      list: list ?? null,
      slot: slot ?? null,
      source: source ?? null,
      variant: variant ?? null,
    });
  }
  const exposures = batch.exposures.map(({ at, diversity, ...exposure }) => ({
    ...exposure,
    visitor,
    at: serverTime(at, batch.sent_at, now),
    diversity: diversity ?? null,
  }));
  if (events.length === 0 && exposures.length === 0) return { accepted: 0, duplicates: 0, unknown };
  if (writer().waiting >= MOST_WAITING) {
    throw new InkpickError('STORE_UNAVAILABLE', 'Too much is being written at the moment. Please send it again later.');
  }
  const fresh = await writer().add({ events, exposures });
  const ids = new Set(events.map(({ id }) => id));
  const accepted = [...ids].filter((id) => fresh.has(`${visitor}/${id}`)).length;
  if (accepted === 0 && events.length > 0 && !(await visitorExists(visitor))) throw consentRequired();
  return { accepted, duplicates: events.length - accepted, unknown };
}

/** The id by which the catalog knows an item; undefined where there is no such domain or item. */
async function ownId(domain: string, item: string): Promise<string | undefined> {
  try {
    const engine = await getEngine(domain);
    return engine.items([item])[0]?.id;
  } catch (error) {
    if (error instanceof InkpickError && error.code === 'DOMAIN_NOT_FOUND') return undefined;
    throw error;
  }
}
