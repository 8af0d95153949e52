/** Sends something for a domain a moment after it was asked to: several wishes in a row become one. */
export class Renewals {
  readonly #send: (domain: string, leaving: boolean) => Promise<void>;
  readonly #waitMs: number;
  readonly #waiting = new Map<string, ReturnType<typeof setTimeout>>();
  /** One at a time for a domain, so that what is older never comes after what is newer. */
  readonly #sending = new Map<string, Promise<void>>();

  /** @param send never rejects */
  constructor(send: (domain: string, leaving: boolean) => Promise<void>, waitMs: number) {
    this.#send = send;
    this.#waitMs = waitMs;
  }

  ask(domain: string): void {
    clearTimeout(this.#waiting.get(domain));
    const timer = setTimeout(() => {
      this.#waiting.delete(domain);
      const before = this.#sending.get(domain) ?? Promise.resolve();
      this.#sending.set(
        domain,
        before.then(() => this.#send(domain, false)),
      );
    }, this.#waitMs);
    this.#waiting.set(domain, timer);
  }

  /** Sends at once what still waits: the page is being left. */
  leave(): void {
    const domains = [...this.#waiting.keys()];
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
    for (const domain of domains) void this.#send(domain, true);
  }
}
