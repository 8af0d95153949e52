import type { HistoryEntry } from '../../lib/contracts/engine';
import type { DomainFolder, InteractionColumns } from '../domain-folder/read';

/** More distinct values than half-star steps from 0 to 10 are not a rating scale. */
const MAX_RATING_STEPS = 21;
const MAX_RATING = 10;
/** Ratings in the upper 30 % of a scale are likes. */
const POSITIVE_SHARE = 0.7;

/**
 * Finds the value that separates likes from other interactions if `domain.json` does not set it. Ratings (a handful of
 * distinct values, none above 10, or two values of which one is 0 or below) are likes in their upper 30 %: above 3.5 of
 * 5, above 7 of 10, 1 rather than 0 or −1.
 *
 * @param values one value per interaction; NaN if it has none
 * @returns null if the values are no ratings (no values, ones, play counts): then every interaction is a like
 */
export function findPositiveAbove(values: Float32Array): number | null {
  const distinct = new Set<number>();
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    distinct.add(value);
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
    if (distinct.size > MAX_RATING_STEPS || highest > MAX_RATING) return null;
  }
  const isScale = distinct.size > 2 || (distinct.size === 2 && lowest <= 0);
  return isScale && highest > 0 ? POSITIVE_SHARE * highest : null;
}

/** Whether an interaction is a like; one without a value (NaN) is. */
const isLike = (value: number, positiveAbove: number | null): boolean =>
  !(positiveAbove !== null && value <= positiveAbove);

/** Distinct liked items by user, as item numbers of the folder. */
export function likesByUser(interactions: InteractionColumns, positiveAbove: number | null): number[][] {
  const likes: number[][] = interactions.userIds.map(() => []);
  for (let i = 0; i < interactions.users.length; i++) {
    if (isLike(interactions.values[i], positiveAbove)) likes[interactions.users[i]].push(interactions.items[i]);
  }
  return likes.map((items) => [...new Set(items)]);
}

/** The part of a data set that determines which likes are collected. */
interface LikeCriteria {
  /** Warm items first. */
  items: readonly { id: string }[];
  warmItems: number;
  /** As in {@link findPositiveAbove}. */
  positiveAbove: number | null;
}

/** Everything that one user likes. */
export interface UserLikes {
  likes: HistoryEntry[];
}

/**
 * Collects the warm items of a data set that some users like, with the timestamps of interactions that have one.
 *
 * @param users user numbers of the folder
 * @returns one entry per user with enough likes, in the order of `users`
 */
export function collectWarmLikes(
  { config, items, interactions }: DomainFolder,
  dataset: LikeCriteria,
  users: readonly number[],
): UserLikes[] {
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
