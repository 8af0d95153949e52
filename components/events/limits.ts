import type { MAX_EVENTS } from '../../lib/contracts/events';

/**
 * Events of one batch at the most. The type keeps it equal to the contract's constant; importing that would add all of
 * zod to the page.
 */
export const MAX_BATCH_EVENTS = 100 satisfies typeof MAX_EVENTS;
