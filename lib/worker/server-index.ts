import type { RecommendRequest, SearchHit } from '../contracts/engine';
import type { PublishedItem } from '../contracts/live-signals';
import type { Engine } from '../engine/engine';

/** As many as the latent signal proposes for a list, and some more. */
const CANDIDATES = 400;
/** Items brought in one visit at the most: each costs a kilobyte or two of memory. */
const MOST_BROUGHT = 4000;
/** A server that is slower than this is done without. */
const PATIENCE_MS = 1500;

/**
 * Finds candidates and titles on the server, for domains too large for a browser to hold (`index: server` in the manifest). The server
 * is told the user's factors, a point in the space of tastes, and never the history; it answers with the items nearest to it, and all
 * that it takes to rank those here that this device does not hold.
 */
export class ServerIndex {
  private readonly engine: Engine;
  private readonly base: string;
  private brought = 0;
  /** Of the last user asked about. */
  private lastFactors = '';

  /** @param base of the server's API, such as `/api` */
  constructor(engine: Engine, base = '/api') {
    this.engine = engine;
    this.base = base;
  }

  /** Has the engine know what the server proposes for a request. Never rejects: without the server the list is made of what is here. */
  async bring(request: RecommendRequest): Promise<void> {
    if (request.mode === 'popular' || request.mode === 'content' || request.candidates) return;
    const factors = this.engine.userFactors(request);
    if (!factors) return;
    // Sliders ask about the same user again and again.
    const key = factors.join();
    if (key === this.lastFactors) return;
    const answer = await this.ask<{ items: { item?: PublishedItem }[] }>(`candidates/${this.engine.info.id}`, {
      method: 'POST',
      body: JSON.stringify({ factors: Array.from(factors), limit: CANDIDATES }),
    });
    if (!answer) return;
    this.lastFactors = key;
    const items = answer.items.flatMap(({ item }) => (item && !this.engine.knows(item.id) ? [item] : []));
    const added = items.slice(0, MOST_BROUGHT - this.brought);
    this.brought += added.length;
    if (added.length > 0) this.engine.addItems(added);
  }

  /** What the server finds for a query in the whole catalog; null where it cannot be asked. */
  async search(query: string, limit: number): Promise<SearchHit[] | null> {
    const parameters = new URLSearchParams({ q: query, limit: String(limit) });
    const answer = await this.ask<{ results: SearchHit[] }>(`search/${this.engine.info.id}?${parameters}`);
    return answer?.results ?? null;
  }

  private async ask<T>(path: string, init: RequestInit = {}): Promise<T | null> {
    try {
      const response = await fetch(`${this.base}/${path}`, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
      return response.ok ? ((await response.json()) as T) : null;
    } catch {
      return null;
    }
  }
}
