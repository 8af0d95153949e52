import { readConsent } from '../consent/consent';
import type { PlacedEvent } from './shown-list';
import { uuid } from './uuid';

/**
 * Sends events to the server, if the visitor agreed to that; else does nothing. The code that sends is loaded with the
 * first event: a page without consent does not load it.
 */
export function track(...placed: readonly PlacedEvent[]): void {
  if (placed.length === 0 || readConsent() !== 'yes') return;
  const events = placed.map((event) => ({ ...event, id: uuid(), at: Date.now() }));
  void import('./outbox').then(
    ({ post }) => post(events),
    // The code could not be loaded, for instance without a network: losing these events does no harm.
    () => undefined,
  );
}
