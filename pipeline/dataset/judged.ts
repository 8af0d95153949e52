import type { DomainFolder } from '../domain-folder/read';

/**
 * The judged pairs of a folder by seed, as ids, in the order of their file; repeats stay.
 *
 * @param has whether an item can be used; pairs with another are left out
 */
export function judgedBySeed({ items, related }: DomainFolder, has: (id: string) => boolean): Map<string, string[]> {
  const bySeed = new Map<string, string[]>();
  for (const { seed, recommended } of related) {
    const [from, to] = [items[seed].id, items[recommended].id];
    if (has(from) && has(to)) bySeed.set(from, [...(bySeed.get(from) ?? []), to]);
  }
  return bySeed;
}
