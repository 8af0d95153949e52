import { keptName } from '../consent/kept-name';

/**
 * A random name for this browser. It seeds the first list, so that a reload does not reshuffle it, and says
 * nothing of anybody. It is not the one that decides experiments, which is never sent.
 */
export const visitorName = (): string => keptName('inkpick-visitor');
