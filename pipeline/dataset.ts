import type { DomainConfig, ItemRow } from '../lib/contracts/domain-folder';
import type { HistoryEntry } from '../lib/contracts/engine';
import { type SparseRows, toSparseRows } from '../lib/math/sparse';
import type { DomainFolder, InteractionColumns } from './domain-folder/read';

/**
 * A domain ready for training. Items are in catalog order: most liked first, equals in the order of their file. The first
 * of them, those with enough likes, are "warm": they get factors.
 */
export interface Dataset {
  config: DomainConfig;
  items: ItemRow[];
  warmItems: number;
  /** How many users like each item, by row. */
  popularity: Uint32Array;
  /** Likes by user, rows ascending; warm items only. */
  likes: SparseRows;
  /** An interaction is a like when its value is above this; null where any interaction is one. */
  positiveAbove: number | null;
}

/**
 * Which value parts likes from the rest where `domain.json` does not say. Ratings (a handful of distinct values, none
 * above 10, or two of which one is 0 or below) are likes in their upper 30 %: above 3.5 of 5, above 7 of 10, 1 and
 * not 0 or −1. Anything else (no values, ones, play counts) counts as a like whatever its value.
 */
export function findPositiveAbove(values: Float32Array): number | null {
  const distinct = new Set<number>();
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    distinct.add(value);
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
    if (distinct.size > 21 || highest > 10) return null;
  }
  const isScale = distinct.size > 2 || (distinct.size === 2 && lowest <= 0);
  return isScale && highest > 0 ? 0.7 * highest : null;
}

/** What of a domain folder is left out of training. */
export interface Selection {
  /** Keeps the interactions of some users only, by user number: nothing of the others enters, not even the order of items. */
  isTrainingUser?: (user: number) => boolean;
  /** Ids of items whose interactions are left out. */
  coldItems?: ReadonlySet<string>;
}

export function prepareDataset(
  folder: DomainFolder,
  { isTrainingUser = () => true, coldItems = new Set() }: Selection = {},
): Dataset {
  const { config, interactions } = folder;
  const positiveAbove = config.positiveAbove ?? findPositiveAbove(interactions.values);
  const byUser = likesByUser(interactions, positiveAbove).map((likes, user) =>
    isTrainingUser(user) && likes.length >= config.minUserInteractions
      ? likes.filter((item) => !coldItems.has(folder.items[item].id))
      : [],
  );
  const counts = new Uint32Array(folder.items.length);
  for (const likes of byUser) for (const item of likes) counts[item]++;
  const warm = (item: number) => counts[item] >= config.minItemInteractions;
  const order = Array.from(counts.keys()).sort((a, b) => counts[b] - counts[a] || a - b);
  const rowOf = new Uint32Array(order.length);
  order.forEach((item, row) => {
    rowOf[item] = row;
  });
  return {
    config,
    items: order.map((item) => folder.items[item]),
    warmItems: order.filter(warm).length,
    popularity: Uint32Array.from(order, (item) => counts[item]),
    likes: toSparseRows(
      byUser
        .filter((likes) => likes.length > 0)
        .map((likes) =>
          likes
            .filter(warm)
            .map((item) => rowOf[item])
            .sort((a, b) => a - b),
        ),
    ),
    positiveAbove,
  };
}

/** Each user's distinct liked items, by item number of the folder. An interaction without a value is a like. */
export function likesByUser(interactions: InteractionColumns, positiveAbove: number | null): number[][] {
  const likes: number[][] = interactions.userIds.map(() => []);
  for (let i = 0; i < interactions.users.length; i++) {
    if (isLike(interactions.values[i], positiveAbove)) likes[interactions.users[i]].push(interactions.items[i]);
  }
  return likes.map((items) => [...new Set(items)]);
}

const isLike = (value: number, positiveAbove: number | null): boolean =>
  !(positiveAbove !== null && value <= positiveAbove);

/** What some users like of a data set's warm items, with the times where there are any; users without any are left out. */
export function heldOutLikes(
  { config, items, interactions }: DomainFolder,
  dataset: Dataset,
  users: readonly number[],
): { likes: HistoryEntry[] }[] {
  const warm = new Set(dataset.items.slice(0, dataset.warmItems).map(({ id }) => id));
  const wanted = new Set(users);
  const byUser = new Map<number, Map<string, HistoryEntry>>();
  for (let i = 0; i < interactions.users.length; i++) {
    const user = interactions.users[i];
    const { id } = items[interactions.items[i]];
    if (!wanted.has(user) || !warm.has(id) || !isLike(interactions.values[i], dataset.positiveAbove)) continue;
    const time = interactions.timestamps[i];
    const entries = byUser.get(user) ?? new Map<string, HistoryEntry>();
    byUser.set(user, entries.set(id, Number.isNaN(time) ? { id } : { id, timestamp: time }));
  }
  return users.flatMap((user) => {
    const entries = byUser.get(user);
    return entries && entries.size >= config.minUserInteractions ? [{ likes: [...entries.values()] }] : [];
  });
}
