import 'server-only';
import { randomUUID } from 'node:crypto';
import { cache } from '../cache/cache';

const keyOf = (user: string, domain: string) => `${user}/${domain}`;

/**
 * A word that the keys of all that is kept of a user in a domain hold. It changes with the user's next event, and so what was made before, or is
 * being made of what was read before, is never found again.
 */
export const revisionOf = (user: string, domain: string): Promise<string> =>
  cache().get('revisions', keyOf(user, domain), () => randomUUID());

/** Has all that is kept of a user in some domains made anew when it is next asked for, on every instance. */
export async function forgetUser(user: string, domains: Iterable<string>): Promise<void> {
  await Promise.all(Array.from(domains, (domain) => cache().forget('revisions', keyOf(user, domain))));
}
