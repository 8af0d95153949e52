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
  /** Aborting rejects the call with code `ABORTED`. Work that has not begun is not started. */
  signal?: AbortSignal;
}

/**
 * The engine as the page sees it. Every call may reject with an `InkpickError`. A crash of the worker rejects all
 * pending calls with `WORKER_CRASHED`; the next call starts a new worker.
 */
export interface EngineClient {
  /**
   * Resolves once the domain can answer over the items with interactions. `onProgress` continues until stage `whole`:
   * from then on every item may be recommended, and the same request may return another list.
   */
  load(domain: string, options?: CallOptions & { onProgress?: (progress: LoadProgress) => void }): Promise<DomainInfo>;
  recommend(domain: string, request: RecommendRequest, options?: CallOptions): Promise<RecommendResponse>;
  search(domain: string, query: string, options?: CallOptions & { limit?: number }): Promise<SearchResponse>;
  /**
   * @param ids own or external ids
   * @returns summaries in the order of `ids`, without unknown ones
   */
  items(domain: string, ids: string[], options?: CallOptions): Promise<ItemSummary[]>;
  /** The items to ask a new visitor about next, best first. */
  askNext(domain: string, request: AskRequest, options?: CallOptions): Promise<ItemSummary[]>;
  /**
   * Adds items that were published since the build and removes withdrawn ones. Repeating items is harmless. The client
   * keeps the changes and sends them to the worker again after a crash, or ahead of the next call when this one is
   * rejected.
   */
  addItems(domain: string, change: CatalogChange): Promise<void>;
  dispose(): void;
}
