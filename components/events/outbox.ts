import type { VisitorEvent } from '../../lib/contracts/events';
import { onConsent, readConsent, setConsent } from '../consent/consent';
import { EventDatabase } from './database';
import { EventQueue } from './queue';
import { EventSender } from './sender';

interface Outbox {
  queue: EventQueue;
  sender: EventSender;
}

let opened: Promise<Outbox> | null = null;

async function open(): Promise<Outbox> {
  const queue = await EventQueue.open(await EventDatabase.open());
  const sender = new EventSender(queue, {
    onRefused: () => {
      // The server lost the visitor, or they withdrew consent on another device: the page may ask them again.
      if (readConsent() === 'yes') setConsent(null);
      queue.clear();
    },
  });
  onConsent(() => {
    if (readConsent() !== 'yes') queue.clear();
  });
  window.addEventListener('online', () => void sender.retry());
  window.addEventListener('pagehide', () => sender.leave());
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) sender.leave();
    else sender.wake();
  });
  sender.wake();
  return { queue, sender };
}

/**
 * Opens the queue unless it is open, and sends what an earlier visit left in it. Browser only, and only with consent.
 */
export function openOutbox(): Promise<Outbox> {
  opened ??= open();
  return opened;
}

/** Stores events and sends them soon. */
export async function post(events: readonly VisitorEvent[]): Promise<void> {
  const { queue, sender } = await openOutbox();
  // Consent may have been withdrawn while the queue was being opened.
  if (readConsent() !== 'yes') return;
  queue.add(events);
  sender.wake();
}
