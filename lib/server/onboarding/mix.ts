import 'server-only';
import { hashSeed, mulberry32 } from '../../math/random';
import { TopK } from '../../math/top-k';

/** Why an item has its place in a newcomer's first list. */
export const SLOTS = ['popular', 'interest', 'explore'] as const;
export type Slot = (typeof SLOTS)[number];

/** The share of each slot in the list. */
export const SHARES: Record<Slot, number> = { popular: 0.5, interest: 0.3, explore: 0.2 };

/** An item that may fill a slot, with whatever the caller wants back. */
export interface Candidate {
  id: string;
  /** How many users chose it. */
  popularity: number;
}

export interface Pools<T extends Candidate> {
  /** Most popular first. */
  popular: readonly T[];
  /** One list for each interest chosen, best first. */
  interests: readonly (readonly T[])[];
  /** Little-shown items, in any order, each once. */
  explore: readonly T[];
}

/** Largest remainder: whole numbers in the proportions of {@link SHARES} that add up to `size`. */
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
 * A seeded random order in which an item's chance of coming next is proportional to the square root of its
 * popularity: the better liked the likelier, but not so much that the few best liked always win. Weighted
 * sampling without replacement by exponential keys (Efraimidis and Spirakis, 2006).
 *
 * @param count so many, the first of that order
 */
export function weightedOrder<T extends Candidate>(items: readonly T[], seed: number, count = items.length): T[] {
  const random = mulberry32(seed);
  const first = new TopK(Math.min(count, items.length));
  for (const [i, { popularity }] of items.entries()) first.push(i, Math.log(1 - random()) / Math.sqrt(popularity + 1));
  return Array.from(first.drain(), (i) => items[i]);
}

/**
 * A newcomer's first list: `size` different items, half of them popular, three tenths by the interests in
 * turn, a fifth exploration; fewer only where all pools together hold fewer. What one pool cannot fill the
 * others do. The kinds are spread over the list evenly, and the same seed gives the same list.
 */
export function mixFirstList<T extends Candidate>(pools: Pools<T>, size: number, seed: string): (T & { slot: Slot })[] {
  const queues: Record<Slot, T[]> = {
    // Taken first: what answers the interests should not be spent as merely popular.
    interest: roundRobin(pools.interests),
    popular: [...pools.popular],
    // The others may have taken as many of them as the list is long.
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

/** At each place the kind that is furthest behind its share of the list so far. */
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
