import type { VisitorEvent } from '../../lib/contracts/events';
import { MAX_BATCH_EVENTS } from './limits';
import type { EventQueue } from './queue';
import { type Backoff, readRetryAfter, retryDelay } from './retry';

export interface SenderOptions {
  endpoint?: string;
  /** How long events are collected before they are sent together. */
  collectMs?: number;
  backoff?: Backoff;
  isOnline?: () => boolean;
  /** Gives a body to the browser, which sends it after the page is gone; false where the browser refuses it. */
  beacon?: (endpoint: string, body: Blob) => boolean;
  /** Called where the server does not know the visitor, or no longer. */
  onRefused: () => void;
}

/**
 * `settled`: the server has the batch or will never take it. `later`: to be sent again. `refused`: nothing may be sent.
 */
type Outcome = { is: 'settled' } | { is: 'later'; retryAfterMs: number } | { is: 'refused' };
const SETTLED: Outcome = { is: 'settled' };

/**
 * Sends a queue, {@link MAX_BATCH_EVENTS} at a time at the most and one batch after the other. An event stays in the
 * queue until a response confirms it. Its id makes it count once, so that sending it twice does no harm.
 */
export class EventSender {
  private readonly queue: EventQueue;
  private readonly options: Required<SenderOptions>;
  /** Events given to the browser as the page was left: not confirmed, but not to be given to it twice. */
  private readonly handedOver = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private isSending = false;
  private failures = 0;
  private isStopped = false;

  constructor(queue: EventQueue, options: SenderOptions) {
    this.queue = queue;
    this.options = {
      endpoint: '/api/events',
      collectMs: 3000,
      backoff: { firstMs: 2000, maxMs: 300_000 },
      isOnline: () => navigator.onLine,
      beacon: (endpoint, body) => navigator.sendBeacon(endpoint, body),
      ...options,
    };
  }

  /** Sends the queue soon, unless that is scheduled already. */
  wake(): void {
    if (this.timer === null) this.schedule(this.options.collectMs);
  }

  /** Sends the queue now, after whatever failures: the network is back. */
  async retry(): Promise<void> {
    this.failures = 0;
    await this.send();
  }

  /** Has the browser send the queue, because the page is being left. All events stay until a response confirms them. */
  leave(): void {
    if (this.isStopped || !this.options.isOnline()) return;
    const left = this.queue.first(Number.POSITIVE_INFINITY).filter(({ id }) => !this.handedOver.has(id));
    for (let i = 0; i < left.length; i += MAX_BATCH_EVENTS) {
      const batch = left.slice(i, i + MAX_BATCH_EVENTS);
      const body = new Blob([toBody(batch)], { type: 'application/json' });
      if (!this.options.beacon(this.options.endpoint, body)) return;
      for (const { id } of batch) this.handedOver.add(id);
    }
  }

  /** Sends nothing from now on. */
  stop(): void {
    this.isStopped = true;
    this.cancel();
  }

  private cancel(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private schedule(delay: number): void {
    this.cancel();
    if (this.isStopped || this.queue.size === 0) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.send();
    }, delay);
  }

  private async send(): Promise<void> {
    // Offline: the browser's `online` event calls `retry`.
    if (this.isSending || this.isStopped || !this.options.isOnline()) return;
    this.isSending = true;
    this.cancel();
    try {
      const batch = this.queue.first(MAX_BATCH_EVENTS);
      if (batch.length === 0) return;
      const outcome = await this.deliver(batch);
      if (outcome.is === 'refused') return this.options.onRefused();
      if (outcome.is === 'later') {
        this.failures++;
        this.schedule(retryDelay(this.failures, this.options.backoff, Math.random(), outcome.retryAfterMs));
      } else {
        this.failures = 0;
        // Events that were added meanwhile, or did not fit into the batch.
        this.schedule(this.queue.size >= MAX_BATCH_EVENTS ? 0 : this.options.collectMs);
      }
    } finally {
      this.isSending = false;
    }
  }

  /** Sends a batch. One that the server cannot read is halved until the event at fault is alone, which is dropped. */
  private async deliver(batch: readonly VisitorEvent[]): Promise<Outcome> {
    const response = await this.post(batch);
    if (response === null) return { is: 'later', retryAfterMs: 0 };
    const isUnreadable = response.status === 400 || response.status === 413;
    if (response.ok || (isUnreadable && batch.length === 1)) {
      this.queue.remove(batch);
      for (const { id } of batch) this.handedOver.delete(id);
      return SETTLED;
    }
    if (isUnreadable) {
      const half = batch.length >> 1;
      const first = await this.deliver(batch.slice(0, half));
      return first.is === 'settled' ? this.deliver(batch.slice(half)) : first;
    }
    if (response.status === 403 && (await codeOf(response)) === 'CONSENT_REQUIRED') return { is: 'refused' };
    return { is: 'later', retryAfterMs: readRetryAfter(response.headers.get('retry-after'), Date.now()) };
  }

  /** Null where there was no response. */
  private async post(batch: readonly VisitorEvent[]): Promise<Response | null> {
    if (this.isStopped) return null;
    try {
      return await fetch(this.options.endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: toBody(batch),
      });
    } catch {
      return null;
    }
  }
}

const toBody = (events: readonly VisitorEvent[]) => JSON.stringify({ sent_at: Date.now(), events });

async function codeOf(response: Response): Promise<unknown> {
  const body = await response.json().catch(() => null);
  return body?.error?.code;
}
