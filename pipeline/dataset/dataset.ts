import type { DomainConfig, ItemRow } from '../../lib/contracts/domain-folder';
import { type SparseRows, toSparseRows } from '../../lib/math/sparse';
import type { DomainFolder } from '../domain-folder/read';
import { findPositiveAbove, likesByUser } from './likes';

/**
 * A domain ready for training. Items are in catalog order. Those with enough likes are "warm" and get factors; they
 * come first. Among warm ones and among others, the better known come first where the catalog says how well known its
 * items are, then the more liked ones, then the earlier ones of the file.
 */
export interface Dataset {
  config: DomainConfig;
  items: ItemRow[];
  warmItems: number;
  /** Number of users who like each item, by row. */
  popularity: Uint32Array;
  /** How many people know each item, by row; null where the catalog does not say. */
  externalPopularity: Float64Array | null;
  /** The mean rating of each item, by row, NaN where unknown; null where the catalog has none. */
  ratings: Float32Array | null;
  /** Likes by user, rows ascending; warm items only. */
  likes: SparseRows;
  /** An interaction is a like if its value is above this; null means that every interaction is. */
  positiveAbove: number | null;
}

/** The part of a domain folder that is left out of training. */
export interface Selection {
  /**
   * Keeps the interactions of these users only, by user number, and no tag that only others gave. The others do not
   * even affect the order of items.
   */
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
  const isWarm = (item: number) => counts[item] >= config.minItemInteractions;
  const known = folder.items.some(({ popularity }) => popularity !== undefined)
    ? Float64Array.from(folder.items, ({ popularity }) => popularity ?? 0)
    : null;
  const order = Array.from(counts.keys()).sort(
    (a, b) =>
      Number(isWarm(b)) - Number(isWarm(a)) || (known ? known[b] - known[a] : 0) || counts[b] - counts[a] || a - b,
  );
  const rowOf = new Uint32Array(order.length);
  order.forEach((item, row) => {
    rowOf[item] = row;
  });
  const isTrainingUserId = userIdTest(folder, isTrainingUser);
  return {
    config,
    items: order.map((item) => withTagsOf(folder.items[item], isTrainingUserId)),
    warmItems: order.filter(isWarm).length,
    popularity: Uint32Array.from(order, (item) => counts[item]),
    externalPopularity: known && Float64Array.from(order, (item) => known[item]),
    ratings: folder.items.some(({ rating }) => rating !== undefined)
      ? Float32Array.from(order, (item) => folder.items[item].rating ?? Number.NaN)
      : null,
    likes: toSparseRows(
      byUser
        .filter((likes) => likes.length > 0)
        .map((likes) =>
          likes
            .filter(isWarm)
            .map((item) => rowOf[item])
            .sort((a, b) => a - b),
        ),
    ),
    positiveAbove,
  };
}

/** Whether a user is for training, by id. */
function userIdTest(
  { interactions: { userIds } }: DomainFolder,
  isTrainingUser: (user: number) => boolean,
): (id: string) => boolean {
  const training = new Set(userIds.filter((_, user) => isTrainingUser(user)));
  return (id) => training.has(id);
}

/** The item without the tags that none of these users gave, where it is known who gave them. */
function withTagsOf(item: ItemRow, isTrainingUser: (id: string) => boolean): ItemRow {
  const { tags, tagUsers } = item;
  if (!tags || !tagUsers) return item;
  const kept = Object.entries(tags).map(([field, values]) => {
    // A map, since a tag may be called like a property of every object.
    const users = new Map(Object.entries(tagUsers[field] ?? {}));
    return [field, values.filter((tag) => users.get(tag)?.some(isTrainingUser) ?? true)];
  });
  return { ...item, tags: Object.fromEntries(kept) };
}
