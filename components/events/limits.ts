import type { MAX_EVENTS as MOST } from '../../lib/contracts/events';

/** Of one batch. Said again, and held equal by its type, since the contract's own file would bring all of zod onto the page. */
export const MOST_EVENTS = 100 satisfies typeof MOST;
