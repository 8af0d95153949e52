import { readConsent } from '../consent/consent';
import type { Deed } from './shown-list';
import { uuid } from './uuid';

/**
 * Tells the server of what the visitor did, if the visitor agreed to that; else nothing happens. The rest of it is fetched with
 * the first event, so that a page without consent is without it.
 */
export function track(...deeds: readonly Deed[]): void {
  if (deeds.length === 0 || readConsent() !== 'yes') return;
  const events = deeds.map((deed) => ({ ...deed, id: uuid(), at: Date.now() }));
  void import('./outbox').then(
    ({ post }) => post(events),
    // Not to be had, as without a network: what is not told is no harm.
    () => undefined,
  );
}
