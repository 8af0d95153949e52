import type { ItemDelta, LiveSignals } from '../../lib/contracts/live-signals';

/** The live signals of a domain that are the same for all devices. */
export type PublicSignals = Omit<LiveSignals, 'friends'> & {
  /** Of the new items: above the revision that this device has, there are some to fetch. */
  revision: number;
};

/*
 * Checks responses against the types of lib/contracts/live-signals.ts, closely enough to reject anything else, such as
 * the login page of a hotel's network. By hand, because zod is half as large again as all scripts of the page together.
 */

type Fields = Record<string, unknown>;
const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isCount = (value: unknown): value is number => typeof value === 'number' && value >= 0;

function listOf<T>(value: unknown, isValid: (entry: Fields) => boolean): T[] | null {
  return Array.isArray(value) && value.every((entry) => isObject(entry) && isValid(entry)) ? value : null;
}

const hasId = ({ id }: Fields) => typeof id === 'string';

/** The response of `GET /api/shared/{domain}`; null where this is none. */
export function parsePublicSignals(body: unknown): PublicSignals | null {
  if (!isObject(body)) return null;
  const { revision, baseRate } = body;
  const trending = listOf<LiveSignals['trending'][number]>(
    body.trending,
    (entry) => hasId(entry) && isCount(entry.weight),
  );
  const fresh = listOf<LiveSignals['fresh'][number]>(
    body.fresh,
    (entry) => hasId(entry) && isCount(entry.impressions) && isCount(entry.clicks),
  );
  if (!trending || !fresh || !isCount(revision) || !isCount(baseRate)) return null;
  return { trending, fresh, baseRate, revision };
}

/** The response of `GET /api/items/{domain}`; null where this is none. */
export function parseDelta(body: unknown): Omit<ItemDelta, 'domain'> | null {
  if (!isObject(body)) return null;
  const { revision, withdrawn } = body;
  const items = listOf<ItemDelta['items'][number]>(
    body.items,
    (entry) => hasId(entry) && typeof entry.title === 'string' && Array.isArray(entry.creators) && isObject(entry.tags),
  );
  const areIdsValid = Array.isArray(withdrawn) && withdrawn.every((id) => typeof id === 'string');
  return items && areIdsValid && isCount(revision) ? { revision, items, withdrawn } : null;
}

/** The likes in the response of `GET /api/friends/likes/{domain}`; null where this is none. */
export function parseFriendsLikes(body: unknown): LiveSignals['friends'] | null {
  if (!isObject(body)) return null;
  return listOf(
    body.friends,
    (entry) =>
      hasId(entry) &&
      isCount(entry.weight) &&
      Array.isArray(entry.names) &&
      entry.names.every((name) => typeof name === 'string'),
  );
}
