import 'server-only';
import type { z } from 'zod';
import { InkpickError } from '../../contracts/errors';
import type { EventReceipt, eventBatchSchema } from '../../contracts/events';
import { forcedVariants } from '../../contracts/experiments';
import type { Engine } from '../../engine/engine';
import { getEngine, getManifest } from '../engines';
import { logError } from '../log';
import { countEvent } from '../metrics/metrics';
import { forgetUser } from '../recommend/revisions';
import { currentSettings } from '../settings';
import { singleton } from '../singleton';
import { store } from '../store/store';
import { consentRequired, visitorExists } from '../visitors/identity';
import { serverTime } from './clock';
import { GroupCommit } from './group-commit';
import { forgetOld } from './retention';
import { type AcceptedEvent, writeEvents } from './write';

type Batch = z.output<typeof eventBatchSchema>;

/** Batches written in one transaction at the most, so that none takes long. */
const MOST_BATCHES = 64;
/** Batches that may wait: beyond, senders are told to come again, rather than the memory filled. */
const MOST_WAITING = 2000;

const writer = () =>
  singleton(
    'event-writer',
    () =>
      new GroupCommit<AcceptedEvent[], Set<string>>(
        async (entries) => {
          const events = entries.flat();
          const paces = await pacesOf(events);
          const fresh = await store().run((db) =>
            writeEvents(db, events, { pace: (domain) => paces.get(domain), now: Date.now() }),
          );
          forgetOldNowAndThen();
          return entries.map(() => fresh);
        },
        MOST_BATCHES,
        (error) => error instanceof InkpickError && error.code === 'STORE_UNAVAILABLE',
      ),
  );

const FORGET_EVERY_MILLISECONDS = 3600 * 1000;

/** What is old goes behind the events of now, once an hour. */
function forgetOldNowAndThen(): void {
  const last = singleton('forgot-old', () => ({ at: 0 }));
  if (Date.now() - last.at < FORGET_EVERY_MILLISECONDS) return;
  last.at = Date.now();
  const { eventDays } = currentSettings();
  store()
    .run((db) => forgetOld(db, eventDays))
    .catch((error) => logError('forgetting old events', error));
}

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
      // As the store gives it back: in capitals it is the same number.
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
  if (writer().waiting >= MOST_WAITING) {
    throw new InkpickError('STORE_UNAVAILABLE', 'Too much is being written at the moment. Please send it again later.');
  }
  const fresh = await writer().add(events);
  // Also for what was written before: the answer to that, and with it this, may have been lost.
  await forgetUser(visitor, new Set(events.map(({ domain }) => domain)));
  const kinds = new Map(events.map(({ id, kind }) => [id, kind]));
  const written = [...kinds].filter(([id]) => fresh.has(`${visitor}/${id}`));
  const accepted = written.length;
  if (accepted === 0 && !(await visitorExists(visitor))) throw consentRequired();
  for (const [, kind] of written) countEvent(kind, 'accepted');
  for (const { id, kind } of events) if (!fresh.has(`${visitor}/${id}`)) countEvent(kind, 'duplicate');
  return { accepted, duplicates: events.length - accepted, unknown };
}

/** The variants of experiments that there are, one of each; null where none is named. Of others nothing is to be learnt. */
const runningVariants = (names = ''): string | null =>
  Array.from(forcedVariants(names.split(',')), ([experiment, { id }]) => `${experiment}:${id}`).join() || null;

/** The engines of those domains that there are. */
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
