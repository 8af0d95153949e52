import type { PublishedItem } from '../../contracts/live-signals';

/** Items that were published after the build, and ids that were withdrawn. Publishing a withdrawn item restores it. */
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

  /**
   * Adds items, and replaces those that changed.
   *
   * @returns whether anything changed
   */
  add(items: readonly PublishedItem[]): boolean {
    let changed = false;
    for (const item of items) {
      const isRestored = this.withdrawn.delete(item.id);
      const before = this.published.get(item.id);
      const isSame = before !== undefined && JSON.stringify(before) === JSON.stringify(item);
      if (!isSame) this.published.set(item.id, item);
      changed ||= isRestored || !isSame;
    }
    return changed;
  }

  /** @returns whether an id was not withdrawn before */
  withdraw(ids: readonly string[]): boolean {
    const before = this.withdrawn.size;
    for (const id of ids) {
      this.withdrawn.add(id);
      this.published.delete(id);
    }
    return this.withdrawn.size > before;
  }
}
