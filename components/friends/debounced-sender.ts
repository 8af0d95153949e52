/** Sends an update for a domain some time after the last request for it: several requests in a row become one. */
export class DebouncedSender {
  private readonly send: (domain: string, leaving: boolean) => Promise<void>;
  private readonly waitMs: number;
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** The last send of each domain. Sends of a domain run one at a time, so that an older one never arrives last. */
  private readonly sending = new Map<string, Promise<void>>();

  /**
   * @param send sends an update; must not reject. `leaving` is true if the page is being left
   * @param waitMs time between the last request and the send
   */
  constructor(send: (domain: string, leaving: boolean) => Promise<void>, waitMs: number) {
    this.send = send;
    this.waitMs = waitMs;
  }

  /** Schedules an update of a domain. */
  request(domain: string): void {
    clearTimeout(this.timers.get(domain));
    const timer = setTimeout(() => {
      this.timers.delete(domain);
      const previous = this.sending.get(domain) ?? Promise.resolve();
      this.sending.set(
        domain,
        previous.then(() => this.send(domain, false)),
      );
    }, this.waitMs);
    this.timers.set(domain, timer);
  }

  /** Sends all scheduled updates now, because the page is being left. */
  flush(): void {
    const domains = [...this.timers.keys()];
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    for (const domain of domains) void this.send(domain, true);
  }
}
