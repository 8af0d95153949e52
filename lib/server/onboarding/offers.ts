import 'server-only';
import type { ItemSummary, Reason } from '../../contracts/engine';
import type { Engine } from '../../engine/engine';
import { additionsRevision } from '../items/additions';
import type { Live } from '../trends/live';
import type { LiveItem } from '../trends/trending';
import type { Entry } from './levels';
import { blendSegments } from './segments';

/**
 * What there is to put into first lists besides a visitor's own taste. Most of it is the same for everybody, and kept ready: to describe
 * hundreds of items anew takes longer than all else.
 */

/** How deep into an interest's items the exploration looks. */
const EXPLORE_DEPTH = 200;
/** So much of what is popular is kept ready. */
const CROWD_DEPTH = 200;
/** The most popular items are shown often enough: exploration starts behind this share of them, or this many. */
const SHOWN_SHARE = 0.1;
const SHOWN_MOST = 200;

/** Kept until a new item comes. */
interface Offers {
  revision: number;
  /** The first items of each interest, by its id, with the interest as the reason. */
  byInterest: Map<string, Entry[]>;
  /** The little-shown but liked items of every taste. */
  explore: Entry[];
}
const kept = new WeakMap<Engine, Offers>();

function offersOf(engine: Engine): Offers {
  const revision = additionsRevision(engine);
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

/** The items of some interests, a list of up to `count` for each. */
export function ofInterests(engine: Engine, chosen: readonly string[], count: number): Entry[][] {
  const { byInterest } = offersOf(engine);
  return engine.info.interests
    .filter(({ id }) => chosen.includes(id))
    .map((interest) => (count <= EXPLORE_DEPTH ? byInterest.get(interest.id)! : ofInterest(engine, interest, count)));
}

/** Items to explore, in no order to be relied on. */
export const exploration = (engine: Engine): readonly Entry[] => offersOf(engine).explore;

/** The most popular items of the data. */
export const ofPrior = (engine: Engine, count: number): Entry[] =>
  engine.popular(count).map((item): Entry => ({ ...item, level: 'prior', reasons: [popularReason(item)] }));

/**
 * What is popular with those of some segments, or with all where those say nothing.
 *
 * @param segments the decayed weights of each thing that the visitor told
 */
export function ofPopular(engine: Engine, segments: readonly LiveItem[][], live: Live, count: number): Entry[] {
  const saysNothing = segments.every((items) => items.length === 0);
  if (!saysNothing || count > CROWD_DEPTH) return blendCrowd(engine, segments, live, count);
  const revision = additionsRevision(engine);
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

/** @param rank of what was done lately, where it is known */
function popularReason({ popularity }: ItemSummary, rank?: number): Reason {
  return popularity === 0 && rank !== undefined ? { kind: 'trending', rank } : { kind: 'popular', count: popularity };
}
