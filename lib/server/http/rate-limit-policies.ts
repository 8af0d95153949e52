import 'server-only';

/** A limit: at most `max` per window of `seconds`. */
export interface RateLimitPolicy {
  /** Part of the Redis keys, and the policy's name in the response headers: a new name starts new counts. */
  name: string;
  /** Allowed in one window. */
  max: number;
  /** Length of a window. */
  seconds: number;
  /** What is counted, as a plural: the message reads "More than <max> <noun> in <seconds> seconds." */
  noun: string;
}

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** Window of the limit of all requests, whose `max` is the setting `INKPICK_RATE_LIMIT`. */
const REQUEST_SECONDS = 10;

/** Requests of one address, whatever the route. */
export const requestPolicy = (max: number): RateLimitPolicy => ({
  name: 'address',
  max,
  seconds: REQUEST_SECONDS,
  noun: 'requests',
});

/**
 * All other limits of the server. Most come in pairs, since one person can be any number of visitors: a limit per
 * visitor, and a higher one per address, which several people may share.
 */
export const RATE_LIMITS = {
  /** Per address. Each new visitor writes a row that may never be used again. */
  newVisitors: { name: 'newcomers', max: 30, seconds: HOUR_SECONDS, noun: 'new visitors' },

  /** Per visitor. Each request for one's stored data reads every row of the visitor. */
  storedData: { name: 'looks', max: 30, seconds: 10 * MINUTE_SECONDS, noun: 'requests for your stored data' },
  storedDataOfAddress: {
    name: 'looks-address',
    max: 120,
    seconds: 10 * MINUTE_SECONDS,
    noun: 'requests for stored data',
  },

  /** Per visitor. Far above real use, and low enough that one visitor cannot fill the disk. */
  events: { name: 'events', max: 20_000, seconds: DAY_SECONDS, noun: 'events' },
  /** A thousand people may share an address, as behind a school or a carrier. */
  eventsOfAddress: { name: 'events-address', max: 500_000, seconds: DAY_SECONDS, noun: 'events of one network' },

  /** Per visitor: attempts to follow by a friend code, so that codes cannot be guessed. */
  friendCodes: { name: 'codes-visitor', max: 20, seconds: 10 * MINUTE_SECONDS, noun: 'tries of codes' },
  friendCodesOfAddress: { name: 'codes-address', max: 60, seconds: 10 * MINUTE_SECONDS, noun: 'tries of codes' },

  /** Per visitor. A device sends its list, of up to 5,000 likes, a moment after the last of several changes. */
  sharedLikes: { name: 'sharing', max: 30, seconds: MINUTE_SECONDS, noun: 'lists of likes to share' },

  /** Per address: at this rate the operator's token cannot be guessed. */
  wrongTokens: { name: 'tokens', max: 10, seconds: MINUTE_SECONDS, noun: 'wrong tokens' },
} as const satisfies Record<string, RateLimitPolicy>;
