import 'server-only';
import { createHash, timingSafeEqual } from 'node:crypto';
import { InkpickError } from '../../contracts/errors';
import { currentSettings } from '../settings';
import { limiter } from './rate-limit';
import { RATE_LIMITS } from './rate-limit-policies';

const digest = (text: string) => createHash('sha256').update(text).digest();

/**
 * The bearer token of a request (RFC 6750); undefined without one. `Basic` credentials are ignored: they are for a
 * proxy in front of this server.
 */
const tokenOf = (headers: Headers): string | undefined =>
  /^Bearer (.+)$/i.exec(headers.get('authorization') ?? '')?.[1];

/** Whether a request carries the operator's token, compared in constant time; false where the settings have none. */
function isOperator(headers: Headers): boolean {
  const { adminToken } = currentSettings();
  const token = tokenOf(headers);
  return adminToken !== undefined && token !== undefined && timingSafeEqual(digest(token), digest(adminToken));
}

/**
 * Returns if the request carries the operator's token.
 *
 * @throws `FORBIDDEN` where the settings have no token, else `UNAUTHORISED`
 */
export function requireOperator(headers: Headers): void {
  if (isOperator(headers)) return;
  if (currentSettings().adminToken === undefined) {
    throw new InkpickError(
      'FORBIDDEN',
      'Operator routes are closed on this server. Set INKPICK_ADMIN_TOKEN to open them to requests that carry it.',
    );
  }
  throw new InkpickError('UNAUTHORISED', 'Send the operator’s token: Authorization: Bearer <INKPICK_ADMIN_TOKEN>.');
}

/**
 * Counts a wrong operator's token. Called for every request before its token is used.
 *
 * @throws `RATE_LIMITED` after too many wrong tokens from this address, for a right token too: it may be a guess
 */
export async function limitTokenGuesses(headers: Headers, address: string): Promise<void> {
  if (tokenOf(headers) === undefined || currentSettings().adminToken === undefined) return;
  const limit = limiter(RATE_LIMITS.wrongTokens);
  await limit?.check(address);
  if (!isOperator(headers)) await limit?.take(address);
}
