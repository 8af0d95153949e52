import type { LiveSignals, PublishedItem } from '../../lib/contracts/live-signals';
import { type PublicSignals, parseDelta, parseFriendsLikes, parsePublicSignals } from './parse-responses';

/** Three times a minute, so that a new item is on the device within one. */
export const POLL_INTERVAL_MS = 20_000;

const WITHDRAWN = 'withdrawn';

export interface PollerOptions {
  /** Origin of the API; the page's own by default. */
  base?: string;
  /** Whether the visitor agreed that the server may know them; without that it cannot send friends' likes. */
  hasConsent: () => boolean;
  /** Called where the server does not know the visitor, or no longer. */
  onUnknownVisitor: () => void;
  /** Adds items to the device's catalog and removes others from it. */
  addItems: (items: PublishedItem[], withdrawn: string[]) => Promise<void>;
}

/**
 * The live signals of one domain, as the server published them last, and its new items, which go into the device's
 * catalog. Failures are silent: the engine makes its lists without live signals too.
 */
export class LiveSignalsPoller {
  private readonly domain: string;
  private readonly options: PollerOptions;
  private signals: PublicSignals | null = null;
  private friends: LiveSignals['friends'] = [];
  /** The device has the new items up to this revision. */
  private revision = 0;
  /** The last state of each new item, as JSON or {@link WITHDRAWN}, to recognise repetitions. */
  private readonly known = new Map<string, string>();

  constructor(domain: string, options: PollerOptions) {
    this.domain = domain;
    this.options = options;
  }

  /** For the next request; undefined before the first response of the server. */
  get live(): LiveSignals | undefined {
    if (!this.signals) return undefined;
    const { trending, fresh, baseRate } = this.signals;
    return { trending, fresh, baseRate, friends: this.friends };
  }

  /**
   * Asks the server once.
   *
   * @returns whether the device's catalog has changed
   */
  async poll(signal: AbortSignal): Promise<boolean> {
    const [shared, friends] = await Promise.all([
      this.get(`/api/shared/${this.domain}`, signal),
      this.options.hasConsent()
        ? this.get(`/api/friends/likes/${this.domain}`, signal, this.options.onUnknownVisitor)
        : null,
    ]);
    if (signal.aborted) return false;
    // Without a response too: a friend who stopped sharing must not be shown any longer.
    this.friends = parseFriendsLikes(friends) ?? [];
    const signals = parsePublicSignals(shared);
    if (!signals) return false;
    this.signals = signals;
    // The server's is lower where it lost its store, or could not reach it.
    this.revision = Math.min(this.revision, signals.revision);
    let hasChanged = false;
    while (this.revision < signals.revision) {
      const before = this.revision;
      const isNews = await this.fetchItems(signal);
      hasChanged ||= isNews;
      // No response, or one that leads no further: the next poll tries again.
      if (this.revision <= before) break;
    }
    return hasChanged;
  }

  /** Adds the next page of the new items. @returns whether it changed the catalog */
  private async fetchItems(signal: AbortSignal): Promise<boolean> {
    const delta = parseDelta(await this.get(`/api/items/${this.domain}?since=${this.revision}`, signal));
    if (!delta || signal.aborted) return false;
    const items = delta.items.filter((item) => this.known.get(item.id) !== JSON.stringify(item));
    const withdrawn = delta.withdrawn.filter((id) => this.known.get(id) !== WITHDRAWN);
    const isNews = items.length + withdrawn.length > 0;
    if (isNews) {
      try {
        await this.options.addItems(items, withdrawn);
      } catch {
        return false;
      }
    }
    for (const item of items) this.known.set(item.id, JSON.stringify(item));
    for (const id of withdrawn) this.known.set(id, WITHDRAWN);
    this.revision = delta.revision;
    return isNews;
  }

  /** The response's JSON; null where there is none. @param onForbidden called on status 403 */
  private async get(path: string, signal: AbortSignal, onForbidden = () => {}): Promise<unknown> {
    try {
      const response = await fetch((this.options.base ?? '') + path, { signal });
      if (response.status === 403) onForbidden();
      return response.ok ? await response.json() : null;
    } catch {
      return null;
    }
  }
}
