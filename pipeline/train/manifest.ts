import { FORMAT_VERSION, type Manifest } from '../../lib/contracts/manifest';
import type { Training } from '../../lib/contracts/training';
import type { ContentColumns } from '../../lib/format/content';
import type { Dataset } from '../dataset/dataset';
import { resolveInterests } from '../features/resolve-interests';

/**
 * The manifest of trained models, before the user tower is chosen (`towerMostLikes` is 0) and before files are written
 * (`artifacts` is empty). The order of its keys is part of the bytes of `manifest.json`.
 */
export function createManifest(
  { config, items, warmItems, popularity, likes, positiveAbove }: Dataset,
  content: ContentColumns,
  training: Training,
  headItems: number,
): Manifest {
  return {
    magic: 'inkpick',
    formatVersion: FORMAT_VERSION,
    domain: {
      id: config.id,
      label: config.label,
      item: config.item,
      verb: config.verb,
      users: config.users,
      links: config.links,
      ...(config.halfLifeDays !== undefined && { halfLifeDays: config.halfLifeDays }),
      ...(config.index !== undefined && { index: config.index }),
    },
    counts: {
      items: items.length,
      warmItems,
      headItems,
      users: likes.offsets.length - 1,
      interactions: likes.columns.length,
      terms: content.terms.length,
    },
    interests: resolveInterests(config, items, popularity, content),
    positiveAbove,
    training,
    towerMostLikes: 0,
    artifacts: [],
  };
}
