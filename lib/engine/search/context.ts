import { FIELD, type SearchColumns } from './columns';
import { tokenize } from './normalise';
import { PostingScan } from './posting-scan';
import { Vocabulary } from './vocabulary';

/** Access to the indexed items by row, 0 … size − 1. */
export interface SearchSource {
  size: number;
  title(row: number): string;
  /** Alternative titles. */
  aka(row: number): string[];
  creators(row: number): string[];
  year(row: number): number | null;
  /** Number of users that interacted with the item. */
  popularity(row: number): number;
  /** Popularity of the most popular item, if that is not in this index. */
  maxPopularity?: number;
}

export interface SearchMatch {
  row: number;
  /** `exact`: every word matches; `prefix`: some match as a prefix; `fuzzy`: spelling or spaces differ. */
  match: 'exact' | 'prefix' | 'fuzzy';
}

export interface Hit extends SearchMatch {
  score: number;
}

/** Sorts by falling score, ties by row, lower and so more popular rows first. */
export function byScore(a: Hit, b: Hit): number {
  return b.score - a.score || a.row - b.row;
}

/** Tokens of an item's names. */
export interface ItemNames {
  /** Of the title, then of alternative titles. */
  titles: string[][];
  creators: string[][];
}

/** Number of matches that are ranked by their names, not by their postings alone. */
export const MAX_CLOSE_MATCHES = 64;
/** Points of the most popular item in exact search; others get less, by the logarithm of their popularity. */
export const POPULARITY_POINTS = 6;
/** Popularity of well-known items: 8 users if the most popular item has 1000. */
const MIN_WELL_KNOWN = 0.3;
/** Shorter prefixes match too many words to be useful. */
export const MIN_PREFIX_LENGTH = 3;

/** State shared by exact and fuzzy search: the index, its buffers, and features of each row. */
export class SearchContext {
  readonly data: SearchColumns;
  readonly source: SearchSource;
  readonly vocabulary: Vocabulary;
  readonly scan: PostingScan;
  /** Number of distinct words in the title by row, at most 255. */
  readonly titleLengths: Uint8Array;
  /** Popularity by row: log(1 + count) divided by its maximum, 0 … 1; all 0 without interactions. */
  readonly popularity: Float32Array;
  /** Whether any item has interactions. */
  readonly hasPopularity: boolean;

  constructor(data: SearchColumns, source: SearchSource) {
    this.data = data;
    this.source = source;
    this.vocabulary = new Vocabulary(data.tokens);
    this.scan = new PostingScan(data, source.size);
    this.titleLengths = new Uint8Array(source.size);
    for (let p = 0; p < data.rows.length; p++) {
      if (data.fields[p] & FIELD.title && this.titleLengths[data.rows[p]] < 255) this.titleLengths[data.rows[p]]++;
    }
    this.popularity = new Float32Array(source.size);
    let highest = Math.log1p(source.maxPopularity ?? 0);
    for (let row = 0; row < source.size; row++) {
      this.popularity[row] = Math.log1p(source.popularity(row));
      highest = Math.max(highest, this.popularity[row]);
    }
    this.hasPopularity = highest > 0;
    if (this.hasPopularity) for (let row = 0; row < source.size; row++) this.popularity[row] /= highest;
  }

  /** Whether so many people know an item that it is probably meant; where nothing is known of that, every item is. */
  isWellKnown(row: number): boolean {
    return this.popularity[row] >= MIN_WELL_KNOWN || !this.hasPopularity;
  }

  names(row: number): ItemNames {
    const { source } = this;
    return {
      titles: [source.title(row), ...source.aka(row)].map(tokenize),
      creators: source.creators(row).map(tokenize),
    };
  }
}
