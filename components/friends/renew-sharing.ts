import { InkpickError } from '../../lib/contracts/errors';
import { tasteStore } from '../picks/use-taste';
import { putSharing } from './friends-api';
import { likesToShare } from './likes-to-share';
import { Renewals } from './debounced-sender';
import { rememberOne, sharedDomains } from './shared-domains';

const WAIT_MS = 1500;
/** After more changes than the server takes in a minute. */
const AGAIN_MS = 15_000;

let renewals: Renewals | null = null;

async function send(domain: string, leaving: boolean): Promise<void> {
  const { ready, choices } = tasteStore(domain).getState();
  if (!ready) return;
  try {
    const { sharing } = await putSharing(domain, { ...likesToShare(choices, Date.now()), renewal: true }, leaving);
    if (!sharing) rememberOne(domain, false);
  } catch (error) {
    const code = error instanceof InkpickError && error.code;
    // Whoever had everything erased shares nothing. For the rest, the next change sends all of it again.
    if (code === 'CONSENT_REQUIRED') rememberOne(domain, false);
    // Nor is what came too fast lost.
    else if (code === 'RATE_LIMITED' && !leaving) setTimeout(renewSharing, AGAIN_MS, domain);
  }
}

/**
 * Tells followers of a change to the picks of a domain, a moment later: to be called after each. Does nothing where the domain
 * is not shared, begins nothing, and never fails. Browser only.
 */
export function renewSharing(domain: string): void {
  if (!sharedDomains().includes(domain)) return;
  if (!renewals) {
    const made = new Renewals(send, WAIT_MS);
    window.addEventListener('pagehide', () => made.leave());
    renewals = made;
  }
  renewals.ask(domain);
}
