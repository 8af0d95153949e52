import 'server-only';
import { DEFAULT_DIVERSITY, type HistoryEntry, type ItemSummary, type Reason } from '../../contracts/engine';
import type { VisitorProfile } from '../../contracts/events';
import type { Engine } from '../../engine/engine';
import { logError, logErrorThrottled } from '../log';
import { readLiveWeights } from '../trends/live-weights';
import { crowdEntries, explorationEntries, interestEntries, priorEntries } from './entries';
import { fillFirstList } from './fill';
import type { Entry, Level } from './levels';
import type { Slot } from './mix';
import { readSegment, segmentsOf } from './segments';

/** A new visitor does not wait longer for the store; the list is then filled from the data. */
const STORE_TIMEOUT_MS = 250;

/** The answers that a new visitor gave; each may be empty. */
export interface OnboardingAnswers {
  /** Different ids of interests that the engine knows. */
  interests: readonly string[];
  profile: VisitorProfile;
  /**
   * Of the quick pick, one an item: 1 liked, -1 disliked, 0 not known to the visitor. Ids unknown to the catalog are
   * ignored.
   */
  answers: readonly HistoryEntry[];
}

export interface FirstListItem extends Omit<ItemSummary, 'external' | 'popularity'> {
  slot: Slot;
  /** The source of the item; see levels.ts. */
  level: Level;
  reasons: Reason[];
}

/** The engine's recommendations if something is liked or disliked, else none. */
function tasteEntries(engine: Engine, { interests, answers }: OnboardingAnswers, size: number): Entry[] {
  // Items that the visitor does not know are no evidence, and may be recommended.
  const history = answers.filter(({ id, value }) => value !== 0 && engine.knows(id));
  if (history.length === 0) return [];
  const { items } = engine.recommend({
    mode: 'hybrid',
    history,
    interests: [...interests],
    topK: size,
    diversity: DEFAULT_DIVERSITY,
  });
  return items.map(({ score, terms, slot, ...item }) => ({ ...item, level: 'taste' }));
}

/** The value of a promise; undefined if it takes longer than `milliseconds`. */
function within<T>(promise: Promise<T>, milliseconds: number): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), milliseconds);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Items popular in the visitor's segments, or with all visitors; none if the store does not answer in time. */
async function readCrowd(engine: Engine, profile: VisitorProfile, count: number): Promise<Entry[]> {
  const domain = engine.info.id;
  const read = Promise.all([
    readLiveWeights(domain, 'month'),
    Promise.all(segmentsOf(profile).map((segment) => readSegment(domain, segment).catch(emptySegment))),
  ]);
  const found = await within(read, STORE_TIMEOUT_MS);
  if (!found) return [];
  const [live, segments] = found;
  return crowdEntries(engine, segments, live, count);
}

/** A segment that cannot be read counts as one without events. */
function emptySegment(error: unknown): [] {
  logErrorThrottled('onboarding: segments', error);
  return [];
}

/**
 * A new visitor's first list, without the items that they liked or disliked in the quick pick. Equal requests give the
 * same list while the live weights are the same; the order of the interests does not matter.
 *
 * @param visitor any text that stays the same for a visitor; it seeds the exploration
 * @param size length of the list, if the catalog has as many items
 */
export function firstList(
  engine: Engine,
  { visitor, size, ...answers }: OnboardingAnswers & { visitor: string; size: number },
): Promise<FirstListItem[]> {
  const chosen = answers.interests.toSorted();
  const opinions = answers.answers.filter(({ value }) => value !== 0).map(({ id }) => id);
  const excluded = new Set(opinions.map((id) => engine.ownId(id) ?? id));
  // The interests may take as many of them as the list has places.
  const depth = 2 * size + excluded.size;
  return fillFirstList<Entry>(
    {
      taste: () => tasteEntries(engine, answers, size),
      interests: () => interestEntries(engine, chosen, size + excluded.size),
      crowd: () => readCrowd(engine, answers.profile, depth),
      prior: () => priorEntries(engine, depth),
      // Without interests there is nothing that exploration would differ from.
      explore: () => (chosen.length > 0 ? explorationEntries(engine) : []),
    },
    { size, seed: JSON.stringify([engine.info.id, visitor, chosen]), excluded },
    (source, error) => logError(`onboarding: ${source}`, error),
  ).then((list) => list.map(({ external, popularity, ...item }) => item));
}
