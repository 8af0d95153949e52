import { InkpickError } from '../../lib/contracts/errors';
import type { VisitorProfile } from '../../lib/contracts/events';
import { setConsent } from './consent';
import type { VisitorData } from './visitor-data';

const ADDRESS = '/api/me';

/**
 * Sends a request to /api/me.
 *
 * @throws InkpickError with a message that may be shown to the visitor
 */
async function request(method: 'GET' | 'POST' | 'DELETE', body?: object): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(ADDRESS, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  } catch (cause) {
    throw new InkpickError('INTERNAL', 'The server cannot be reached just now.', { cause });
  }
  const json = await response.json().catch(() => null);
  if (response.ok && json) return json;
  const { code = 'INTERNAL', message = `The server answered ${response.status}.` } = json?.error ?? {};
  throw new InkpickError(code, message);
}

/**
 * Gives consent: the server stores the visitor's events under a random id from then on.
 *
 * @param profile replaces the stored profile; absent, the stored one stays
 */
export async function agree(profile?: VisitorProfile): Promise<void> {
  await request('POST', { agree: true, ...(profile && { profile }) });
  setConsent('yes');
}

/** Fetches all data that the server stores about the visitor; null if there is none. */
export async function readVisitorData(): Promise<VisitorData | null> {
  const { held } = (await request('GET')) as { held?: VisitorData };
  return held ?? null;
}

/** Erases all data that the server stores about the visitor, and withdraws consent. */
export async function eraseVisitorData(): Promise<void> {
  await request('DELETE');
  setConsent('no');
}
