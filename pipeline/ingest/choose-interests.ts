export interface Candidate {
  value: string;
  /** Indices of the items that carry the value. */
  items: readonly number[];
}

export interface InterestOptions {
  /** How many values to choose. */
  count: number;
  /** A value is left out where more than this share of its items carry a value that is chosen already. */
  mostOverlap: number;
  /** A value that more than this share of all items carry is too broad to be an interest. */
  mostShare: number;
}

/**
 * Values for newcomers to choose from, drawn from the data: the commonest first, each clearly different from those
 * before it. Between values equally common the first by the alphabet.
 */
export function chooseInterests(
  candidates: readonly Candidate[],
  { count, mostOverlap, mostShare }: InterestOptions,
): string[] {
  const total = new Set(candidates.flatMap(({ items }) => items)).size;
  const ranked = candidates
    .filter(({ items }) => items.length <= mostShare * total)
    .sort((a, b) => b.items.length - a.items.length || (a.value < b.value ? -1 : 1));
  const chosen: { value: string; items: Set<number> }[] = [];
  for (const { value, items } of ranked) {
    if (chosen.length === count) break;
    const sharedWith = (other: Set<number>) => items.filter((item) => other.has(item)).length;
    if (chosen.some((other) => sharedWith(other.items) > mostOverlap * items.length)) continue;
    chosen.push({ value, items: new Set(items) });
  }
  return chosen.map(({ value }) => value);
}
