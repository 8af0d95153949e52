/** Settles as `promise` does, or rejects with the signal's reason as soon as it aborts. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/**
 * One request that several callers wait for. It is aborted when the last of them has left and no other follows soon.
 */
export class CoalescedFetch<T> {
  private readonly controller = new AbortController();
  private readonly result: Promise<T>;
  private readonly graceMs: number;
  private callers = 0;
  private isSettled = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param fetch starts the request
   * @param graceMs how long the request goes on without a caller
   */
  constructor(fetch: (signal: AbortSignal) => Promise<T>, graceMs: number) {
    this.graceMs = graceMs;
    this.result = fetch(this.controller.signal);
    // Also handles the rejection that no caller waits for.
    const settle = () => {
      this.isSettled = true;
    };
    this.result.then(settle, settle);
  }

  /** Whether a new caller needs another request: this one was answered, failed or was aborted. */
  get isOver(): boolean {
    return this.isSettled || this.controller.signal.aborted;
  }

  /** @throws the reason of `signal` when the caller aborts; the request's own error otherwise */
  async wait(signal: AbortSignal): Promise<T> {
    clearTimeout(this.timer);
    this.callers++;
    try {
      return await untilAborted(this.result, signal);
    } finally {
      this.callers--;
      if (this.callers === 0 && signal.aborted)
        this.timer = setTimeout(() => this.controller.abort(signal.reason), this.graceMs);
    }
  }
}
