import 'server-only';
import type { ItemSummary, Reason } from '../contracts/engine';
import type { Engine } from '../engine/engine';
import { mixFirstList, type Slot } from './onboarding';

/** How deep into an interest's items the exploration looks. */
const EXPLORE_DEPTH = 200;
/** The most popular items are shown often enough: exploration starts behind this share of them, or this many. */
const SHOWN_SHARE = 0.1;
const SHOWN_MOST = 200;

export interface FirstListItem extends Omit<ItemSummary, 'external' | 'popularity'> {
  slot: Slot;
  reasons: Reason[];
}

type Entry = ItemSummary & { reasons: Reason[] };

/** The little-shown but liked items of every taste, with the taste as the reason; the same for all visitors. */
const explorePools = new WeakMap<Engine, Entry[]>();

function explorePool(engine: Engine): Entry[] {
  let pool = explorePools.get(engine);
  if (!pool) {
    const shown = Math.min(SHOWN_MOST, Math.floor(engine.info.itemCount * SHOWN_SHARE));
    const oftenShown = new Set(engine.popular(shown).map(({ id }) => id));
    const byId = new Map<string, Entry>();
    for (const interest of engine.info.interests) {
      for (const entry of ofInterest(engine, interest.id, EXPLORE_DEPTH)) {
        if (!oftenShown.has(entry.id) && !byId.has(entry.id)) byId.set(entry.id, entry);
      }
    }
    pool = [...byId.values()];
    explorePools.set(engine, pool);
  }
  return pool;
}

function ofInterest(engine: Engine, id: string, count: number): Entry[] {
  const label = engine.info.interests.find((interest) => interest.id === id)?.label ?? id;
  const reasons: Reason[] = [{ kind: 'interest', id, label, share: 1, terms: [] }];
  return engine.interestItems(id, count).map((item) => ({ ...item, reasons }));
}

/**
 * The first list for a newcomer who chose `interests` (all known to the engine). Visitor, domain and
 * interests, in any order, decide it: a reload shows the same.
 */
export function firstList(
  engine: Engine,
  { interests, visitor, size }: { interests: string[]; visitor: string; size: number },
): FirstListItem[] {
  const chosen = interests.toSorted();
  const pools = {
    // Twice as many as could be needed: the interests may take as many as the list holds out of them.
    popular: engine
      .popular(2 * size)
      .map((item): Entry => ({ ...item, reasons: [{ kind: 'popular', count: item.popularity }] })),
    interests: chosen.map((id) => ofInterest(engine, id, size)),
    explore: explorePool(engine),
  };
  const seed = JSON.stringify([engine.info.id, visitor, chosen]);
  return mixFirstList(pools, size, seed).map(({ external, popularity, ...item }) => item);
}
