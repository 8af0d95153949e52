import type { Mode } from '../../contracts/engine';
import type { LiveSignals } from '../../contracts/live-signals';
import type { Catalog } from '../catalog/catalog';

/** A new item that is looking for its audience. */
export interface FreshItem {
  row: number;
  id: string;
  impressions: number;
  clicks: number;
}

/** The live signals of a request in the engine's numbers. */
export interface LiveRows {
  /** Live weights by row, highest first. */
  trending: ReadonlyMap<number, number>;
  /** Weights of what friends liked by row, highest first … */
  friends: ReadonlyMap<number, number>;
  /** … and who they are. */
  friendNames: ReadonlyMap<number, string[]>;
  fresh: FreshItem[];
  baseRate: number;
  /** Of all that the candidates and their scores depend on; empty where nothing is live. */
  key: string;
}

/** Each fresh item is scored for each answer; the server names those in most need first. */
const MOST_FRESH = 200;

const NOTHING: LiveRows = {
  trending: new Map(),
  friends: new Map(),
  friendNames: new Map(),
  fresh: [],
  baseRate: 0,
  key: '',
};

/** Items that the catalog does not hold are passed over: what is live is about all versions of it. */
export function readLiveSignals(live: LiveSignals | undefined, mode: Mode, catalog: Catalog): LiveRows {
  if (!live) return NOTHING;
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
      if (row !== undefined && fresh.size < MOST_FRESH)
        fresh.set(row, { row, id: catalog.id(row), impressions, clicks });
    }
  }
  const sorted = { trending: falling(trending), friends: falling(friends) };
  return {
    ...sorted,
    friendNames,
    fresh: [...fresh.values()],
    baseRate: live.baseRate,
    key: [...sorted.trending, 'friends', ...sorted.friends, 'fresh', ...fresh.keys()].join(),
  };
}

const falling = (weights: ReadonlyMap<number, number>): ReadonlyMap<number, number> =>
  new Map([...weights].sort(([, a], [, b]) => b - a));
