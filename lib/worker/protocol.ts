import type {
  AskRequest,
  DomainInfo,
  ItemSummary,
  LoadProgress,
  RecommendRequest,
  RecommendResponse,
  SearchResponse,
} from '../contracts/engine';
import type { SerializedError } from '../contracts/errors';
import type { PublishedItem } from '../contracts/live-signals';

/** Items published and withdrawn since the catalog was built. An id in both lists is withdrawn. */
export interface CatalogChange {
  items: PublishedItem[];
  withdrawn: string[];
}

/** Parameters and result of each call. Every message names its call by `id`, unique for the life of a client. */
export interface Calls {
  load: { params: { domain: string }; result: DomainInfo };
  recommend: { params: { domain: string; request: RecommendRequest }; result: RecommendResponse };
  search: { params: { domain: string; query: string; limit: number }; result: SearchResponse };
  items: { params: { domain: string; ids: string[] }; result: ItemSummary[] };
  askNext: { params: { domain: string; request: AskRequest }; result: ItemSummary[] };
  addItems: { params: { domain: string } & CatalogChange; result: null };
}
export type CallName = keyof Calls;

/** Page → worker. */
export type RequestMessage =
  | { [Name in CallName]: { kind: 'call'; id: number; name: Name; params: Calls[Name]['params'] } }[CallName]
  | { kind: 'cancel'; id: number };

/** Worker → page. */
export type ResponseMessage =
  | { kind: 'result'; id: number; result: Calls[CallName]['result'] }
  | { kind: 'error'; id: number; error: SerializedError }
  | { kind: 'progress'; id: number; progress: LoadProgress };
