import type { VisitorEvent } from '../../lib/contracts/events';
import { MOST_EVENTS } from './limits';
import type { EventQueue } from './queue';
import { type Patience, readRetryAfter, retryDelay } from './retry';

export interface SenderOptions {
  endpoint?: string;
  /** Milliseconds in which events gather before they are sent together. */
  gather?: number;
  patience?: Patience;
  isOnline?: () => boolean;
  /** Hands a body to the browser, which sends it after the page is gone; false where it will not. */
  beacon?: (endpoint: string, body: Blob) => boolean;
  /** The server does not know the visitor, or not any more. */
  onRefused: () => void;
}

/** What became of a batch: the server has it or will never take it; it is to be sent again later; nothing may be sent. */
type Outcome = { is: 'settled' } | { is: 'later'; asked: number } | { is: 'refused' };
const SETTLED: Outcome = { is: 'settled' };

/**
 * Sends what waits in a queue, at most {@link MOST_EVENTS} at a time and one batch after the other. An event leaves the queue once an answer
 * says so; since its id makes it count once, sending it again does no harm.
 */
export class EventSender {
  readonly #queue: EventQueue;
  readonly #options: Required<SenderOptions>;
  /** Handed to the browser while the page was being left: not confirmed, but not to be handed over twice. */
  readonly #handedOver = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isSending = false;
  #failures = 0;
  #isStopped = false;

  constructor(queue: EventQueue, options: SenderOptions) {
    this.#queue = queue;
    this.#options = {
      endpoint: '/api/events',
      gather: 3000,
      patience: { first: 2000, most: 300_000 },
      isOnline: () => navigator.onLine,
      beacon: (endpoint, body) => navigator.sendBeacon(endpoint, body),
      ...options,
    };
  }

  /** Sends soon what waits, unless that is arranged already. */
  wake(): void {
    if (this.#timer === null) this.#schedule(this.#options.gather);
  }

  /** Sends now, whatever failed before: the network is back. */
  async retry(): Promise<void> {
    this.#failures = 0;
    await this.#send();
  }

  /** Has the browser send what waits, as the page may be gone in a moment. All of it stays until an answer confirms it. */
  leave(): void {
    if (this.#isStopped || !this.#options.isOnline()) return;
    const left = this.#queue.first(Number.POSITIVE_INFINITY).filter(({ id }) => !this.#handedOver.has(id));
    for (let i = 0; i < left.length; i += MOST_EVENTS) {
      const batch = left.slice(i, i + MOST_EVENTS);
      const body = new Blob([asBody(batch)], { type: 'application/json' });
      if (!this.#options.beacon(this.#options.endpoint, body)) return;
      for (const { id } of batch) this.#handedOver.add(id);
    }
  }

  /** Sends nothing any more. */
  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  #cancel(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #schedule(delay: number): void {
    this.#cancel();
    if (this.#isStopped || this.#queue.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#send();
    }, delay);
  }

  async #send(): Promise<void> {
    // Whoever comes back to the network says so.
    if (this.#isSending || this.#isStopped || !this.#options.isOnline()) return;
    this.#isSending = true;
    this.#cancel();
    try {
      const batch = this.#queue.first(MOST_EVENTS);
      if (batch.length === 0) return;
      const outcome = await this.#deliver(batch);
      if (outcome.is === 'refused') return this.#options.onRefused();
      if (outcome.is === 'later') {
        this.#failures++;
        this.#schedule(retryDelay(this.#failures, this.#options.patience, Math.random(), outcome.asked));
      } else {
        this.#failures = 0;
        // What gathered meanwhile, or did not fit in.
        this.#schedule(this.#queue.size >= MOST_EVENTS ? 0 : this.#options.gather);
      }
    } finally {
      this.#isSending = false;
    }
  }

  /**
   * Sends a batch. One that the server cannot read is cut in halves until the event at fault stands alone, which is dropped;
   * the others go through.
   */
  async #deliver(batch: readonly VisitorEvent[]): Promise<Outcome> {
    const response = await this.#post(batch);
    if (response === null) return { is: 'later', asked: 0 };
    const isUnreadable = response.status === 400 || response.status === 413;
    if (response.ok || (isUnreadable && batch.length === 1)) {
      this.#queue.remove(batch);
      for (const { id } of batch) this.#handedOver.delete(id);
      return SETTLED;
    }
    if (isUnreadable) {
      const half = batch.length >> 1;
      const first = await this.#deliver(batch.slice(0, half));
      return first.is === 'settled' ? this.#deliver(batch.slice(half)) : first;
    }
    if (response.status === 403 && (await codeOf(response)) === 'CONSENT_REQUIRED') return { is: 'refused' };
    return { is: 'later', asked: readRetryAfter(response.headers.get('retry-after'), Date.now()) };
  }

  /** Null where there was no answer. */
  async #post(batch: readonly VisitorEvent[]): Promise<Response | null> {
    if (this.#isStopped) return null;
    try {
      return await fetch(this.#options.endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: asBody(batch),
      });
    } catch {
      return null;
    }
  }
}

const asBody = (events: readonly VisitorEvent[]) => JSON.stringify({ sent_at: Date.now(), events });

async function codeOf(response: Response): Promise<unknown> {
  const body = await response.json().catch(() => null);
  return body?.error?.code;
}
