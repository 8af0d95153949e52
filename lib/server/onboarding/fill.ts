import 'server-only';
import { type Candidate, mixFirstList, type Slot } from './mix';

/** Asked only where the list needs it. Whatever it throws, the list is made without it. */
type Source<T> = () => T | Promise<T>;

/** What each level of {@link LEVELS} has to offer, best first. */
export interface Sources<T extends Candidate> {
  /** Fills the list as far as it goes; all others only fill what is left. */
  taste: Source<readonly T[]>;
  /** One list for each interest. */
  interests: Source<readonly (readonly T[])[]>;
  /** By segments and by what people did lately. */
  crowd: Source<readonly T[]>;
  /** What follows where the crowd is not to be had or has too little. */
  prior: Source<readonly T[]>;
  /** Little-shown items, in any order; none where there is nothing to explore from. */
  explore: Source<readonly T[]>;
}

/**
 * A list of `size` different items, fewer only where all sources together hold fewer. What taste leaves open is mixed of the others
 * by {@link mixFirstList}; items of taste have the slot of the interests.
 *
 * @param excluded ids that must not be in the list, whichever source names them
 * @param onFailure told which source threw what
 */
export async function fillFirstList<T extends Candidate>(
  sources: Sources<T>,
  { size, seed, excluded }: { size: number; seed: string; excluded: ReadonlySet<string> },
  onFailure: (source: keyof Sources<T>, error: unknown) => void,
): Promise<(T & { slot: Slot })[]> {
  const offer = async <K extends keyof Sources<T>>(name: K): Promise<Awaited<ReturnType<Sources<T>[K]>> | []> => {
    try {
      return (await sources[name]()) as Awaited<ReturnType<Sources<T>[K]>>;
    } catch (error) {
      onFailure(name, error);
      return [];
    }
  };
  const taken = new Set(excluded);
  const isFree = ({ id }: T) => !taken.has(id);
  // The pool of exploration is long, and most have nothing to be kept out of it.
  const free = (items: readonly T[]) => (taken.size === 0 ? items : items.filter(isFree));
  const taste: (T & { slot: Slot })[] = [];
  for (const item of await offer('taste')) {
    if (taste.length === size) break;
    if (!isFree(item)) continue;
    taken.add(item.id);
    taste.push({ ...item, slot: 'interest' });
  }
  if (taste.length === size) return taste;
  const left = size - taste.length;
  const [interests, crowd, explore] = await Promise.all([offer('interests'), offer('crowd'), offer('explore')]);
  const popular = [...free(crowd)];
  // With twice as many as there are places, something is left whatever the others take of them.
  if (new Set(popular.map(({ id }) => id)).size < 2 * left) popular.push(...free(await offer('prior')));
  const rest = mixFirstList({ interests: interests.map(free), popular, explore: free(explore) }, left, seed);
  return [...taste, ...rest];
}
