import type { LiveSignals } from './live-signals';

/** What every caller of the engine sees: the page through the worker, the API and the command line. */

export const MODES = ['hybrid', 'content', 'collaborative', 'popular'] as const;
export type Mode = (typeof MODES)[number];

/** The signals that a score is made of. `interests` and `history` are evidence, not signals. */
export const SIGNALS = ['content', 'latent', 'neighbours', 'popular'] as const;
export type Signal = (typeof SIGNALS)[number];

/** What a score may be made of: the signals, and what friends liked, which no model is trained on. */
export type ScoreSignal = Signal | 'social';

/** What put an item among the candidates: a signal, being new, or that there was room left. */
export type CandidateSource = ScoreSignal | 'fresh' | 'fill';

/** One thing a person said about one item. `value` 1 is a like, -1 a dislike; fractions are weaker. */
export interface HistoryEntry {
  id: string;
  /** In [-1, 1]; 1 when absent. */
  value?: number;
  /** Unix seconds; later entries may count for more. */
  timestamp?: number;
}

export interface RecommendRequest {
  mode: Mode;
  history: HistoryEntry[];
  /** Ids of interests from the manifest; they fade as likes accumulate. */
  interests?: string[];
  /** Items never to return (hidden or blocked), besides those of the history. */
  hidden?: string[];
  /** Rank only these items, those of the history too, but none that is hidden. */
  candidates?: string[];
  /** 1 … 1000. */
  topK: number;
  /** Share of the content signal among the personal ones in hybrid mode, 0 … 1; absent: what the gate says. */
  alpha?: number;
  /** 0 (pure relevance) … 1; the λ of MMR is 1 − diversity. */
  diversity?: number;
  /** Tell how varied the list is. */
  measureDiversity?: boolean;
  /** Leave the reasons out (they cost a little time): for batch use. */
  withoutReasons?: boolean;
  /**
   * What one device cannot know; ids that the catalog does not hold are passed over. `trending` is part of popularity in
   * every mode; `friends` and `fresh` have a part in hybrid mode.
   */
  live?: LiveSignals;
  /** Of the draw that fills the fresh slots: the same seed gives the same list. 0 when absent. */
  seed?: number;
}

/** Which items to ask a newcomer about next. */
export interface AskRequest {
  /** What was answered so far; a value of 0 is "don't know it". */
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
  /** The shown tags: genres or categories, most telling first. */
  tags: string[];
  /** Other names of the same thing, as `{ imdb: 'tt0111161' }`. */
  external: Record<string, string>;
  /** Where to read on, as `{ imdb: 'https://…' }`. */
  links: Record<string, string>;
  /** How many users of the training data chose it. */
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
      /** Content terms that both items have. */
      terms: string[];
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
  /** Much liked lately; `rank` 1 is the most. */
  | { kind: 'trending'; rank: number }
  /** People whom the visitor follows liked it; `names` may be fewer than `count`. */
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
  /** The weighted sum of z-scores. Comparable inside one answer only. */
  score: number;
  terms: ScoreTerm[];
  reasons: Reason[];
  /** `fresh`: drawn for a place that is kept for new items, and not by its score. */
  slot?: 'fresh';
}

export interface RecommendResponse {
  domain: string;
  mode: Mode;
  /** The share of content among the personal signals in force; 1 in content mode, 0 in collaborative mode. */
  alpha: number;
  /** True where the engine chose α itself. */
  alphaAuto: boolean;
  items: ScoredItem[];
  /** Ids of items and interests in the request that the catalog does not hold. */
  unknown: string[];
  stats: {
    /** Size of the catalog that was searched. */
    itemsSearched: number;
    /** How many items the list was chosen from. */
    candidates: number;
    /** The mean dissimilarity of the list's items in pairs, 0 … 1; where it was asked for. */
    diversity?: number;
    /** How many items of the pool each source put there first; none where the request named the candidates. */
    sources?: Partial<Record<CandidateSource, number>>;
    /** Time in the engine. */
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

/** What a loaded domain says of itself. */
export interface DomainInfo {
  id: string;
  label: string;
  item: { one: string; many: string };
  /** What one does with an item: "watch", "hear", "learn". */
  verb: string;
  /** What a user of the training data is called: "viewers", "playlists", "learners". */
  users: string;
  itemCount: number;
  interests: Interest[];
  /** Hash of the manifest: changes whenever a model or the catalog does. */
  version: string;
}

export interface LoadProgress {
  /** `ready`: answers over the items that anyone chose; `whole`: over all of them, and search. */
  stage: 'manifest' | 'download' | 'decode' | 'ready' | 'whole';
  /** Bytes over the wire that the first answer needs, by the manifest's own counts. */
  loadedBytes: number;
  totalBytes: number;
  /** True where every byte came from the cache of this device. */
  fromCache: boolean;
}

export const DEFAULT_TOP_K = 20;
/** Of the page, where nobody moves the slider: it may give up at most 2 % of NDCG@10, as docs/EVALUATION.md shows. */
export const DEFAULT_DIVERSITY = 0.2;
export const MAX_TOP_K = 1000;
export const MAX_HISTORY = 5000;
