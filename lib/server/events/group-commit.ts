import 'server-only';

interface Waiting<Entry, Result> {
  entry: Entry;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Group commit: callers share writes. While one write runs, new entries wait and are written together in the next. A
 * call resolves once its own entry is written. When a group cannot be written, its entries are written one by one, so
 * that a bad entry fails alone; a call rejects with the error of its own entry.
 */
export class GroupCommit<Entry, Result> {
  private readonly write: (entries: Entry[]) => Promise<Result[]>;
  private readonly maxEntries: number;
  private readonly concernsAll: (error: unknown) => boolean;
  private queue: Waiting<Entry, Result>[] = [];
  private isWriting = false;

  /**
   * @param write writes all entries or none; returns one result for each, in order
   * @param maxEntries largest group
   * @param concernsAll whether an error of `write` would be the same for every entry, so that one by one is no use
   */
  constructor(
    write: (entries: Entry[]) => Promise<Result[]>,
    maxEntries: number,
    concernsAll: (error: unknown) => boolean = () => false,
  ) {
    this.write = write;
    this.maxEntries = maxEntries;
    this.concernsAll = concernsAll;
  }

  /** Number of entries whose write has not begun. */
  get waiting(): number {
    return this.queue.length;
  }

  add(entry: Entry): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.queue.push({ entry, resolve, reject });
      void this.writeQueue();
    });
  }

  private async writeQueue(): Promise<void> {
    if (this.isWriting) return;
    this.isWriting = true;
    while (this.queue.length > 0) await this.writeGroup(this.queue.splice(0, this.maxEntries));
    this.isWriting = false;
  }

  private async writeGroup(group: Waiting<Entry, Result>[]): Promise<void> {
    try {
      const results = await this.write(group.map(({ entry }) => entry));
      for (const [i, { resolve }] of group.entries()) resolve(results[i]);
    } catch (error) {
      if (group.length > 1 && !this.concernsAll(error)) for (const one of group) await this.writeGroup([one]);
      else for (const { reject } of group) reject(error);
    }
  }
}
