import { readConsent } from '../consent/consent';
import type { Change, Choice } from '../picks/picks';
import { deed } from './shown-list';
import { tasteEvents } from './taste-events';
import { track } from './track';

/** Tells followers of a change to the picks, where the visitor shares them; nothing where they did not agree to be known. */
export function tellFollowers(domain: string): void {
  if (readConsent() !== 'yes') return;
  void import('../friends/renew-sharing').then(
    ({ renewSharing }) => renewSharing(domain),
    () => undefined,
  );
}

/** Tells of a change to the picks that was made outside of any list. @param before the picks until then */
export function trackTaste(domain: string, before: readonly Choice[], change: Change): void {
  track(...tasteEvents(before, change).map((done) => deed(done, domain, null)));
  tellFollowers(domain);
}
