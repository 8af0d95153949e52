import type { Mode } from '../lib/contracts/engine';
import { mulberry32 } from '../lib/math/random';

/** Requests that are not measured, during which the code is compiled. */
export const WARM_UP = 60;
export const REQUESTS = 400;
export const HISTORY_LENGTH = 20;
/** Number of popular items from which histories and queries are sampled. */
export const KNOWN = 3000;

/** Modes to measure, with the settings of the page. */
export const MEASURED_MODES = ['hybrid', 'content', 'collaborative'] as const satisfies Mode[];
export const TOP_K = 20;
export const DIVERSITY = 0.2;
export const SEARCH_LIMIT = 8;

/** Samples histories of popular items. Squaring the random number favours the most popular ones. */
export function histories(ids: readonly string[], count: number, seed = 20): string[][] {
  const random = mulberry32(seed);
  return Array.from({ length: count }, () => {
    const history = new Set<string>();
    while (history.size < Math.min(HISTORY_LENGTH, ids.length))
      history.add(ids[Math.floor(random() ** 2 * ids.length)]);
    return [...history];
  });
}

/** Makes queries of titles: half of them have a typo, half are incomplete. */
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
