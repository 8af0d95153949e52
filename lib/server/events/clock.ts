import 'server-only';

/** An event that is older by its sender's clock counts as this old. */
const MAX_AGE_MS = 30 * 24 * 3600 * 1000;

/**
 * The time of an event by this server's clock. Devices' clocks may be off by years, so only the difference between two
 * of their readings is used: the event is as long before `now` as it was before the batch was sent, at most 30 days,
 * and never later.
 *
 * @param at time of the event by the sender's clock, in milliseconds
 * @param sentAt time of sending by the same clock, in milliseconds
 * @param now by this server's clock, in milliseconds
 */
export function serverTime(at: number, sentAt: number, now: number): number {
  const age = Math.min(Math.max(sentAt - at, 0), MAX_AGE_MS);
  return Math.round(now - age);
}
