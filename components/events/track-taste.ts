import { readConsent } from '../consent/consent';
import type { Change, Choice } from '../picks/picks';
import { placeEvent } from './shown-list';
import { tasteEvents } from './taste-events';
import { track } from './track';

/** Sends changed likes to followers, where the visitor shares them; does nothing without consent. */
export function notifyFollowers(domain: string): void {
  if (readConsent() !== 'yes') return;
  void import('../friends/renew-sharing').then(
    ({ renewSharing }) => renewSharing(domain),
    () => undefined,
  );
}

/**
 * Sends a change to the picks that was made outside of any list.
 *
 * @param before the picks before the change
 */
export function trackTaste(domain: string, before: readonly Choice[], change: Change): void {
  track(...tasteEvents(before, change).map((event) => placeEvent(event, domain, null)));
  notifyFollowers(domain);
}
