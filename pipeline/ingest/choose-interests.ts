export interface InterestCandidate {
  value: string;
  /** Indices of the items with the value. */
  items: readonly number[];
}

export interface InterestOptions {
  /** Number of values to choose. */
  count: number;
  /** The largest share of a value's items that may belong to a single value chosen before. */
  maxOverlap: number;
  /** The largest share of all items with a value. Broader values are no interests. */
  maxShare: number;
}

/**
 * Chooses the values that new users can pick as interests: the most frequent ones that clearly differ from each other.
 * Ties are in alphabetical order.
 */
export function chooseInterests(
  candidates: readonly InterestCandidate[],
  { count, maxOverlap, maxShare }: InterestOptions,
): string[] {
  const total = new Set(candidates.flatMap(({ items }) => items)).size;
  const ranked = candidates
    .filter(({ items }) => items.length <= maxShare * total)
    .sort((a, b) => b.items.length - a.items.length || (a.value < b.value ? -1 : 1));
  const chosen: { value: string; items: Set<number> }[] = [];
  for (const { value, items } of ranked) {
    if (chosen.length === count) break;
    const overlapWith = (other: Set<number>) => items.filter((item) => other.has(item)).length;
    if (chosen.some((other) => overlapWith(other.items) > maxOverlap * items.length)) continue;
    chosen.push({ value, items: new Set(items) });
  }
  return chosen.map(({ value }) => value);
}
