import { FIELD, type SearchColumns } from './columns';
import { tokenize } from './normalise';
import { PostingScan } from './posting-scan';
import { Vocabulary } from './vocabulary';

/** The items as the index needs to see them, by row: 0 … size − 1. */
export interface SearchSource {
  size: number;
  title(row: number): string;
  /** Other names of the item. */
  aka(row: number): string[];
  creators(row: number): string[];
  year(row: number): number | null;
  /** How many people chose it. */
  popularity(row: number): number;
  /** How many people chose the best-known item, where it is not among these. */
  mostPopular?: number;
}

export interface SearchMatch {
  row: number;
  /** `exact`: every word is there; `prefix`: some only begin like it; `fuzzy`: spelt or spaced differently. */
  match: 'exact' | 'prefix' | 'fuzzy';
}

export interface Hit extends SearchMatch {
  score: number;
}

/** Best first; the more popular row, which is the lower one, first among equals. */
export function byScore(a: Hit, b: Hit): number {
  return b.score - a.score || a.row - b.row;
}

/** Tokens of an item's names. */
export interface ItemNames {
  /** The title, then other names. */
  titles: string[][];
  creators: string[][];
}

/** How many matches are looked at closely, by their names and not by their postings alone. */
export const CLOSE_LOOKS = 64;
/** Beginnings shorter than this say little. */
export const TELLING_PREFIX = 3;

/** What exact and fuzzy search share: the index, its buffers, and what is known of each row. */
export class SearchContext {
  readonly data: SearchColumns;
  readonly source: SearchSource;
  readonly vocabulary: Vocabulary;
  readonly scan: PostingScan;
  /** Distinct words in the title, by row; 255 stands for more. */
  readonly titleLengths: Uint8Array;
  /** Popularity by row: log(1 + count) over that of the most popular, 0 … 1; all 0 where nothing was ever chosen. */
  readonly fame: Float32Array;
  /** Whether any item was ever chosen. */
  readonly hasFame: boolean;

  constructor(data: SearchColumns, source: SearchSource) {
    this.data = data;
    this.source = source;
    this.vocabulary = new Vocabulary(data.tokens);
    this.scan = new PostingScan(data, source.size);
    this.titleLengths = new Uint8Array(source.size);
    for (let p = 0; p < data.rows.length; p++) {
      if (data.fields[p] & FIELD.title && this.titleLengths[data.rows[p]] < 255) this.titleLengths[data.rows[p]]++;
    }
    this.fame = new Float32Array(source.size);
    let highest = Math.log1p(source.mostPopular ?? 0);
    for (let row = 0; row < source.size; row++) {
      this.fame[row] = Math.log1p(source.popularity(row));
      highest = Math.max(highest, this.fame[row]);
    }
    this.hasFame = highest > 0;
    if (this.hasFame) for (let row = 0; row < source.size; row++) this.fame[row] /= highest;
  }

  names(row: number): ItemNames {
    const { source } = this;
    return {
      titles: [source.title(row), ...source.aka(row)].map(tokenize),
      creators: source.creators(row).map(tokenize),
    };
  }
}
