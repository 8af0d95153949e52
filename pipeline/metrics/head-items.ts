/** How many of the most liked items are the head, of which a list about something else should have few. */
export const HEAD_ITEMS = 50;

/** Ids of the items that most users like; ties go to the earlier one. */
export function headIds(items: readonly { id: string; popularity: number }[]): Set<string> {
  const ranked = items.toSorted((a, b) => b.popularity - a.popularity);
  return new Set(ranked.slice(0, HEAD_ITEMS).map(({ id }) => id));
}
