/** How long a card must stay in view to count as seen. */
export const DWELL_MS = 1000;

/** Tells, once each, what stayed in view for {@link DWELL_MS}. Time while the page is hidden does not count. */
export class Dwell {
  readonly #onSeen: (item: string) => void;
  readonly #inView = new Map<string, ReturnType<typeof setTimeout> | null>();
  readonly #seen: Set<string>;
  #isPaused = false;

  /** @param seen what was told of before; added to */
  constructor(seen: Set<string>, onSeen: (item: string) => void) {
    this.#seen = seen;
    this.#onSeen = onSeen;
  }

  enter(item: string): void {
    if (this.#inView.has(item) || this.#seen.has(item)) return;
    this.#inView.set(item, this.#isPaused ? null : this.#start(item));
  }

  leave(item: string): void {
    this.#stop(item);
    this.#inView.delete(item);
  }

  pause(): void {
    this.#isPaused = true;
    for (const item of this.#inView.keys()) this.#stop(item);
  }

  resume(): void {
    this.#isPaused = false;
    for (const [item, timer] of this.#inView) if (timer === null) this.#inView.set(item, this.#start(item));
  }

  /** Forgets what is in view. */
  end(): void {
    for (const item of [...this.#inView.keys()]) this.leave(item);
  }

  #start(item: string): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      this.#inView.delete(item);
      this.#seen.add(item);
      this.#onSeen(item);
    }, DWELL_MS);
  }

  #stop(item: string): void {
    const timer = this.#inView.get(item);
    if (!timer) return;
    clearTimeout(timer);
    this.#inView.set(item, null);
  }
}
