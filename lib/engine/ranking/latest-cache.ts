/** A cache of one value: the latest that was computed, and the key it was computed for. */
export class LatestCache<T> {
  private latest: { key: string; value: T } | null = null;

  /** The cached value of `key`, computed where another key came last. */
  get(key: string, compute: () => T): T {
    if (this.latest?.key !== key) {
      this.latest = null;
      this.latest = { key, value: compute() };
    }
    return this.latest.value;
  }

  clear(): void {
    this.latest = null;
  }
}
