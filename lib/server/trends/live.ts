import 'server-only';
import { createHash } from 'node:crypto';
import { InkpickError } from '../../contracts/errors';
import { cache } from '../cache/cache';
import { getManifest } from '../engines';
import { countFallback } from '../metrics/metrics';
import { type LiveItem, liveItems } from './trending';
import type { Window } from './windows';

/** So many items of a window are ever told. */
const MOST_ITEMS = 200;

export interface Live {
  items: LiveItem[];
  /** Changes with the items and their weights: what was made from others is not the same. */
  tag: string;
  /** Of the data set that the catalog was built from. */
  interactions: number;
}

/**
 * What is popular now in a window, at most 2 seconds old. Where the store cannot be reached it is what was last known, or nothing:
 * popularity has the prior of the data to fall back on.
 *
 * @param domain one that there is
 */
export async function liveOrNone(domain: string, window: Window): Promise<Live> {
  const { interactions } = (await getManifest(domain)).counts;
  try {
    return { ...(await cache().get('live', `${domain}/${window}`, () => read(domain, window))), interactions };
  } catch (error) {
    if (!(error instanceof InkpickError && error.code === 'STORE_UNAVAILABLE')) throw error;
    countFallback('prior');
    return { items: [], tag: '', interactions };
  }
}

async function read(domain: string, window: Window): Promise<Omit<Live, 'interactions'>> {
  const items = await liveItems(domain, window, MOST_ITEMS);
  // Weights fade by themselves; to this many digits nobody sees it within the life of an answer.
  const tag = items.map(({ id, weight }) => `${id}:${weight.toPrecision(4)}`).join();
  return { items, tag: items.length === 0 ? '' : createHash('sha256').update(tag).digest('base64url') };
}
