import 'server-only';
import { hashSeed, mulberry32 } from '../../math/random';
import { TopK } from '../../math/top-k';

/** Kinds of places in a new visitor's first list. */
export const SLOTS = ['popular', 'interest', 'explore'] as const;
export type Slot = (typeof SLOTS)[number];

/** The share of each slot in the list. */
export const SHARES: Record<Slot, number> = { popular: 0.2, interest: 0.6, explore: 0.2 };

/** An item that may fill a slot; further fields are returned as they are. */
export interface Candidate {
  id: string;
  /** Number of users with an interaction. */
  popularity: number;
}

export interface Pools<T extends Candidate> {
  /** Most popular first. */
  popular: readonly T[];
  /** One list for each interest chosen, best first. */
  interests: readonly (readonly T[])[];
  /** Items of the tail of popularity, in any order, each once. */
  explore: readonly T[];
}

/** Places of each slot by {@link SHARES}, rounded by the largest-remainder method so that they add up to `size`. */
export function quotas(size: number): Record<Slot, number> {
  const exact = SLOTS.map((slot) => ({ slot, share: SHARES[slot] * size }));
  const result = Object.fromEntries(exact.map(({ slot, share }) => [slot, Math.floor(share)])) as Record<Slot, number>;
  const byRemainder = exact.toSorted((a, b) => (b.share % 1) - (a.share % 1));
  const left = size - SLOTS.reduce((sum, slot) => sum + result[slot], 0);
  for (const { slot } of byRemainder.slice(0, left)) result[slot]++;
  return result;
}

/** The lists' first items in turn, then their second ones, and so on. */
function roundRobin<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, i) =>
    lists.filter((list) => i < list.length).map((list) => list[i]),
  ).flat();
}

/**
 * Samples items without replacement, each with a probability proportional to the square root of its popularity + 1:
 * popular items are preferred, but the few most popular ones do not always win. Weighted sampling by exponential keys
 * (Efraimidis and Spirakis, 2006).
 *
 * @param count size of the sample
 * @returns the sample in the order of sampling; the same for the same seed
 */
export function weightedOrder<T extends Candidate>(items: readonly T[], seed: number, count = items.length): T[] {
  const random = mulberry32(seed);
  const first = new TopK(Math.min(count, items.length));
  for (const [i, { popularity }] of items.entries()) first.push(i, Math.log(1 - random()) / Math.sqrt(popularity + 1));
  return Array.from(first.drain(), (i) => items[i]);
}

/**
 * Mixes a first list of different items: 60 % from the interests in turn, 20 % popular, 20 % exploration. Places that
 * one pool cannot fill go to the others. The slots are spread evenly over the list.
 *
 * @param size length of the list; it is shorter only if all pools together have fewer items
 * @param seed of the exploration; the same seed gives the same list
 */
export function mixFirstList<T extends Candidate>(pools: Pools<T>, size: number, seed: string): (T & { slot: Slot })[] {
  const queues: Record<Slot, T[]> = {
    // Fills its places first, so that items of the interests are not used up as popular ones.
    interest: roundRobin(pools.interests),
    popular: [...pools.popular],
    // The other slots may take as many of them as the list has places.
    explore: weightedOrder(pools.explore, hashSeed(seed), 2 * size),
  };
  const quota = quotas(size);
  const taken = new Set<string>();
  const chosen: Record<Slot, T[]> = { interest: [], popular: [], explore: [] };
  const next: Record<Slot, number> = { interest: 0, popular: 0, explore: 0 };

  const fill = (slot: Slot, count: number) => {
    const queue = queues[slot];
    while (count > 0 && next[slot] < queue.length) {
      const item = queue[next[slot]++];
      if (taken.has(item.id)) continue;
      taken.add(item.id);
      chosen[slot].push(item);
      count--;
    }
  };
  const order: Slot[] = ['interest', 'popular', 'explore'];
  for (const slot of order) fill(slot, quota[slot]);
  for (const slot of order) fill(slot, size - taken.size);

  return interleave(chosen);
}

/** Puts at each place an item of the slot that is furthest behind its share of the list so far. */
function interleave<T>(chosen: Record<Slot, T[]>): (T & { slot: Slot })[] {
  const length = SLOTS.reduce((sum, slot) => sum + chosen[slot].length, 0);
  const placed: Record<Slot, number> = { popular: 0, interest: 0, explore: 0 };
  return Array.from({ length }, (_, i) => {
    const behind = (slot: Slot) =>
      placed[slot] < chosen[slot].length ? (chosen[slot].length * (i + 1)) / length - placed[slot] : -Infinity;
    const slot = SLOTS.reduce((best, candidate) => (behind(candidate) > behind(best) ? candidate : best));
    return { ...chosen[slot][placed[slot]++], slot };
  });
}
