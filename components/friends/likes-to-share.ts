import { MAX_HISTORY } from '../../lib/contracts/engine';
import { SHARED_LIKES_MAX_AGE_DAYS, type SharedLikes } from '../../lib/contracts/friends';
import type { Choice } from '../picks/picks';

const DAY = 24 * 3600 * 1000;

/** What goes out when likes are shared: those that count, newest first, and of each no more than its id and when. */
export function likesToShare(choices: readonly Choice[], now: number): SharedLikes {
  return {
    items: choices
      .filter(({ value, at }) => value > 0 && at > now - SHARED_LIKES_MAX_AGE_DAYS * DAY)
      .slice(0, MAX_HISTORY)
      .map(({ id, at }) => ({ id, at })),
    sent_at: now,
  };
}
