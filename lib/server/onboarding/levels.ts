import 'server-only';
import type { ItemSummary, Reason } from '../../contracts/engine';

/**
 * What is known of a newcomer, from most to least; each level is the fallback of the one before.
 *
 * `taste`: what they like and do not like, by the engine. `interests`: the survey. `segment`: what they told of themselves. `popular`:
 * what people did lately, blended with the data. `prior`: the data that the catalog was built from, and nothing else.
 */
export const LEVELS = ['taste', 'interests', 'segment', 'popular', 'prior'] as const;
export type Level = (typeof LEVELS)[number];

/** An item that may come into a first list, with the level that brought it. */
export interface Entry extends ItemSummary {
  level: Level;
  reasons: Reason[];
}
