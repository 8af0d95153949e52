import 'server-only';

/**
 * Lets many callers share one write (group commit): while one is under way, those who come are gathered for the next. A
 * call resolves once its own entry is written, and rejects with what the write of its group threw.
 */
export class GroupCommit<Entry, Result> {
  readonly #write: (entries: Entry[]) => Promise<Result[]>;
  readonly #most: number;
  #waiting: { entry: Entry; resolve: (result: Result) => void; reject: (error: unknown) => void }[] = [];
  #writing = false;

  /**
   * @param write gives a result for each entry, in their order; all are written, or none
   * @param most entries of one group
   */
  constructor(write: (entries: Entry[]) => Promise<Result[]>, most: number) {
    this.#write = write;
    this.#most = most;
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
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, this.#most);
      try {
        const results = await this.#write(group.map(({ entry }) => entry));
        for (const [i, { resolve }] of group.entries()) resolve(results[i]);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.#writing = false;
  }
}
