import 'server-only';
import { InkpickError } from '../../contracts/errors';
import type { LiveSignals } from '../../contracts/live-signals';
import { audienceOver } from '../../engine/ranking/fresh-items';
import { cache } from '../cache/cache';
import { baseRate, lastRevision, newItemAudiences, USUAL_RATE } from '../items/new-items';
import { store } from '../store/store';
import { liveOrNone } from './live';

const MOST_TRENDING = 100;
/** Of the newest items those at most look for an audience at one time. */
export const MOST_FRESH = 50;

/** What all devices are told of a domain. */
export interface DomainLiveSignals extends Omit<LiveSignals, 'friends'> {
  domain: string;
  /** Of the new items: ask for those after one's own when it is higher. */
  revision: number;
}

/** What all devices are told of a domain, at most 2 seconds old; less where the store cannot be reached. */
export async function domainLiveSignals(domain: string): Promise<DomainLiveSignals> {
  try {
    return await cache().get('shared', domain, () => read(domain));
  } catch (error) {
    if (!(error instanceof InkpickError && error.code === 'STORE_UNAVAILABLE')) throw error;
    const { items } = await liveOrNone(domain, 'week');
    return { domain, trending: items.slice(0, MOST_TRENDING), fresh: [], baseRate: USUAL_RATE, revision: 0 };
  }
}

async function read(domain: string): Promise<DomainLiveSignals> {
  const { items } = await liveOrNone(domain, 'week');
  return store().run(async (db) => {
    const rate = await baseRate(db, domain);
    const audiences = await newItemAudiences(db, domain, MOST_FRESH);
    return {
      domain,
      trending: items.slice(0, MOST_TRENDING),
      fresh: audiences
        .filter(({ impressions, clicks }) => !audienceOver({ impressions, clicks }, rate))
        .map(({ id, impressions, clicks }) => ({ id, impressions, clicks })),
      baseRate: rate,
      revision: await lastRevision(db, domain),
    };
  });
}
