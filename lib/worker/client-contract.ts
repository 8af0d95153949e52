import type {
  DomainInfo,
  ItemSummary,
  LoadProgress,
  RecommendRequest,
  RecommendResponse,
  SearchResponse,
} from '../contracts/engine';

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
  dispose(): void;
}
