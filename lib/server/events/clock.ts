import 'server-only';

/** What happened longer ago than this counts as having happened then. */
const OLDEST_MILLISECONDS = 30 * 24 * 3600 * 1000;

/**
 * When something happened, by this server's clock: as long before now as it was before the batch was sent. Devices' clocks may be
 * off by years; only the difference of two of their readings is believed, and that within 30 days and never of the future.
 *
 * @param at by the sender's clock, milliseconds; @param sentAt likewise; @param now by ours
 */
export function serverTime(at: number, sentAt: number, now: number): number {
  const age = Math.min(Math.max(sentAt - at, 0), OLDEST_MILLISECONDS);
  return Math.round(now - age);
}
