import 'server-only';
import type { ItemSummary, Reason } from '../../contracts/engine';
import type { Engine } from '../../engine/engine';
import { additionsRevision } from '../items/additions';
import type { LiveWeights } from '../trends/live-weights';
import type { LiveItem } from '../trends/trending';
import type { Entry } from './levels';
import { blendSegments } from './segments';

/**
 * The entries of first lists that do not depend on the visitor's likes. Most are the same for all visitors and are
 * cached: to describe hundreds of items takes longer than everything else.
 */

/** Items of each interest that are cached, and that exploration takes items from. */
const INTEREST_DEPTH = 200;
/** Popular items that are cached. */
const CROWD_DEPTH = 200;
/** Exploration leaves out the most popular items: this share of the catalog, but at most this many. */
const HEAD_SHARE = 0.1;
const MAX_HEAD = 200;

/** Cached until an item is published or withdrawn. */
interface FixedEntries {
  revision: number;
  /** The first items of each interest by its id, with the interest as the reason. */
  byInterest: Map<string, Entry[]>;
  /** Items of all interests that are not in the head. */
  exploration: Entry[];
}
const fixedByEngine = new WeakMap<Engine, FixedEntries>();

function fixedEntries(engine: Engine): FixedEntries {
  const revision = additionsRevision(engine);
  const cached = fixedByEngine.get(engine);
  if (cached?.revision === revision) return cached;
  const { interests, itemCount } = engine.info;
  const byInterest = new Map(
    interests.map(({ id, label }) => [id, readInterest(engine, { id, label }, INTEREST_DEPTH)]),
  );
  const headSize = Math.min(MAX_HEAD, Math.floor(itemCount * HEAD_SHARE));
  const head = new Set(engine.popular(headSize).map(({ id }) => id));
  const byId = new Map<string, Entry>();
  for (const entry of [...byInterest.values()].flat()) {
    if (!head.has(entry.id) && !byId.has(entry.id)) byId.set(entry.id, { ...entry, level: 'prior' });
  }
  const entries = { revision, byInterest, exploration: [...byId.values()] };
  fixedByEngine.set(engine, entries);
  return entries;
}

function readInterest(engine: Engine, { id, label }: { id: string; label: string }, count: number): Entry[] {
  const reasons: Reason[] = [{ kind: 'interest', id, label, share: 1, terms: [] }];
  return engine.interestItems(id, count).map((item) => ({ ...item, level: 'interests', reasons }));
}

/**
 * The best liked items of each chosen interest.
 *
 * @param chosen ids of interests; unknown ids are ignored
 * @param count items an interest, at least, if it has as many
 */
export function interestEntries(engine: Engine, chosen: readonly string[], count: number): Entry[][] {
  const { byInterest } = fixedEntries(engine);
  return engine.info.interests
    .filter(({ id }) => chosen.includes(id))
    .map((interest) =>
      count <= INTEREST_DEPTH ? byInterest.get(interest.id)! : readInterest(engine, interest, count),
    );
}

/** Items of any interest that are not in the head, in no particular order. */
export const explorationEntries = (engine: Engine): readonly Entry[] => fixedEntries(engine).exploration;

/** The most popular items of the data. */
export const priorEntries = (engine: Engine, count: number): Entry[] =>
  engine.popular(count).map((item): Entry => ({ ...item, level: 'prior', reasons: [popularReason(item)] }));

/**
 * Items that are popular in some segments, or with all visitors if no segment has events.
 *
 * @param segments the live weights of each of the visitor's segments
 */
export function crowdEntries(
  engine: Engine,
  segments: readonly LiveItem[][],
  live: LiveWeights,
  count: number,
): Entry[] {
  const isForAll = segments.every((items) => items.length === 0);
  if (!isForAll || count > CROWD_DEPTH) return blendCrowd(engine, segments, live, count);
  const revision = additionsRevision(engine);
  let crowd = crowdByEngine.get(engine);
  if (crowd?.tag !== live.tag || crowd.revision !== revision) {
    crowd = { tag: live.tag, revision, entries: blendCrowd(engine, [], live, CROWD_DEPTH) };
    crowdByEngine.set(engine, crowd);
  }
  return crowd.entries.slice(0, count);
}

/** Items popular with all visitors, cached while the live weights are the same. */
const crowdByEngine = new WeakMap<Engine, { tag: string; revision: number; entries: Entry[] }>();

function blendCrowd(engine: Engine, segments: readonly LiveItem[][], live: LiveWeights, count: number): Entry[] {
  const ranks = new Map(live.items.map(({ id }, i) => [id, i + 1]));
  return blendSegments(engine, segments, live, count).map((item) => ({
    ...item,
    reasons: [popularReason(item, ranks.get(item.id))],
  }));
}

/** @param rank among the items by live weight, if it has one */
function popularReason({ popularity }: ItemSummary, rank?: number): Reason {
  return popularity === 0 && rank !== undefined ? { kind: 'trending', rank } : { kind: 'popular', count: popularity };
}
