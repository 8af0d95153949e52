import type { ItemSummary } from '../../lib/contracts/engine';
import type { Engine } from '../../lib/engine/engine';
import { mulberry32 } from '../../lib/math/random';
import { shuffle } from '../../lib/math/shuffle';
import { judgedBySeed } from '../dataset/judged';
import type { DomainFolder } from '../domain-folder/read';
import {
  distribution,
  jensenShannon,
  miscalibration,
  overlap,
  popularityGroups,
  stratifiedNdcg,
} from '../metrics/aboutness-metrics';
import { estimate, ratioEstimate } from '../metrics/bootstrap';
import { headIds } from '../metrics/head-items';
import { CONTENT, HYBRID, LENGTHS, POPULAR, type Row } from './compared-recommenders';
import { cutHistory, rank } from './measure';
import type { Aboutness } from './schema';
import type { HeldOutUser } from './split';

/** The product's modes, of which a visitor sees lists. */
const MODE_ROWS: readonly Row[] = [POPULAR, CONTENT, { name: 'collaborative', mode: 'collaborative' }, HYBRID];
/** Items that are named one by one. */
const NAMED_ITEMS = 300;
/** An item that so few like is named by hardly anybody. */
const MIN_LIKES = 20;
/** The field whose items are siblings: sequels, parts, series. */
const SIBLING_FIELD = 'collection';
/** Exponents of stratified NDCG. */
const BETAS = [0, 0.5, 1] as const;

/**
 * Measures whether lists are about what was named: for single items, for judged pairs where the folder has them, and
 * for histories of each length.
 *
 * @param users held-out users
 */
export function measureAboutness(
  engine: Engine,
  folder: DomainFolder,
  users: readonly HeldOutUser[],
  seed: number,
): Aboutness {
  const items = engine.popular(Number.POSITIVE_INFINITY);
  const facts = calibrationFacts(items);
  const head = headIds(items);
  const headShare = (lists: readonly string[][]) => {
    const shown = lists.flat();
    return shown.filter((id) => head.has(id)).length / Math.max(1, shown.length);
  };
  const byLikes = items.toSorted((a, b) => b.popularity - a.popularity);
  const named = byLikes.filter((item) => item.popularity >= MIN_LIKES).map(({ id }) => id);
  shuffle(named, mulberry32(seed));
  const seeds = named.slice(0, NAMED_ITEMS);
  const siblings = siblingsOf(folder, facts.popularity);
  const judged = judgedBySeed(folder, (id) => engine.knows(id));
  const listFor = (row: Row, id: string, length: number) =>
    rank(engine, row, [{ id }], { topK: length }).map((item) => item.id);
  return {
    named: seeds.length,
    judgedPairs: [...judged.values()].reduce((sum, { length }) => sum + length, 0),
    rows: MODE_ROWS.map((row) => {
      const lists = seeds.map((id) => listFor(row, id, 10));
      const withSiblings = seeds.flatMap((id, i) => {
        const own = siblings(id);
        return own.size > 0 ? [lists[i].some((other) => own.has(other))] : [];
      });
      const found = [...judged].map(([id, related]) => {
        const list = listFor(row, id, 20);
        const hits = (length: number) => related.filter((other) => list.slice(0, length).includes(other)).length;
        return { list, pairs: related.length, hits10: hits(10), hits20: hits(20) };
      });
      const recall = (hits: (one: (typeof found)[number]) => number) =>
        found.length === 0
          ? null
          : ratioEstimate(
              found.map(hits),
              found.map(({ pairs }) => pairs),
              seed,
            );
      return {
        name: row.name,
        headShare10: headShare(lists),
        distinct10: new Set(lists.flat()).size,
        overlap10: meanOverlap(lists),
        siblings10: withSiblings.length === 0 ? null : share(withSiblings),
        recall10: recall(({ hits10 }) => hits10),
        recall20: recall(({ hits20 }) => hits20),
        judgedHeadShare20: found.length === 0 ? null : headShare(found.map(({ list }) => list)),
      };
    }),
    lengths: LENGTHS.map((length) => ({
      length,
      rows: MODE_ROWS.map((row) => calibrationOf(engine, row, users, length, facts, seed)),
    })),
  };
}

/** What lists and histories are compared by. */
interface CalibrationFacts {
  popularity: ReadonlyMap<string, number>;
  /** Popularity group by id. */
  groups: ReadonlyMap<string, 0 | 1 | 2>;
  /** Tags of the card by id, and all of them once. */
  tags: ReadonlyMap<string, readonly string[]>;
  tagNames: readonly string[];
}

function calibrationFacts(items: readonly ItemSummary[]): CalibrationFacts {
  const popularity = new Map(items.map((item) => [item.id, item.popularity]));
  const tags = new Map(items.map((item) => [item.id, item.tags]));
  return { popularity, groups: popularityGroups(popularity), tags, tagNames: [...new Set([...tags.values()].flat())] };
}

function calibrationOf(
  engine: Engine,
  row: Row,
  users: readonly HeldOutUser[],
  length: number | null,
  { popularity, groups, tags, tagNames }: CalibrationFacts,
  seed: number,
): Aboutness['lengths'][number]['rows'][number] {
  const popularityDivergence: number[] = [];
  const tagDivergence: number[] = [];
  const ndcg10: number[][] = BETAS.map(() => []);
  for (const { history, hidden } of users) {
    const given = cutHistory(history, length);
    const ranking = rank(engine, row, given).map(({ id }) => id);
    const list = ranking.slice(0, 20);
    const groupShares = (ids: readonly string[]) =>
      distribution(
        ids.map((id) => groups.get(id) ?? 2),
        [0, 1, 2],
      );
    const historyIds = given.map(({ id }) => id);
    popularityDivergence.push(jensenShannon(groupShares(historyIds), groupShares(list)));
    if (tagNames.length > 0) {
      const tagShares = (ids: readonly string[]) => tagDistribution(ids, tags, tagNames);
      const before = tagShares(historyIds);
      if (before.some((value) => value > 0)) tagDivergence.push(miscalibration(before, tagShares(list)));
    }
    const relevant = new Map(hidden.map((id) => [id, popularity.get(id) ?? 0]));
    BETAS.forEach((beta, i) => {
      ndcg10[i].push(stratifiedNdcg(ranking, relevant, 10, beta));
    });
  }
  return {
    name: row.name,
    popularityDivergence: estimate(popularityDivergence, seed),
    tagDivergence: tagDivergence.length === 0 ? null : estimate(tagDivergence, seed),
    stratifiedNdcg10: ndcg10.map((values) => estimate(values, seed)),
  };
}

/** Every item spreads one unit over its tags. */
function tagDistribution(
  ids: readonly string[],
  tags: ReadonlyMap<string, readonly string[]>,
  names: readonly string[],
): number[] {
  const sums = new Map<string, number>();
  let tagged = 0;
  for (const id of ids) {
    const own = tags.get(id) ?? [];
    if (own.length > 0) tagged++;
    for (const tag of own) sums.set(tag, (sums.get(tag) ?? 0) + 1 / own.length);
  }
  return names.map((name) => (sums.get(name) ?? 0) / Math.max(1, tagged));
}

/** Finds the well-liked items that share a collection with an item. */
function siblingsOf(
  { items }: DomainFolder,
  popularity: ReadonlyMap<string, number>,
): (id: string) => ReadonlySet<string> {
  const members = new Map<string, string[]>();
  const collections = new Map<string, readonly string[]>();
  for (const { id, tags } of items) {
    const own = tags?.[SIBLING_FIELD];
    if (!own) continue;
    collections.set(id, own);
    if ((popularity.get(id) ?? 0) < MIN_LIKES) continue;
    for (const name of own) members.set(name, [...(members.get(name) ?? []), id]);
  }
  return (id) => {
    const all = new Set((collections.get(id) ?? []).flatMap((name) => members.get(name) ?? []));
    all.delete(id);
    return all;
  };
}

const share = (hits: readonly boolean[]): number => hits.filter(Boolean).length / hits.length;

function meanOverlap(lists: readonly string[][]): number {
  let sum = 0;
  for (let i = 0; i < lists.length; i++) for (let j = 0; j < i; j++) sum += overlap(lists[i], lists[j]);
  return sum / Math.max(1, (lists.length * (lists.length - 1)) / 2);
}
