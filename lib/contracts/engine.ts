import type { LiveSignals } from './live-signals';

/** Requests and responses of the engine, for all its callers: the page (through the worker), the API, the CLI. */

export const MODES = ['hybrid', 'content', 'collaborative', 'popular'] as const;
export type Mode = (typeof MODES)[number];

/** The models that score items. Interests and history are their evidence, not signals of their own. */
export const SIGNALS = ['content', 'latent', 'neighbours', 'related', 'popular'] as const;
export type Signal = (typeof SIGNALS)[number];

/** What can contribute to a score: the signals, and friends' likes, which no model is trained on. */
export type ScoreSignal = Signal | 'social';

/** What retrieved a candidate: a signal, `fresh` (a new item), or `fill` (popular items that fill unused quota). */
export type CandidateSource = ScoreSignal | 'fresh' | 'fill';

/** A user's opinion of one item. `value` 1 is a like, -1 a dislike; fractions are weaker. */
export interface HistoryEntry {
  id: string;
  /** In [-1, 1]; 1 when absent. */
  value?: number;
  /** Unix seconds; models may weight later entries more. */
  timestamp?: number;
}

export interface RecommendRequest {
  mode: Mode;
  history: HistoryEntry[];
  /** Ids of interests from the manifest; their weight fades as likes accumulate. */
  interests?: string[];
  /** Items to exclude (hidden or blocked), besides those of the history. */
  hidden?: string[];
  /** Rank only these items. Items of the history are allowed here, hidden ones are not. */
  candidates?: string[];
  /** 1 … 1000. */
  topK: number;
  /** Share of the content signal among the personal signals in hybrid mode, 0 … 1. Default: the gate decides. */
  alpha?: number;
  /** 0 (pure relevance) … 1; the λ of MMR is 1 − diversity. */
  diversity?: number;
  /**
   * Well known or little known items among those that fit, −1 … 1. Default: the balance that was learned. Ignored in
   * popular mode.
   */
  discovery?: number;
  /** Report the diversity of the list in `stats.diversity`. */
  measureDiversity?: boolean;
  /** Skip the reasons, which cost time; for batch use. */
  withoutReasons?: boolean;
  /**
   * Live signals from the server. Ids that are not in the catalog are ignored. `trending` is part of popularity in all
   * modes; `friends` and `fresh` are used in hybrid mode only.
   */
  live?: LiveSignals;
  /** Seed of the Thompson sampling that fills the fresh slots: the same seed gives the same list. Default 0. */
  seed?: number;
}

/** Asks for items like one item. */
export interface SimilarRequest {
  /** The item that the list is about. */
  id: string;
  /** Items that the list leaves out, besides the item itself. */
  exclude?: string[];
  /** Rank only these items. */
  candidates?: string[];
  /** 1 … 1000. */
  topK: number;
  /** As in {@link RecommendRequest}; default 0. */
  diversity?: number;
  discovery?: number;
  withoutReasons?: boolean;
  live?: LiveSignals;
}

/** Asks which items to show a new user next in the quick pick. */
export interface AskRequest {
  /** The answers so far; a value of 0 means "don't know it". */
  answers: HistoryEntry[];
  /** Ids of interests from the manifest. */
  interests?: string[];
  /** Items not to ask about, besides those answered. */
  skip?: string[];
  count: number;
}

export interface ItemSummary {
  id: string;
  title: string;
  year: number | null;
  /** Directors, artists, publishers. */
  creators: string[];
  /** Values of the field that cards show: genres or categories, most specific first. */
  tags: string[];
  /** Ids in other catalogs, such as `{ imdb: 'tt0111161' }`. */
  external: Record<string, string>;
  /** Pages about the item, such as `{ imdb: 'https://…' }`. */
  links: Record<string, string>;
  /** Number of users in the training data who interacted with it. */
  popularity: number;
}

/** Why an item is in the list; computed from the model's own terms, largest share first. */
export type Reason =
  | {
      kind: 'history';
      id: string;
      title: string;
      /** Part of the personal score that comes from this item of the history, 0 … 1. */
      share: number;
      /** Content terms that both items have, the rarest first. */
      terms: string[];
      /** Set where most of its part comes from users who chose both items, and not from what the items are about. */
      together?: true;
    }
  | {
      kind: 'interest';
      id: string;
      label: string;
      /** Part of the personal score that comes from this interest, 0 … 1. */
      share: number;
      /** Content terms of the interest that the item has. */
      terms: string[];
    }
  | { kind: 'popular'; count: number }
  /** Trending now; `rank` 1 is the top item. */
  | { kind: 'trending'; rank: number }
  /** Liked by people whom the visitor follows; `names` may be fewer than `count`. */
  | { kind: 'friends'; names: string[]; count: number }
  /** Published since the catalog was built. Unix seconds. */
  | { kind: 'new'; publishedAt: number };

/** One term of the weighted sum: `contribution = weight × z`. */
export interface ScoreTerm {
  signal: ScoreSignal;
  weight: number;
  /** The signal's score in standard deviations above the mean of the catalog. */
  z: number;
  contribution: number;
}

export interface ScoredItem extends ItemSummary {
  /** The weighted sum of z-scores. Comparable within one response only. */
  score: number;
  terms: ScoreTerm[];
  reasons: Reason[];
  /**
   * `fresh`: sampled for a slot reserved for new items instead of chosen by its score. `popular`: about nothing that
   * the user named, since no more is known that is; such items are the last of a list.
   */
  slot?: 'fresh' | 'popular';
}

export interface RecommendResponse {
  domain: string;
  mode: Mode;
  /** The share of content among the personal signals that was used; 1 in content mode, 0 in collaborative mode. */
  alpha: number;
  /** True if the engine chose α itself. */
  alphaAuto: boolean;
  items: ScoredItem[];
  /** Ids of items and interests in the request that are not in the catalog. */
  unknown: string[];
  stats: {
    /** Number of items in the catalog that was searched. */
    itemsSearched: number;
    /** Number of candidates that were ranked. */
    candidates: number;
    /** Mean pairwise dissimilarity of the list's items, 0 … 1; only if `measureDiversity` was set. */
    diversity?: number;
    /** Number of candidates by the source that retrieved them first; absent if the request named the candidates. */
    sources?: Partial<Record<CandidateSource, number>>;
    /** Time spent in the engine. */
    milliseconds: number;
    index: 'hnsw' | 'exact' | 'none';
  };
}

export interface SearchHit extends ItemSummary {
  /** How it matched. */
  match: 'exact' | 'prefix' | 'fuzzy';
}

export interface SearchResponse {
  domain: string;
  query: string;
  hits: SearchHit[];
  stats: { itemsSearched: number; milliseconds: number };
}

export interface Interest {
  id: string;
  label: string;
}

/** Description of a loaded domain, from its manifest. */
export interface DomainInfo {
  id: string;
  label: string;
  item: { one: string; many: string };
  /** What users do with an item: "watch", "hear", "learn". */
  verb: string;
  /** The domain's word for the users of the training data: "viewers", "playlists", "learners". */
  users: string;
  itemCount: number;
  interests: Interest[];
  /** Hash of the manifest: changes with every new model or catalog. */
  version: string;
}

export interface LoadProgress {
  /** `ready`: can rank the head (items with interactions); `whole`: can rank and search all items. */
  stage: 'manifest' | 'download' | 'decode' | 'ready' | 'whole';
  /** Bytes received of those that the first response needs (`totalBytes`, from the manifest). */
  loadedBytes: number;
  totalBytes: number;
  /** True if every byte came from the device's cache. */
  fromCache: boolean;
}

export const DEFAULT_TOP_K = 20;
/** The page's diversity until the visitor moves the slider. It costs at most 2 % of NDCG@10; see docs/EVALUATION.md. */
export const DEFAULT_DIVERSITY = 0.2;
export const MAX_TOP_K = 1000;
export const MAX_HISTORY = 5000;
