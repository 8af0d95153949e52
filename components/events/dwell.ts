/** How long a card must stay in view to count as seen. */
export const DWELL_MS = 1000;

/** Reports items that stayed in view for {@link DWELL_MS}, once each. Time while the page is hidden does not count. */
export class DwellTimer {
  private readonly onSeen: (item: string) => void;
  private readonly inView = new Map<string, ReturnType<typeof setTimeout> | null>();
  private readonly seen: Set<string>;
  private isPaused = false;

  /** @param seen items reported before; added to */
  constructor(seen: Set<string>, onSeen: (item: string) => void) {
    this.seen = seen;
    this.onSeen = onSeen;
  }

  enter(item: string): void {
    if (this.inView.has(item) || this.seen.has(item)) return;
    this.inView.set(item, this.isPaused ? null : this.start(item));
  }

  leave(item: string): void {
    this.stop(item);
    this.inView.delete(item);
  }

  pause(): void {
    this.isPaused = true;
    for (const item of this.inView.keys()) this.stop(item);
  }

  resume(): void {
    this.isPaused = false;
    for (const [item, timer] of this.inView) if (timer === null) this.inView.set(item, this.start(item));
  }

  /** Forgets all items in view. */
  end(): void {
    for (const item of [...this.inView.keys()]) this.leave(item);
  }

  private start(item: string): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      this.inView.delete(item);
      this.seen.add(item);
      this.onSeen(item);
    }, DWELL_MS);
  }

  private stop(item: string): void {
    const timer = this.inView.get(item);
    if (!timer) return;
    clearTimeout(timer);
    this.inView.set(item, null);
  }
}
