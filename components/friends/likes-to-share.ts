import { MAX_HISTORY } from '../../lib/contracts/engine';
import { SHARED_LIKES_MAX_AGE_DAYS, type SharedLikes } from '../../lib/contracts/friends';
import type { Choice } from '../picks/picks';

const DAY_MS = 24 * 3600 * 1000;

/**
 * Selects the likes to share: those of the last 30 days, newest first, with nothing but their ids and times.
 *
 * @param choices newest first
 * @param now milliseconds since 1970
 */
export function likesToShare(choices: readonly Choice[], now: number): SharedLikes {
  return {
    items: choices
      .filter(({ value, at }) => value > 0 && at > now - SHARED_LIKES_MAX_AGE_DAYS * DAY_MS)
      .slice(0, MAX_HISTORY)
      .map(({ id, at }) => ({ id, at })),
    sent_at: now,
  };
}
