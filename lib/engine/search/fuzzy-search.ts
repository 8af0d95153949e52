import Fuse, { type IFuseOptions } from 'fuse.js/basic';
import { TopK } from '../../math/top-k';
import { byScore, CLOSE_LOOKS, type Hit, type SearchContext, TELLING_PREFIX } from './context';
import type { Evidence } from './posting-scan';
import { MAX_EDITS } from './vocabulary';

/** Points for the most popular item of the catalog; others get less by the logarithm. */
const FAME_POINTS = 4;
/** Points for the share of a title's words that the query has. */
const COVER_POINTS = 2;
/** Points for a perfect score by Fuse. */
const FUSE_POINTS = 12;
/** Items with less than this share of the best item's evidence are dropped. */
const LEAST_EVIDENCE = 0.5;
/** Words in more items than this, or than this share of a large catalog, are taken as spelt right. */
const EVERYDAY_ITEMS = 50;
const EVERYDAY_SHARE = 0.02;

const FUSE_OPTIONS: IFuseOptions<string> = {
  includeScore: true,
  shouldSort: false,
  // Length is judged by the share of the title covered.
  ignoreFieldNorm: true,
  threshold: 0.5,
  // A match 200 letters in scores as if nothing matched; one at the beginning scores best.
  distance: 200,
};

/**
 * Items that have something like the words of the query. Each word is widened to those of the vocabulary within
 * one edit (3 to 5 letters) or two (from 6), the last also to words that begin so. Fuse ranks the few items
 * with most evidence, together with that evidence and their popularity.
 */
export class FuzzySearch {
  private readonly context: SearchContext;
  private readonly whole: FuzzySearch | undefined;

  /** @param whole of a larger index, which tells how rare words are, where this one is too small to know */
  constructor(context: SearchContext, whole?: FuzzySearch) {
    this.context = context;
    this.whole = whole;
  }

  /** Best first, at most {@link CLOSE_LOOKS}. */
  search(tokens: string[], open: boolean): Hit[] {
    const { scan, fame, titleLengths } = this.context;
    const last = tokens[tokens.length - 1];
    const widened = [...new Set(tokens)].map((token) => this.widen(token, open && token === last));
    const count = scan.accumulate(widened);
    let most = 0;
    for (let i = 0; i < count; i++) most = Math.max(most, scan.evidence[scan.rows[i]]);
    const points = (row: number): number => {
      const cover = titleLengths[row] > 0 ? Math.min(1, scan.inTitle[row] / titleLengths[row]) : 0;
      return scan.evidence[row] + COVER_POINTS * cover + FAME_POINTS * fame[row];
    };
    const top = new TopK(CLOSE_LOOKS);
    for (let i = 0; i < count; i++) {
      const row = scan.rows[i];
      if (scan.evidence[row] >= LEAST_EVIDENCE * most) top.push(row, points(row));
    }
    const rows = top.drain();
    const likeness = this.rateWithFuse(tokens.join(' '), rows);
    return Array.from(
      rows,
      (row, i): Hit => ({ row, match: 'fuzzy', score: points(row) + FUSE_POINTS * likeness[i] }),
    ).sort(byScore);
  }

  /**
   * The words that may be meant by a token, in classes: itself, those it begins, those one edit away, those
   * that begin with something one edit away, and so on. Finding a row by some class is worth the logarithm of
   * how few rows that class and closer ones reach: much for a rare word nearly right, little for "the".
   */
  private widen(token: string, growing: boolean): Evidence {
    const { vocabulary, source, data } = this.context;
    const { tokens, offsets } = data;
    const classes: number[][] = Array.from({ length: 2 * MAX_EDITS + 2 }, () => []);
    const [first, end] = vocabulary.prefixRange(token);
    for (let t = first; t < end; t++) {
      const more = tokens[t].length - token.length;
      if (more === 0) classes[0].push(t);
      else if (growing) classes[1].push(t);
      else if (token.length >= TELLING_PREFIX) classes[Math.min(2 * more, 3)].push(t);
    }
    const timesUsed = tokens[first] === token ? offsets[first + 1] - offsets[first] : 0;
    const isEveryday = timesUsed > Math.max(EVERYDAY_ITEMS, EVERYDAY_SHARE * source.size);
    const bound = isEveryday ? 0 : editBound(token);
    if (bound > 0) {
      vocabulary.searchFuzzy(token, bound, growing);
      for (let m = 0; m < vocabulary.matchCount; m++) {
        const t = vocabulary.matches[m];
        if (t >= first && t < end) continue;
        const whole = 2 * vocabulary.distances[m];
        classes[growing ? Math.min(whole, 2 * vocabulary.prefixDistances[m] + 1) : whole].push(t);
      }
    }
    let postings = 0;
    const weights = classes.map((members) => {
      for (const t of members) postings += offsets[t + 1] - offsets[t];
      return Math.log(1 + source.size / (1 + postings));
    });
    return { classes, weights: this.whole?.widen(token, growing).weights ?? weights, postings };
  }

  /**
   * How like the query Fuse finds each row, 0 … 1: the best over the row's titles, each followed by creators
   * and year.
   */
  private rateWithFuse(pattern: string, rows: Uint32Array): Float64Array {
    const texts: string[] = [];
    const owners: number[] = [];
    for (const [i, row] of rows.entries()) {
      const { titles, creators } = this.context.names(row);
      const rest = [...creators.flat(), this.context.source.year(row) ?? ''].join(' ');
      for (const title of titles) {
        texts.push(`${title.join(' ')} ${rest}`);
        owners.push(i);
      }
    }
    const likeness = new Float64Array(rows.length);
    for (const { refIndex, score = 1 } of new Fuse(texts, FUSE_OPTIONS).search(pattern)) {
      likeness[owners[refIndex]] = Math.max(likeness[owners[refIndex]], 1 - score);
    }
    return likeness;
  }
}

/** How many edits a token may be off: none under 3 letters or in a number, where any edit makes another. */
function editBound(token: string): number {
  if (token.length < 3 || /^\p{N}+$/u.test(token)) return 0;
  return token.length < 6 ? 1 : MAX_EDITS;
}
