import type {
  AskRequest,
  DomainInfo,
  ItemSummary,
  LoadProgress,
  RecommendRequest,
  RecommendResponse,
  SearchResponse,
} from '../contracts/engine';
import type { CatalogChange } from './protocol';

export interface CallOptions {
  /** Aborting rejects the call with code `ABORTED`; work not yet begun is never begun. */
  signal?: AbortSignal;
}

/**
 * The engine as the page sees it. Every call may reject with an `InkpickError`. A crashed worker rejects
 * all pending calls with `WORKER_CRASHED`, and is started again, with its domains, by the next call.
 */
export interface EngineClient {
  /**
   * Resolves once the domain can answer over the items that anyone chose. `onProgress` goes on until stage `whole`: from
   * then on every item may be recommended, and the same request may have another answer.
   */
  load(domain: string, options?: CallOptions & { onProgress?: (progress: LoadProgress) => void }): Promise<DomainInfo>;
  recommend(domain: string, request: RecommendRequest, options?: CallOptions): Promise<RecommendResponse>;
  search(domain: string, query: string, options?: CallOptions & { limit?: number }): Promise<SearchResponse>;
  /** Summaries in the order asked; unknown ids are left out. Own ids and external ones both work. */
  items(domain: string, ids: string[], options?: CallOptions): Promise<ItemSummary[]>;
  /** What to ask a newcomer about next, best first. */
  askNext(domain: string, request: AskRequest, options?: CallOptions): Promise<ItemSummary[]>;
  /**
   * Adds what was published since the catalog was built, and takes away what was withdrawn. May be called again with the same
   * items. The client keeps them, and tells a worker that takes the place of a crashed one; where the call is rejected, it tells
   * the worker again ahead of the next call.
   */
  addItems(domain: string, change: CatalogChange): Promise<void>;
  dispose(): void;
}
