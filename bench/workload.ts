import type { Mode } from '../lib/contracts/engine';
import { mulberry32 } from '../lib/math/random';

/** Requests before the clock starts: the engines compile while they run. */
export const WARM_UP = 60;
export const REQUESTS = 400;
export const HISTORY_LENGTH = 20;
/** How many well-known items histories and queries are drawn from. */
export const KNOWN = 3000;

/** What is asked for: lists as the page shows them. */
export const MEASURED_MODES = ['hybrid', 'content', 'collaborative'] as const satisfies Mode[];
export const TOP_K = 20;
export const DIVERSITY = 0.2;
export const SEARCH_LIMIT = 8;

/** Histories of items that people know, all different, drawn with a fixed seed: the square favours the more popular. */
export function histories(ids: readonly string[], count: number, seed = 20): string[][] {
  const random = mulberry32(seed);
  return Array.from({ length: count }, () => {
    const history = new Set<string>();
    while (history.size < Math.min(HISTORY_LENGTH, ids.length))
      history.add(ids[Math.floor(random() ** 2 * ids.length)]);
    return [...history];
  });
}

/** Titles as fingers type them: half of the queries have a typo, half stop in the middle. */
export function queries(titles: readonly string[], count: number): string[] {
  const random = mulberry32(21);
  const pick = (length: number) => Math.floor(random() * length);
  return Array.from({ length: count }, () => {
    let query = titles[pick(titles.length)].toLowerCase();
    if (random() < 0.5 && query.length > 4) {
      const at = 1 + pick(query.length - 2);
      const kind = pick(3);
      query =
        kind === 0
          ? query.slice(0, at) + query.slice(at + 1)
          : kind === 1
            ? query.slice(0, at) + query[at + 1] + query[at] + query.slice(at + 2)
            : query.slice(0, at) + query[at - 1] + query.slice(at);
    }
    if (random() < 0.5 && query.length > 6) query = query.slice(0, Math.ceil(query.length * (0.5 + random() / 2)));
    return query;
  });
}
