/** Visitors follow each other by code and share likes with their followers. */

export const CODE_LENGTH = 10;
/** In characters. */
export const MAX_NAME_LENGTH = 40;
/** Shared likes older than this have no weight and are not stored. */
export const SHARED_LIKES_MAX_AGE_DAYS = 30;
/** The weight of a shared like halves in this time. */
export const SHARED_LIKES_HALF_LIFE_DAYS = 10;

/** Crockford's base 32. It has no I, L, O or U: {@link cleanCode} reads I and L as 1, and O as 0. */
export const CODE_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Normalises a typed code to its stored form: upper case, without spaces and hyphens. */
export const cleanCode = (typed: string): string =>
  typed
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');

/** Formats a stored code for display: two groups of five. */
export const groupCode = (code: string): string => `${code.slice(0, CODE_LENGTH / 2)}-${code.slice(CODE_LENGTH / 2)}`;

/** Body of `PUT /api/sharing/[domain]`: all likes of the device in that domain. It replaces those sent before. */
export interface SharedLikes {
  /** `at` in milliseconds since 1970 by the device's clock; the server uses the difference to `sent_at` only. */
  items: { id: string; at: number }[];
  sent_at: number;
  /** True for an update only: does nothing unless the visitor shares this domain already. */
  renewal?: boolean;
}

/** Another visitor, as one visitor sees them. */
export interface Person {
  /** Identifies this person to this visitor only: other visitors see other handles. */
  handle: string;
  /** Null if the person gave none. */
  name: string | null;
}

/** Response of `GET /api/friends` and of every request that changes it. Lists are newest first. */
export interface Friends {
  /** Formatted for display; null until the visitor asks for one. */
  code: string | null;
  name: string | null;
  following: (Person & { shares: string[] })[];
  followers: Person[];
  blocked: Person[];
  /** The domains that the visitor shares, with the number of likes stored for each. */
  sharing: { domain: string; likes: number }[];
}

/** Response of `PUT /api/sharing/[domain]`. */
export interface SharingReceipt {
  domain: string;
  sharing: boolean;
  /** Number of likes stored now. */
  likes: number;
  /** Number of likes that were dropped because their items are not in the catalog. */
  unknown: number;
}
