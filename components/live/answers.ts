import type { ItemDelta, LiveSignals } from '../../lib/contracts/live-signals';

/** What all devices are told of a domain. */
export type PublicSignals = Omit<LiveSignals, 'friends'> & {
  /** Of the new items: there are some that this device lacks when it is higher than the last that it asked with. */
  revision: number;
};

/*
 * The forms of lib/contracts/live-signals.ts, looked at just closely enough that nothing else, such as the page of a hotel's
 * network, is taken for an answer: zod would be half as large again as all scripts of the page.
 */

type Fields = Record<string, unknown>;
const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isCount = (value: unknown): value is number => typeof value === 'number' && value >= 0;

function listOf<T>(value: unknown, isOne: (entry: Fields) => boolean): T[] | null {
  return Array.isArray(value) && value.every((entry) => isObject(entry) && isOne(entry)) ? value : null;
}

const isNamed = ({ id }: Fields) => typeof id === 'string';

/** Null where this is not an answer of `GET /api/shared/{domain}`. */
export function readPublicSignals(answer: unknown): PublicSignals | null {
  if (!isObject(answer)) return null;
  const { revision, baseRate } = answer;
  const trending = listOf<LiveSignals['trending'][number]>(
    answer.trending,
    (entry) => isNamed(entry) && isCount(entry.weight),
  );
  const fresh = listOf<LiveSignals['fresh'][number]>(
    answer.fresh,
    (entry) => isNamed(entry) && isCount(entry.impressions) && isCount(entry.clicks),
  );
  if (!trending || !fresh || !isCount(revision) || !isCount(baseRate)) return null;
  return { trending, fresh, baseRate, revision };
}

/** Null where this is not an answer of `GET /api/items/{domain}`. */
export function readDelta(answer: unknown): Omit<ItemDelta, 'domain'> | null {
  if (!isObject(answer)) return null;
  const { revision, withdrawn } = answer;
  const items = listOf<ItemDelta['items'][number]>(
    answer.items,
    (entry) =>
      isNamed(entry) && typeof entry.title === 'string' && Array.isArray(entry.creators) && isObject(entry.tags),
  );
  const areIds = Array.isArray(withdrawn) && withdrawn.every((id) => typeof id === 'string');
  return items && areIds && isCount(revision) ? { revision, items, withdrawn } : null;
}

/** Null where this is not an answer of `GET /api/friends/likes/{domain}`. */
export function readFriendsLikes(answer: unknown): LiveSignals['friends'] | null {
  if (!isObject(answer)) return null;
  return listOf(
    answer.friends,
    (entry) =>
      isNamed(entry) &&
      isCount(entry.weight) &&
      Array.isArray(entry.names) &&
      entry.names.every((name) => typeof name === 'string'),
  );
}
