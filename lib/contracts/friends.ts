/** Following people by a code they gave, and sharing likes with those who follow. */

export const CODE_LENGTH = 10;
export const MOST_NAME = 40;
/** Likes count for so long, by half after ten days. Older ones are of no use to anybody and are not kept. */
export const SHARED_DAYS = 30;
export const SHARED_HALF_LIFE_DAYS = 10;

/**
 * Crockford's base 32: no I, L, O or U, so that nothing can be read as something else. Whoever writes I or L for 1, or O for 0,
 * is understood.
 */
export const CODE_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A code as it is kept, from what somebody typed: capitals, without spaces and hyphens. */
export const cleanCode = (typed: string): string =>
  typed
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');

/** A code as it is shown: two groups of five. */
export const groupCode = (code: string): string => `${code.slice(0, CODE_LENGTH / 2)}-${code.slice(CODE_LENGTH / 2)}`;

/** What `PUT /api/sharing/[domain]` takes: all likes of the device in that domain, in place of those sent before. */
export interface SharedLikes {
  /** `at` by the device's own clock, of which only the difference to `sent_at` is believed. Milliseconds since 1970. */
  items: { id: string; at: number }[];
  sent_at: number;
  /** True where nothing is to be begun: does nothing if the visitor does not share, or not any more. */
  renewal?: boolean;
}

/** Somebody else, as one visitor sees them. */
export interface Person {
  /** Names this person to this visitor, and to nobody else. */
  handle: string;
  /** Null where they gave none. */
  name: string | null;
}

/** The answer of `GET /api/friends` and of all that changes it. Newest first. */
export interface Friends {
  /** As it is shown; null until it is asked for. */
  code: string | null;
  name: string | null;
  following: (Person & { shares: string[] })[];
  followers: Person[];
  blocked: Person[];
  /** What the visitor shares, and how many likes of it are held. */
  sharing: { domain: string; likes: number }[];
}

/** The answer of `PUT /api/sharing/[domain]`. */
export interface SharingReceipt {
  domain: string;
  sharing: boolean;
  /** Held now. */
  likes: number;
  /** Not in the catalogue, and not kept. */
  unknown: number;
}
