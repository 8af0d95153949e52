/** Pause after the first failure; every further failure doubles it. */
const FIRST_PAUSE_MS = 5_000;
const MAX_PAUSE_MS = 30_000;

/** Decides when a server that failed may be asked again. */
export class BackOff {
  private pauseMs = 0;
  private endsAt = Number.NEGATIVE_INFINITY;

  /** Whether the server failed a short while ago, so that the next request would only cost another timeout. */
  get isActive(): boolean {
    return performance.now() < this.endsAt;
  }

  recordSuccess(): void {
    this.pauseMs = 0;
    this.endsAt = Number.NEGATIVE_INFINITY;
  }

  recordFailure(): void {
    // Requests that run at the same time fail together; they count as one failure.
    if (this.isActive) return;
    this.pauseMs = Math.min(MAX_PAUSE_MS, 2 * this.pauseMs || FIRST_PAUSE_MS);
    this.endsAt = performance.now() + this.pauseMs;
  }
}
