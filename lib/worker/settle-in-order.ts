/** Work that runs at the same time and settles in the order in which it was added. */
export class SettleInOrder {
  private last: Promise<unknown> = Promise.resolve();

  /** Settles as `work` does, once everything that was added before has settled. */
  add<T>(work: Promise<T>): Promise<T> {
    const settled = this.last.then(() => work);
    const ignore = () => {};
    // Work may reject before its turn; the caller sees that through the returned promise.
    work.catch(ignore);
    this.last = settled.catch(ignore);
    return settled;
  }
}
