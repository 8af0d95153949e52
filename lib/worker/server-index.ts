import type { RecommendRequest, SearchHit } from '../contracts/engine';
import type { PublishedItem } from '../contracts/live-signals';
import type { Engine } from '../engine/engine';
import { BackOff } from './back-off';
import { CoalescedFetch } from './coalesced-fetch';

/** A few more than the latent signal retrieves for one list. */
const CANDIDATE_COUNT = 400;
/** Items added in one visit: each takes one or two kilobytes of memory. */
const MAX_ADDED_ITEMS = 4000;
/** After this time the list is made without the server. */
const SERVER_TIMEOUT_MS = 1500;
/**
 * A slider aborts the call for its last position and sends the next one, about the same user. The request of the first
 * goes on for this long, so that the next call can join it.
 */
const ABORT_GRACE_MS = 250;

/** What {@link ServerIndex.fetchCandidates} sends. */
export interface CandidateQuery {
  /** The user's factors. */
  factors: Float32Array;
  /** The same for the same factors. */
  key: string;
}

/** The server's response; `body` is null where it refuses the request, as it would again. */
interface ServerResponse<T> {
  body: T | null;
}

/**
 * Retrieves candidates and titles from the server, for domains too large for the browser (`index: server` in the
 * manifest). The server receives the user's factors, never the history. It returns the nearest items; those that are
 * not in the browser come with everything needed to rank them there.
 *
 * Without the server the engine works with the items it has. A server that failed is not asked again for some seconds.
 */
export class ServerIndex {
  private readonly engine: Engine;
  private readonly base: string;
  private readonly backOff = new BackOff();
  private addedCount = 0;
  /** Key of the last query that the server answered. */
  private answeredKey = '';
  private pending: { key: string; fetch: CoalescedFetch<void> } | null = null;
  /** Items that arrived and are not in the engine yet. */
  private fetched: PublishedItem[] = [];

  /** @param base address of the server's API */
  constructor(engine: Engine, base = '/api') {
    this.engine = engine;
    this.base = base;
  }

  /** What to ask the server for a request; null where it has nothing to add, or has just answered the same. */
  candidateQuery(request: RecommendRequest): CandidateQuery | null {
    if (request.mode === 'popular' || request.mode === 'content' || request.candidates) return null;
    const factors = this.engine.session(request).userFactors();
    if (!factors) return null;
    const key = factors.join();
    return key === this.answeredKey ? null : { factors, key };
  }

  /**
   * Fetches the items nearest to the user's factors; {@link addFetchedItems} adds them to the engine. Calls with the
   * same query share one request.
   *
   * @throws only the reason of `signal`, when it aborts
   */
  async fetchCandidates(query: CandidateQuery, signal: AbortSignal): Promise<void> {
    let { pending } = this;
    if (pending?.key !== query.key || pending.fetch.isOver) {
      const fetch = new CoalescedFetch((fetchSignal) => this.requestCandidates(query, fetchSignal), ABORT_GRACE_MS);
      pending = { key: query.key, fetch };
      this.pending = pending;
    }
    await pending.fetch.wait(signal);
  }

  private async requestCandidates({ factors, key }: CandidateQuery, signal: AbortSignal): Promise<void> {
    const response = await this.request<{ items: { item?: PublishedItem }[] }>(
      `candidates/${this.engine.info.id}`,
      signal,
      { method: 'POST', body: JSON.stringify({ factors: Array.from(factors), limit: CANDIDATE_COUNT }) },
    );
    if (!response) return;
    this.answeredKey = key;
    for (const { item } of response.body?.items ?? []) if (item) this.fetched.push(item);
  }

  /** Adds the items that have arrived to the engine. */
  addFetchedItems(): void {
    const newItems = this.fetched.splice(0).filter(({ id }) => !this.engine.knows(id));
    const items = newItems.slice(0, MAX_ADDED_ITEMS - this.addedCount);
    if (items.length === 0) return;
    this.addedCount += items.length;
    this.engine.addItems(items);
  }

  /**
   * Searches the whole catalog on the server.
   *
   * @returns null where the server cannot be asked
   * @throws only the reason of `signal`, when it aborts
   */
  async search(query: string, limit: number, signal: AbortSignal): Promise<SearchHit[] | null> {
    const parameters = new URLSearchParams({ q: query, limit: String(limit) });
    const response = await this.request<{ results: SearchHit[] }>(
      `search/${this.engine.info.id}?${parameters}`,
      signal,
    );
    return response?.body?.results ?? null;
  }

  /** @returns null where the server failed, did not answer in time, or failed a short while ago */
  private async request<T>(
    path: string,
    signal: AbortSignal,
    init: RequestInit = {},
  ): Promise<ServerResponse<T> | null> {
    if (this.backOff.isActive) return null;
    try {
      const eitherSignal = AbortSignal.any([signal, AbortSignal.timeout(SERVER_TIMEOUT_MS)]);
      const response = await fetch(`${this.base}/${path}`, { ...init, signal: eitherSignal });
      if (response.status >= 500 || response.status === 429) throw new Error(`HTTP ${response.status}`);
      const body = response.ok ? ((await response.json()) as T) : null;
      this.backOff.recordSuccess();
      return { body };
    } catch (error) {
      if (signal.aborted) throw error;
      this.backOff.recordFailure();
      return null;
    }
  }
}
