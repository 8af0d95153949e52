import 'server-only';
import { DEFAULT_DIVERSITY, type HistoryEntry, type ItemSummary, type Reason } from '../../contracts/engine';
import type { VisitorProfile } from '../../contracts/events';
import type { Engine } from '../../engine/engine';
import { revisionOf } from '../items/additions';
import { logError, logErrorSeldom } from '../log';
import { type Live, liveOrNone } from '../trends/live';
import type { LiveItem } from '../trends/trending';
import { fillFirstList } from './fill';
import type { Entry, Level } from './levels';
import type { Slot } from './mix';
import { blendSegments, readSegment, segmentsOf } from './segments';

/** How deep into an interest's items the exploration looks. */
const EXPLORE_DEPTH = 200;
/** So much of what is popular is kept ready. */
const CROWD_DEPTH = 200;
/** The most popular items are shown often enough: exploration starts behind this share of them, or this many. */
const SHOWN_SHARE = 0.1;
const SHOWN_MOST = 200;
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

/** What is the same for all visitors until a new item comes. */
interface Offers {
  revision: number;
  /** The first items of each interest, by its id, with the interest as the reason. */
  byInterest: Map<string, Entry[]>;
  /** The little-shown but liked items of every taste. */
  explore: Entry[];
}
const kept = new WeakMap<Engine, Offers>();

function offersOf(engine: Engine): Offers {
  const revision = revisionOf(engine);
  const before = kept.get(engine);
  if (before?.revision === revision) return before;
  const { interests, itemCount } = engine.info;
  const byInterest = new Map(interests.map(({ id, label }) => [id, ofInterest(engine, { id, label }, EXPLORE_DEPTH)]));
  const shown = Math.min(SHOWN_MOST, Math.floor(itemCount * SHOWN_SHARE));
  const oftenShown = new Set(engine.popular(shown).map(({ id }) => id));
  const byId = new Map<string, Entry>();
  for (const entry of [...byInterest.values()].flat()) {
    if (!oftenShown.has(entry.id) && !byId.has(entry.id)) byId.set(entry.id, { ...entry, level: 'prior' });
  }
  const offers = { revision, byInterest, explore: [...byId.values()] };
  kept.set(engine, offers);
  return offers;
}

function ofInterest(engine: Engine, { id, label }: { id: string; label: string }, count: number): Entry[] {
  const reasons: Reason[] = [{ kind: 'interest', id, label, share: 1, terms: [] }];
  return engine.interestItems(id, count).map((item) => ({ ...item, level: 'interests', reasons }));
}

/** The items of some interests, a list for each. */
function ofInterests(engine: Engine, chosen: readonly string[], count: number): Entry[][] {
  const { byInterest } = offersOf(engine);
  return engine.info.interests
    .filter(({ id }) => chosen.includes(id))
    .map((interest) => (count <= EXPLORE_DEPTH ? byInterest.get(interest.id)! : ofInterest(engine, interest, count)));
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
  const saysNothing = segments.every((items) => items.length === 0);
  if (!saysNothing || count > CROWD_DEPTH) return blendCrowd(engine, segments, live, count);
  const revision = revisionOf(engine);
  let crowd = crowds.get(engine);
  if (crowd?.tag !== live.tag || crowd.revision !== revision) {
    crowd = { tag: live.tag, revision, entries: blendCrowd(engine, [], live, CROWD_DEPTH) };
    crowds.set(engine, crowd);
  }
  return crowd.entries.slice(0, count);
}

/** What is popular with all, the same for every visitor of no segment while people do the same. */
const crowds = new WeakMap<Engine, { tag: string; revision: number; entries: Entry[] }>();

function blendCrowd(engine: Engine, segments: readonly LiveItem[][], live: Live, count: number): Entry[] {
  const ranks = new Map(live.items.map(({ id }, i) => [id, i + 1]));
  return blendSegments(engine, segments, live, count).map((item) => ({
    ...item,
    reasons: [popularReason(item, ranks.get(item.id))],
  }));
}

/** One segment out of reach is one that says nothing. */
function noSegment(error: unknown): [] {
  logErrorSeldom('onboarding: segments', error);
  return [];
}

/** @param rank of what was done lately, where it is known */
function popularReason({ popularity }: ItemSummary, rank?: number): Reason {
  return popularity === 0 && rank !== undefined ? { kind: 'trending', rank } : { kind: 'popular', count: popularity };
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
      prior: () =>
        engine.popular(depth).map((item): Entry => ({ ...item, level: 'prior', reasons: [popularReason(item)] })),
      // Whoever said nothing yet is shown what most people like: exploring needs something to be different from.
      explore: () => (chosen.length > 0 ? offersOf(engine).explore : []),
    },
    { size, seed: JSON.stringify([engine.info.id, visitor, chosen]), excluded },
    (source, error) => logError(`onboarding: ${source}`, error),
  ).then((list) => list.map(({ external, popularity, ...item }) => item));
}
