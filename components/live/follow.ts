import type { LiveSignals, PublishedItem } from '../../lib/contracts/live-signals';
import { type PublicSignals, readDelta, readFriendsLikes, readPublicSignals } from './answers';

/** How often the server is asked, milliseconds: three times a minute, so that a new item is there within one. */
export const POLL_MS = 20_000;

const WITHDRAWN = 'withdrawn';

export interface FollowOptions {
  /** Where the API is; the page's own server unless told. */
  base?: string;
  /** Whether the visitor agreed to be known, so that the server can tell what friends like. */
  isKnown: () => boolean;
  /** The server does not know the visitor, or not any more. */
  onStranger: () => void;
  /** Puts items into the device's catalog and takes others out. */
  addItems: (items: PublishedItem[], withdrawn: string[]) => Promise<void>;
}

/** What is shared in one domain, as this device knows it so far. Fails silently: a list is as good without. */
export class Follower {
  readonly #domain: string;
  readonly #options: FollowOptions;
  #signals: PublicSignals | null = null;
  #friends: LiveSignals['friends'] = [];
  /** Up to which revision this device has the new items. */
  #revision = 0;
  /** What became of each item that is not of the build, to tell news from what is told again. */
  readonly #known = new Map<string, string>();

  constructor(domain: string, options: FollowOptions) {
    this.#domain = domain;
    this.#options = options;
  }

  /** For the next request; undefined while nothing is known. */
  get live(): LiveSignals | undefined {
    if (!this.#signals) return undefined;
    const { trending, fresh, baseRate } = this.#signals;
    return { trending, fresh, baseRate, friends: this.#friends };
  }

  /**
   * Asks the server once.
   *
   * @returns whether the device's catalog is another than before
   */
  async ask(signal: AbortSignal): Promise<boolean> {
    const [answer, friends] = await Promise.all([
      this.#get(`/api/shared/${this.#domain}`, signal),
      this.#options.isKnown()
        ? this.#get(`/api/friends/likes/${this.#domain}`, signal, this.#options.onStranger)
        : null,
    ]);
    if (signal.aborted) return false;
    // Whoever stopped sharing, or is followed no longer, is not to be seen any more.
    this.#friends = readFriendsLikes(friends) ?? [];
    const signals = readPublicSignals(answer);
    if (!signals) return false;
    this.#signals = signals;
    // Lower where the server lost its store, or could not reach it just now.
    this.#revision = Math.min(this.#revision, signals.revision);
    let hasChanged = false;
    while (this.#revision < signals.revision) {
      const before = this.#revision;
      const isNews = await this.#fetchItems(signal);
      hasChanged ||= isNews;
      // No answer, or one that leads no further: asked again with the next poll.
      if (this.#revision <= before) break;
    }
    return hasChanged;
  }

  /** Takes the next part of what was published. @returns whether there was news in it */
  async #fetchItems(signal: AbortSignal): Promise<boolean> {
    const delta = readDelta(await this.#get(`/api/items/${this.#domain}?since=${this.#revision}`, signal));
    if (!delta || signal.aborted) return false;
    const items = delta.items.filter((item) => this.#known.get(item.id) !== JSON.stringify(item));
    const withdrawn = delta.withdrawn.filter((id) => this.#known.get(id) !== WITHDRAWN);
    const isNews = items.length + withdrawn.length > 0;
    if (isNews) {
      try {
        await this.#options.addItems(items, withdrawn);
      } catch {
        return false;
      }
    }
    for (const item of items) this.#known.set(item.id, JSON.stringify(item));
    for (const id of withdrawn) this.#known.set(id, WITHDRAWN);
    this.#revision = delta.revision;
    return isNews;
  }

  /** The answer's JSON; null where there is none. `onForbidden` hears of a 403. */
  async #get(path: string, signal: AbortSignal, onForbidden = () => {}): Promise<unknown> {
    try {
      const response = await fetch((this.#options.base ?? '') + path, { signal });
      if (response.status === 403) onForbidden();
      return response.ok ? await response.json() : null;
    } catch {
      return null;
    }
  }
}
