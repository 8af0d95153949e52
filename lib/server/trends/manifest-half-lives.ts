import 'server-only';
import { getManifest } from '../engines';
import type { HalfLifeDays } from './half-lives';

/**
 * Reads `halfLifeDays` from the manifests of some domains.
 *
 * @param domains names of domains that exist
 */
export async function readHalfLifeDays(domains: Iterable<string>): Promise<HalfLifeDays> {
  const days = new Map(
    await Promise.all(
      Array.from(new Set(domains), async (domain) => {
        const { halfLifeDays } = (await getManifest(domain)).domain;
        return [domain, halfLifeDays] as const;
      }),
    ),
  );
  return (domain) => days.get(domain);
}
