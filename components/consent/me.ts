import { InkpickError } from '../../lib/contracts/errors';
import type { VisitorProfile } from '../../lib/contracts/events';
import { setConsent } from './consent';
import type { Held } from './held';

const ADDRESS = '/api/me';

/** Asks the server about the visitor. @throws `InkpickError` with a text that may be shown */
async function ask(method: 'GET' | 'POST' | 'DELETE', body?: object): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(ADDRESS, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  } catch (cause) {
    throw new InkpickError('INTERNAL', 'The server cannot be reached just now.', { cause });
  }
  const answer = await response.json().catch(() => null);
  if (response.ok && answer) return answer;
  const { code = 'INTERNAL', message = `The server answered ${response.status}.` } = answer?.error ?? {};
  throw new InkpickError(code, message);
}

/** Agrees to be known under a random number; with `profile`, tells the server that of oneself and nothing else. */
export async function agree(profile?: VisitorProfile): Promise<void> {
  await ask('POST', { agree: true, ...(profile && { profile }) });
  setConsent('yes');
}

/** All that the server holds of the visitor; null where that is nothing. What was agreed follows from it. */
export async function readHeld(): Promise<Held | null> {
  const { held } = (await ask('GET')) as { held?: Held };
  return held ?? null;
}

/** Has the server erase all that it holds. From then on nothing is sent. */
export async function eraseHeld(): Promise<void> {
  await ask('DELETE');
  setConsent('no');
}
