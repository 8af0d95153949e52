import { InkpickError } from '../../lib/contracts/errors';
import { tasteStore } from '../picks/use-taste';
import { DebouncedSender } from './debounced-sender';
import { putSharing } from './friends-api';
import { likesToShare } from './likes-to-share';
import { setDomainShared, sharedDomains } from './shared-domains';

const WAIT_MS = 1500;
/** Retry after the server's rate limit (per minute) was exceeded. */
const RETRY_AFTER_MS = 15_000;

let sender: DebouncedSender | null = null;

async function send(domain: string, leaving: boolean): Promise<void> {
  const { ready, choices } = tasteStore(domain).getState();
  if (!ready) return;
  try {
    const { sharing } = await putSharing(domain, { ...likesToShare(choices, Date.now()), renewal: true }, leaving);
    if (!sharing) setDomainShared(domain, false);
  } catch (error) {
    const code = error instanceof InkpickError && error.code;
    // The visitor's data was erased: nothing is shared any more.
    if (code === 'CONSENT_REQUIRED') setDomainShared(domain, false);
    else if (code === 'RATE_LIMITED' && !leaving) setTimeout(renewSharing, RETRY_AFTER_MS, domain);
    // Other errors need no retry: the next change sends all likes again.
  }
}

/**
 * Schedules an update of the shared likes of a domain; to be called after each change of picks. Does nothing if the
 * domain is not shared, never starts sharing, and never throws. Browser only.
 */
export function renewSharing(domain: string): void {
  if (!sharedDomains().includes(domain)) return;
  if (!sender) {
    const created = new DebouncedSender(send, WAIT_MS);
    window.addEventListener('pagehide', () => created.flush());
    sender = created;
  }
  sender.request(domain);
}
