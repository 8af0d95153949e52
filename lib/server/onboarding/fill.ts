import 'server-only';
import { type Candidate, mixFirstList, type Slot } from './mix';

/** Called only if the list needs it. When it throws, the list is filled without it. */
type Source<T> = () => T | Promise<T>;

/** Items from each level of levels.ts, best first. */
export interface Sources<T extends Candidate> {
  /** Comes first; the others fill the places that it leaves. */
  taste: Source<readonly T[]>;
  /** One list an interest. */
  interests: Source<readonly (readonly T[])[]>;
  /** Popular in the visitor's segments, or with all visitors recently. */
  crowd: Source<readonly T[]>;
  /** Popular in the data; used if `crowd` fails or has too few items. */
  prior: Source<readonly T[]>;
  /** Items of the tail of popularity, in any order; empty for no exploration. */
  explore: Source<readonly T[]>;
}

/**
 * Fills a first list. {@link mixFirstList} fills the places that `taste` leaves from the other sources; items of
 * `taste` have the slot `interest`.
 *
 * @param size length of the list; it is shorter only if all sources together have fewer items
 * @param seed of the exploration
 * @param excluded ids that must not be in the list
 * @param onFailure called with the error of a source
 * @returns different items, best first
 */
export async function fillFirstList<T extends Candidate>(
  sources: Sources<T>,
  { size, seed, excluded }: { size: number; seed: string; excluded: ReadonlySet<string> },
  onFailure: (source: keyof Sources<T>, error: unknown) => void,
): Promise<(T & { slot: Slot })[]> {
  const read = async <K extends keyof Sources<T>>(name: K): Promise<Awaited<ReturnType<Sources<T>[K]>> | []> => {
    try {
      return (await sources[name]()) as Awaited<ReturnType<Sources<T>[K]>>;
    } catch (error) {
      onFailure(name, error);
      return [];
    }
  };
  const taken = new Set(excluded);
  const isFree = ({ id }: T) => !taken.has(id);
  // Copying is avoided if nothing is excluded: the exploration has thousands of items.
  const free = (items: readonly T[]) => (taken.size === 0 ? items : items.filter(isFree));
  const taste: (T & { slot: Slot })[] = [];
  for (const item of await read('taste')) {
    if (taste.length === size) break;
    if (!isFree(item)) continue;
    taken.add(item.id);
    taste.push({ ...item, slot: 'interest' });
  }
  if (taste.length === size) return taste;
  const left = size - taste.length;
  const [interests, crowd, explore] = await Promise.all([read('interests'), read('crowd'), read('explore')]);
  const popular = [...free(crowd)];
  // The others may take as many of them as there are places, so twice as many are needed.
  if (new Set(popular.map(({ id }) => id)).size < 2 * left) popular.push(...free(await read('prior')));
  const rest = mixFirstList({ interests: interests.map(free), popular, explore: free(explore) }, left, seed);
  return [...taste, ...rest];
}
