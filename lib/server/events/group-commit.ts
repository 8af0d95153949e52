import 'server-only';

interface Waiting<Entry, Result> {
  entry: Entry;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Lets many callers share one write (group commit): while one is under way, those who come are gathered for the next. A
 * call resolves once its own entry is written. Where a group cannot be written its entries are, each by itself, so that one which is
 * at fault is refused alone; a call rejects with what the write of its own entry threw.
 */
export class GroupCommit<Entry, Result> {
  readonly #write: (entries: Entry[]) => Promise<Result[]>;
  readonly #most: number;
  readonly #concernsAll: (error: unknown) => boolean;
  #waiting: Waiting<Entry, Result>[] = [];
  #writing = false;

  /**
   * @param write gives a result for each entry, in their order; all are written, or none
   * @param most entries of one group
   * @param concernsAll whether no entry could be written for what `write` threw, whichever it is
   */
  constructor(
    write: (entries: Entry[]) => Promise<Result[]>,
    most: number,
    concernsAll: (error: unknown) => boolean = () => false,
  ) {
    this.#write = write;
    this.#most = most;
    this.#concernsAll = concernsAll;
  }

  /** How many entries wait for a write to begin. */
  get waiting(): number {
    return this.#waiting.length;
  }

  add(entry: Entry): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, resolve, reject });
      void this.#go();
    });
  }

  async #go(): Promise<void> {
    if (this.#writing) return;
    this.#writing = true;
    while (this.#waiting.length > 0) await this.#writeGroup(this.#waiting.splice(0, this.#most));
    this.#writing = false;
  }

  async #writeGroup(group: Waiting<Entry, Result>[]): Promise<void> {
    try {
      const results = await this.#write(group.map(({ entry }) => entry));
      for (const [i, { resolve }] of group.entries()) resolve(results[i]);
    } catch (error) {
      if (group.length > 1 && !this.#concernsAll(error)) for (const one of group) await this.#writeGroup([one]);
      else for (const { reject } of group) reject(error);
    }
  }
}
