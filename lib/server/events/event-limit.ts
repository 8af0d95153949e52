import 'server-only';
import { limiter, type RateLimit } from '../http/rate-limit';
import { RATE_LIMITS } from '../http/rate-limit-policies';

/** Takes `max` from a limit, runs `write`, and gives back what it did not accept. */
async function countAccepted<Receipt extends { accepted: number }>(
  limit: RateLimit | undefined,
  caller: string,
  max: number,
  write: () => Promise<Receipt>,
): Promise<Receipt> {
  await limit?.take(caller, max);
  let accepted = 0;
  try {
    const receipt = await write();
    accepted = receipt.accepted;
    return receipt;
  } finally {
    await limit?.giveBack(caller, max - accepted);
  }
}

/**
 * Runs `write` within the daily limits of events. Only accepted events count: duplicates, and events that could not be
 * written and will be sent again, do not.
 *
 * @param max how many events `write` may accept
 * @throws `RATE_LIMITED` where `max` more would be too many for the day, of the visitor or at the address
 */
export const withinEventLimits = <Receipt extends { accepted: number }>(
  { visitor, address }: { visitor: string; address: string },
  max: number,
  write: () => Promise<Receipt>,
): Promise<Receipt> =>
  countAccepted(limiter(RATE_LIMITS.events), visitor, max, () =>
    countAccepted(limiter(RATE_LIMITS.eventsOfAddress), address, max, write),
  );
