import type { Mode } from '../../contracts/engine';
import type { LiveSignals } from '../../contracts/live-signals';
import type { Catalog } from '../catalog/catalog';

/** A new item that has not had its first audience yet, as far as the server knows. */
export interface FreshItem {
  row: number;
  id: string;
  impressions: number;
  clicks: number;
}

/** The live signals of a request, with items as rows. */
export interface LiveRows {
  /** Live weights by row, highest first. */
  trending: ReadonlyMap<number, number>;
  /** Weights of what friends liked by row, highest first … */
  friends: ReadonlyMap<number, number>;
  /** … and the names of these friends. */
  friendNames: ReadonlyMap<number, string[]>;
  fresh: FreshItem[];
  /** Clicks per impression over everything shown. */
  baseRate: number;
  /** Identifies everything that candidates and scores depend on; empty without live signals. */
  key: string;
}

/** Each fresh item is scored for each request; the server lists those with the fewest impressions first. */
const MAX_FRESH_ITEMS = 200;

export const NO_LIVE_ROWS: LiveRows = {
  trending: new Map(),
  friends: new Map(),
  friendNames: new Map(),
  fresh: [],
  baseRate: 0,
  key: '',
};

/**
 * Reads live signals. Ids that the catalog does not have are skipped, not reported: the signals cover every version of
 * it. Friends and fresh items count in hybrid mode alone.
 */
export function readLiveSignals(live: LiveSignals | undefined, mode: Mode, catalog: Catalog): LiveRows {
  if (!live) return NO_LIVE_ROWS;
  const trending = new Map<number, number>();
  const friends = new Map<number, number>();
  const friendNames = new Map<number, string[]>();
  const fresh = new Map<number, FreshItem>();
  for (const { id, weight } of live.trending) {
    const row = catalog.resolve(id);
    if (row !== undefined && weight > 0) trending.set(row, (trending.get(row) ?? 0) + weight);
  }
  if (mode === 'hybrid') {
    for (const { id, weight, names } of live.friends) {
      const row = catalog.resolve(id);
      if (row === undefined || !(weight > 0)) continue;
      friends.set(row, (friends.get(row) ?? 0) + weight);
      friendNames.set(row, [...new Set([...(friendNames.get(row) ?? []), ...names])]);
    }
    for (const { id, impressions, clicks } of live.fresh) {
      const row = catalog.resolve(id);
      if (row !== undefined && fresh.size < MAX_FRESH_ITEMS)
        fresh.set(row, { row, id: catalog.id(row), impressions, clicks });
    }
  }
  const sorted = { trending: descending(trending), friends: descending(friends) };
  return {
    ...sorted,
    friendNames,
    fresh: [...fresh.values()],
    baseRate: live.baseRate,
    key: [...sorted.trending, 'friends', ...sorted.friends, 'fresh', ...fresh.keys()].join(),
  };
}

const descending = (weights: ReadonlyMap<number, number>): ReadonlyMap<number, number> =>
  new Map([...weights].sort(([, a], [, b]) => b - a));
