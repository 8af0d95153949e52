import type { PublishedItem } from '../../contracts/live-signals';

/** What was published and withdrawn after the build, by id. Publishing a withdrawn item again restores it. */
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

  /** Adds items, or replaces those that changed. Returns whether anything did. */
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

  /** Returns whether anything changed. */
  withdraw(ids: readonly string[]): boolean {
    const before = this.withdrawn.size;
    for (const id of ids) {
      this.withdrawn.add(id);
      this.published.delete(id);
    }
    return this.withdrawn.size > before;
  }
}
