import type { PublishedItem } from '../../contracts/live-signals';

/**
 * What was published and withdrawn since the catalog was built, by id. An item that is published again after it was withdrawn
 * is there again.
 */
export class Additions {
  private readonly published = new Map<string, PublishedItem>();
  private readonly withdrawn = new Set<string>();

  /** In the order in which they were first added. */
  get items(): PublishedItem[] {
    return [...this.published.values()];
  }

  get withdrawnIds(): ReadonlySet<string> {
    return this.withdrawn;
  }

  /** Whether anything changed: an item that is there already is replaced, or left alone where it is the same. */
  add(items: readonly PublishedItem[]): boolean {
    let changed = false;
    for (const item of items) {
      const back = this.withdrawn.delete(item.id);
      const before = this.published.get(item.id);
      const same = before !== undefined && JSON.stringify(before) === JSON.stringify(item);
      if (!same) this.published.set(item.id, item);
      changed ||= back || !same;
    }
    return changed;
  }

  /** Whether anything changed. */
  withdraw(ids: readonly string[]): boolean {
    const before = this.withdrawn.size;
    for (const id of ids) {
      this.withdrawn.add(id);
      this.published.delete(id);
    }
    return this.withdrawn.size > before;
  }
}
