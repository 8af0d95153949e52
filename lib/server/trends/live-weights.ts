import 'server-only';
import { createHash } from 'node:crypto';
import { InkpickError } from '../../contracts/errors';
import { cache } from '../cache/cache';
import { getManifest } from '../engines';
import { countFallback } from '../metrics/metrics';
import type { Window } from './half-lives';
import { type LiveItem, liveItems } from './trending';

/** No response lists more items of a window. */
const MAX_ITEMS = 200;

export interface LiveWeights {
  items: LiveItem[];
  /** Hash of the items and their weights, for the keys of what is computed from them; empty without items. */
  tag: string;
  /** Interactions of the data set that the catalog was built from. */
  interactions: number;
}

/**
 * The items with the highest live weight in a window, at most 2 seconds old. Without the store these are the last ones
 * known, or none: popularity then falls back to the prior of the data.
 *
 * @param domain name of a domain that exists
 */
export async function readLiveWeights(domain: string, window: Window): Promise<LiveWeights> {
  const { interactions } = (await getManifest(domain)).counts;
  try {
    return { ...(await cache().get('live', `${domain}/${window}`, () => read(domain, window))), interactions };
  } catch (error) {
    if (!(error instanceof InkpickError && error.code === 'STORE_UNAVAILABLE')) throw error;
    countFallback('prior');
    return { items: [], tag: '', interactions };
  }
}

async function read(domain: string, window: Window): Promise<Omit<LiveWeights, 'interactions'>> {
  const items = await liveItems(domain, window, MAX_ITEMS);
  // Weights decay all the time. With 4 digits the tag still stays the same for as long as a response is cached.
  const tag = items.map(({ id, weight }) => `${id}:${weight.toPrecision(4)}`).join();
  return { items, tag: items.length === 0 ? '' : createHash('sha256').update(tag).digest('base64url') };
}
