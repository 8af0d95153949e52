import 'server-only';
import type { ItemSummary, Reason } from '../../contracts/engine';

/**
 * Sources of a first list, by how much they know of the new visitor; each is the fallback of the one before. See
 * docs/adr/0010-cold-start.md.
 *
 * - `taste`: the engine's recommendations from likes and dislikes
 * - `interests`: the survey
 * - `segment`: age band, region and language
 * - `popular`: live weights of all visitors, blended with the data
 * - `prior`: the data set that the catalog was built from
 */
export const LEVELS = ['taste', 'interests', 'segment', 'popular', 'prior'] as const;
export type Level = (typeof LEVELS)[number];

/** An item that may enter a first list, with its level. */
export interface Entry extends ItemSummary {
  level: Level;
  reasons: Reason[];
}
