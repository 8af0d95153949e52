import { browserId } from '../consent/browser-id';

/**
 * A random id of this browser. It seeds the first list, so that a reload does not reshuffle it. It is not the id that
 * decides experiments, which is never sent.
 */
export const visitorId = (): string => browserId('inkpick-visitor');
