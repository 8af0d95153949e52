import 'server-only';
import type { z } from 'zod';
import { InkpickError } from '../../contracts/errors';
import type { EventReceipt, eventBatchSchema } from '../../contracts/events';
import { forcedVariants } from '../../contracts/experiments';
import type { Engine } from '../../engine/engine';
import { getEngine } from '../engines';
import { logError } from '../log';
import { countEvent } from '../metrics/metrics';
import { renewUserRevision } from '../recommend/user-revision';
import { currentSettings } from '../settings';
import { singleton } from '../singleton';
import { store } from '../store/store';
import { readHalfLifeDays } from '../trends/manifest-half-lives';
import { consentRequired, visitorExists } from '../visitors/identity';
import { serverTime } from './clock';
import { GroupCommit } from './group-commit';
import { deleteExpired } from './retention';
import { type AcceptedEvent, writeEvents } from './write';

type Batch = z.output<typeof eventBatchSchema>;

/** Batches written in one transaction, so that none takes long. */
const MAX_BATCHES = 64;
/** Batches that may wait. Further ones are refused, so that a slow store does not fill the memory. */
const MAX_WAITING = 2000;

const writer = () =>
  singleton(
    'event-writer',
    () =>
      new GroupCommit<AcceptedEvent[], Set<string>>(
        async (batches) => {
          const events = batches.flat();
          const halfLifeDays = await readHalfLifeDays(events.map(({ domain }) => domain));
          const written = await store().run((db) => writeEvents(db, events, { halfLifeDays, now: Date.now() }));
          deleteExpiredHourly();
          return batches.map(() => written);
        },
        MAX_BATCHES,
        (error) => error instanceof InkpickError && error.code === 'STORE_UNAVAILABLE',
      ),
  );

const DELETE_INTERVAL_MS = 3600 * 1000;

/** Starts to delete expired data, at most once an hour. The caller does not wait for it. */
function deleteExpiredHourly(): void {
  const last = singleton('forgot-old', () => ({ at: 0 }));
  if (Date.now() - last.at < DELETE_INTERVAL_MS) return;
  last.at = Date.now();
  const { eventDays } = currentSettings();
  store()
    .run((db) => deleteExpired(db, eventDays))
    .catch((error) => logError('deleting expired events', error));
}

/**
 * Writes a visitor's batch of events. Resolves after the commit: accepted events survive a crash of the process.
 *
 * @param now by this server's clock, in milliseconds
 * @throws CONSENT_REQUIRED if nothing is stored of the visitor
 * @throws STORE_UNAVAILABLE if nothing was written; the same batch can be sent again
 */
export async function acceptEvents(visitor: string, batch: Batch, now = Date.now()): Promise<EventReceipt> {
  const events: AcceptedEvent[] = [];
  let unknown = 0;
  const engines = await enginesOf(batch.events.map(({ domain }) => domain));
  for (const { at, list, slot, source, variant, diversity, ...event } of batch.events) {
    const item = engines.get(event.domain)?.ownId(event.item);
    if (item === undefined) {
      unknown++;
      countEvent(event.kind, 'unknown');
      continue;
    }
    events.push({
      ...event,
      // As the store returns it: UUIDs that differ in case are equal.
      id: event.id.toLowerCase(),
      item,
      visitor,
      at: serverTime(at, batch.sent_at, now),
      list: list ?? null,
      slot: slot ?? null,
      source: source ?? null,
      variant: runningVariants(variant),
      diversity: diversity ?? null,
    });
  }
  if (events.length === 0) return { accepted: 0, duplicates: 0, unknown };
  if (writer().waiting >= MAX_WAITING) {
    throw new InkpickError(
      'STORE_UNAVAILABLE',
      'Too many events are waiting to be written. Please send it again later.',
    );
  }
  const written = await writer().add(events);
  const isWritten = (id: string) => written.has(`${visitor}/${id}`);
  // Also after duplicates only: the response to the first attempt, and this step with it, may have been lost.
  await renewUserRevision(visitor, new Set(events.map(({ domain }) => domain)));
  const kinds = new Map(events.map(({ id, kind }) => [id, kind]));
  const accepted = [...kinds].filter(([id]) => isWritten(id));
  if (accepted.length === 0 && !(await visitorExists(visitor))) throw consentRequired();
  for (const [, kind] of accepted) countEvent(kind, 'accepted');
  for (const { id, kind } of events) if (!isWritten(id)) countEvent(kind, 'duplicate');
  return { accepted: accepted.length, duplicates: events.length - accepted.length, unknown };
}

/** The variants of current experiments among `names`, one an experiment; null if there is none. */
const runningVariants = (names = ''): string | null =>
  Array.from(forcedVariants(names.split(',')), ([experiment, { id }]) => `${experiment}:${id}`).join() || null;

/** The engines of those domains that exist. */
async function enginesOf(domains: readonly string[]): Promise<Map<string, Engine>> {
  const engines = new Map<string, Engine>();
  for (const domain of new Set(domains)) {
    try {
      engines.set(domain, await getEngine(domain));
    } catch (error) {
      if (!(error instanceof InkpickError && error.code === 'DOMAIN_NOT_FOUND')) throw error;
    }
  }
  return engines;
}
