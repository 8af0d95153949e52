import type { ItemRow } from '../../lib/contracts/domain-folder';
import type { Engine } from '../../lib/engine/engine';

const PREFIX = 'copy of ';

/**
 * Copies of some items that have their facts, and no interactions: what is asked with them shows what the engine does
 * for an item that nobody chose yet, and the likes of the item tell what would have been right.
 */
export class ColdCopies {
  readonly engine: Engine;
  private readonly copied: ReadonlySet<string>;

  /**
   * @param engine an engine of its own, to which the copies are added
   * @param items of the catalog
   * @param ids of the items to copy
   */
  constructor(engine: Engine, items: readonly ItemRow[], ids: Iterable<string>) {
    this.engine = engine;
    this.copied = new Set(ids);
    engine.addItems(
      items
        .filter(({ id }) => this.copied.has(id))
        .map(({ id, title, year, creators = [], tags = {} }) => {
          return { id: PREFIX + id, title, year, creators, tags, external: {}, publishedAt: 0 };
        }),
    );
  }

  /** The id of an item's copy; undefined where there is none. */
  idOf(id: string): string | undefined {
    return this.copied.has(id) ? PREFIX + id : undefined;
  }

  /** Whether an item is a copy, or the original of this one. */
  isCopyOr(original: string): (id: string) => boolean {
    return (id) => id === original || id.startsWith(PREFIX);
  }
}
