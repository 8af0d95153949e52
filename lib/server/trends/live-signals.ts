import 'server-only';
import { InkpickError } from '../../contracts/errors';
import type { LiveSignals } from '../../contracts/live-signals';
import { audienceOver } from '../../engine/ranking/fresh-items';
import { cache } from '../cache/cache';
import { baseRate, lastRevision, newItemAudiences, PRIOR_CLICK_RATE } from '../items/new-items';
import { store } from '../store/store';
import { readLiveWeights } from './live-weights';

const MAX_TRENDING = 100;
/** New items that look for their first audience at the same time, newest first. */
export const MAX_FRESH = 50;

/** The live signals of a domain that are the same for all visitors. */
export interface DomainLiveSignals extends Omit<LiveSignals, 'friends'> {
  domain: string;
  /** Last revision of the new items: a device with an older one fetches the items since its own. */
  revision: number;
}

/**
 * The live signals of a domain, at most 2 seconds old. Without the store: the trending items last known and no new
 * items.
 *
 * @param domain name of a domain that exists
 */
export async function domainLiveSignals(domain: string): Promise<DomainLiveSignals> {
  try {
    return await cache().get('shared', domain, () => read(domain));
  } catch (error) {
    if (!(error instanceof InkpickError && error.code === 'STORE_UNAVAILABLE')) throw error;
    const { items } = await readLiveWeights(domain, 'week');
    return { domain, trending: items.slice(0, MAX_TRENDING), fresh: [], baseRate: PRIOR_CLICK_RATE, revision: 0 };
  }
}

async function read(domain: string): Promise<DomainLiveSignals> {
  const { items } = await readLiveWeights(domain, 'week');
  return store().run(async (db) => {
    const rate = await baseRate(db, domain);
    const audiences = await newItemAudiences(db, domain, MAX_FRESH);
    return {
      domain,
      trending: items.slice(0, MAX_TRENDING),
      fresh: audiences
        .filter(({ impressions, clicks }) => !audienceOver({ impressions, clicks }, rate))
        .map(({ id, impressions, clicks }) => ({ id, impressions, clicks })),
      baseRate: rate,
      revision: await lastRevision(db, domain),
    };
  });
}
