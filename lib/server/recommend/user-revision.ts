import 'server-only';
import { randomUUID } from 'node:crypto';
import { cache } from '../cache/cache';

const keyOf = (user: string, domain: string) => `${user}/${domain}`;

/**
 * A random text that is part of the cache keys of everything computed from a user's events in a domain. It changes with
 * the next event; values computed before, or still being computed from older events, are then never found again.
 */
export const userRevision = (user: string, domain: string): Promise<string> =>
  cache().get('revisions', keyOf(user, domain), () => randomUUID());

/** Changes a user's revision in some domains, on every instance, which invalidates what is cached of the user there. */
export async function renewUserRevision(user: string, domains: Iterable<string>): Promise<void> {
  await Promise.all(Array.from(domains, (domain) => cache().forget('revisions', keyOf(user, domain))));
}
