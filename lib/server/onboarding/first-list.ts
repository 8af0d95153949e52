import 'server-only';
import { DEFAULT_DIVERSITY, type HistoryEntry, type ItemSummary, type Reason } from '../../contracts/engine';
import type { VisitorProfile } from '../../contracts/events';
import type { Engine } from '../../engine/engine';
import { logError, logErrorThrottled } from '../log';
import { liveOrNone } from '../trends/live';
import { fillFirstList } from './fill';
import type { Entry, Level } from './levels';
import type { Slot } from './mix';
import { exploration, ofInterests, ofPopular, ofPrior } from './offers';
import { readSegment, segmentsOf } from './segments';

/** A store that takes longer is as good as out of reach: a newcomer waits no longer for what people did lately. */
const STORE_MILLISECONDS = 250;

/** All that a newcomer may have told; each may be empty. */
export interface Told {
  /** Different from one another, and known to the engine. */
  interests: readonly string[];
  profile: VisitorProfile;
  /** Of the quick pick, one an item: 1 liked, -1 not, 0 unknown to the visitor. Ids that the catalog does not know are passed over. */
  answers: readonly HistoryEntry[];
}

export interface FirstListItem extends Omit<ItemSummary, 'external' | 'popularity'> {
  slot: Slot;
  /** What brought it here; see levels.ts. */
  level: Level;
  reasons: Reason[];
}

/** The engine's own recommendations, where something is liked or disliked. */
function ofTaste(engine: Engine, { interests, answers }: Told, size: number): Entry[] {
  // What the visitor does not know is no evidence, and may be just the thing.
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

/** What a promise gives; undefined where that takes longer. */
function within<T>(promise: Promise<T>, milliseconds: number): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), milliseconds);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** What is popular with those like the visitor, or with all; nothing where the store does not answer in time. */
async function ofCrowd(engine: Engine, profile: VisitorProfile, count: number): Promise<Entry[]> {
  const domain = engine.info.id;
  const read = Promise.all([
    liveOrNone(domain, 'month'),
    Promise.all(segmentsOf(profile).map((segment) => readSegment(domain, segment).catch(noSegment))),
  ]);
  const found = await within(read, STORE_MILLISECONDS);
  if (!found) return [];
  const [live, segments] = found;
  return ofPopular(engine, segments, live, count);
}

/** One segment out of reach is one that says nothing. */
function noSegment(error: unknown): [] {
  logErrorThrottled('onboarding: segments', error);
  return [];
}

/**
 * A newcomer's first list by all that they told: always `size` items where the catalog has as many, each with the level that brought
 * it. What they answered about with a like or dislike is not in it. The same request gives the same list as long as people do the same;
 * interests may come in any order.
 */
export function firstList(
  engine: Engine,
  { visitor, size, ...told }: Told & { visitor: string; size: number },
): Promise<FirstListItem[]> {
  const chosen = told.interests.toSorted();
  const opinions = told.answers.filter(({ value }) => value !== 0).map(({ id }) => id);
  const excluded = new Set(opinions.map((id) => engine.ownId(id) ?? id));
  // Twice as many as could be needed: the interests may take as many as the list holds out of them.
  const depth = 2 * size + excluded.size;
  return fillFirstList<Entry>(
    {
      taste: () => ofTaste(engine, told, size),
      interests: () => ofInterests(engine, chosen, size + excluded.size),
      crowd: () => ofCrowd(engine, told.profile, depth),
      prior: () => ofPrior(engine, depth),
      // Whoever said nothing yet is shown what most people like: exploring needs something to be different from.
      explore: () => (chosen.length > 0 ? exploration(engine) : []),
    },
    { size, seed: JSON.stringify([engine.info.id, visitor, chosen]), excluded },
    (source, error) => logError(`onboarding: ${source}`, error),
  ).then((list) => list.map(({ external, popularity, ...item }) => item));
}
