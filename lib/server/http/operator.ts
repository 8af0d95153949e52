import 'server-only';
import { createHash, timingSafeEqual } from 'node:crypto';
import { InkpickError } from '../../contracts/errors';
import { currentSettings } from '../settings';
import { wrongTokenLimit } from './rate-limit';

const digest = (text: string) => createHash('sha256').update(text).digest();

/** The token that a request bears (RFC 6750), if it does: a name and password are for whoever stands in front of this server. */
const tokenOf = (headers: Headers): string | undefined =>
  /^Bearer (.+)$/i.exec(headers.get('authorization') ?? '')?.[1];

/** Whether a request carries the operator's token, compared in constant time; `FORBIDDEN` where there is none to carry. */
export function isOperator(headers: Headers): boolean {
  const { adminToken } = currentSettings();
  const given = tokenOf(headers);
  return adminToken !== undefined && given !== undefined && timingSafeEqual(digest(given), digest(adminToken));
}

/** Throws unless a request carries the operator's token. */
export function requireOperator(headers: Headers): void {
  if (isOperator(headers)) return;
  if (currentSettings().adminToken === undefined) {
    throw new InkpickError(
      'FORBIDDEN',
      'What is for operators is closed on this server. Set INKPICK_ADMIN_TOKEN to open it to whoever knows that.',
    );
  }
  throw new InkpickError('UNAUTHORISED', 'Send the operator’s token: Authorization: Bearer <INKPICK_ADMIN_TOKEN>.');
}

/**
 * Counts a wrong token of the caller's; `RATE_LIMITED` for whoever has sent too many of them, whatever is sent now, as a right one
 * may then be a guess too. Called for every request before anything is done with its token.
 */
export async function limitGuesses(headers: Headers, address: string): Promise<void> {
  if (tokenOf(headers) === undefined || currentSettings().adminToken === undefined) return;
  const limit = wrongTokenLimit();
  await limit?.check(address);
  if (!isOperator(headers)) await limit?.take(address);
}
