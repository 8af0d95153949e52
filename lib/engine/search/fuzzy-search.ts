import Fuse, { type IFuseOptions } from 'fuse.js/basic';
import { TopK } from '../../math/top-k';
import { byScore, type Hit, MAX_CLOSE_MATCHES, MIN_PREFIX_LENGTH, type SearchContext } from './context';
import { isWordCharacter } from './normalise';
import type { Evidence } from './posting-scan';
import { MAX_EDITS } from './vocabulary';

/** Points of the most popular item; others get less, by the logarithm of their popularity. */
const POPULARITY_POINTS = 4;
/** Times the share of a title's words that the query covers. */
const COVER_POINTS = 2;
/** Points of a perfect score of Fuse. */
const FUSE_POINTS = 12;
/** Items with less than this share of the best item's evidence are dropped. */
const MIN_EVIDENCE = 0.5;
/** Of the evidence that a query could have at most, an item has this share, or it has nothing to do with the query. */
const MIN_SHARE_OF_POSSIBLE = 0.35;
/** Words in more items than this, or than this share of a large catalog, count as spelled correctly. */
const COMMON_WORD_ITEMS = 50;
const COMMON_WORD_SHARE = 0.02;

const FUSE_OPTIONS: IFuseOptions<string> = {
  includeScore: true,
  shouldSort: false,
  // The share of the title that the query covers accounts for length.
  ignoreFieldNorm: true,
  threshold: 0.5,
  // A match at the beginning scores best, one after 200 letters like no match.
  distance: 200,
};

/**
 * Finds items with words similar to those of the query. Each word is widened to the words of the vocabulary within one
 * edit (3 to 5 letters) or two edits (6 letters or more), the last one also to words with such a prefix. The items with
 * most evidence are ranked by that evidence, their popularity, and the score of Fuse.
 */
export class FuzzySearch {
  private readonly context: SearchContext;
  private readonly whole: FuzzySearch | undefined;

  /** @param whole the search of a larger index, whose word frequencies to use if this index is too small for its own */
  constructor(context: SearchContext, whole?: FuzzySearch) {
    this.context = context;
    this.whole = whole;
  }

  /** @returns hits, best first, at most {@link MAX_CLOSE_MATCHES} */
  search(tokens: string[], open: boolean): Hit[] {
    const { scan, popularity, titleLengths } = this.context;
    // Half of a name in such characters is another name.
    if (tokens.some(isWordCharacter)) return [];
    const last = tokens[tokens.length - 1];
    const widened = [...new Set(tokens)].map((token) => this.widen(token, open && token === last));
    const possible = widened.reduce((sum, { weights }) => sum + weights[0], 0);
    const count = scan.accumulate(widened);
    let highest = 0;
    for (let i = 0; i < count; i++) highest = Math.max(highest, scan.evidence[scan.rows[i]]);
    const least = Math.max(MIN_EVIDENCE * highest, MIN_SHARE_OF_POSSIBLE * possible);
    const points = (row: number): number => {
      const cover = titleLengths[row] > 0 ? Math.min(1, scan.inTitle[row] / titleLengths[row]) : 0;
      return scan.evidence[row] + COVER_POINTS * cover + POPULARITY_POINTS * popularity[row];
    };
    const top = new TopK(MAX_CLOSE_MATCHES);
    for (let i = 0; i < count; i++) {
      const row = scan.rows[i];
      if (scan.evidence[row] >= least) top.push(row, points(row));
    }
    const rows = top.drain();
    const similarity = this.rateWithFuse(tokens.join(' '), rows);
    return Array.from(
      rows,
      (row, i): Hit => ({ row, match: 'fuzzy', score: points(row) + FUSE_POINTS * similarity[i] }),
    ).sort(byScore);
  }

  /**
   * Widens a token to classes of similar words: itself, words it is a prefix of, words one edit away, words with a
   * prefix one edit away, and so on. The weight of a class is the logarithm of the inverse share of rows that it and
   * closer classes find: high for a rare word with a typo, low for "the".
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
      else if (token.length >= MIN_PREFIX_LENGTH) classes[Math.min(2 * more, 3)].push(t);
    }
    const timesUsed = tokens[first] === token ? offsets[first + 1] - offsets[first] : 0;
    const isCommon = timesUsed > Math.max(COMMON_WORD_ITEMS, COMMON_WORD_SHARE * source.size);
    const bound = isCommon ? 0 : editBound(token);
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
   * @returns similarity of each row to the query by Fuse, 0 … 1: the maximum over the row's titles, each followed by
   *   creators and year
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
    const similarity = new Float64Array(rows.length);
    for (const { refIndex, score = 1 } of new Fuse(texts, FUSE_OPTIONS).search(pattern)) {
      similarity[owners[refIndex]] = Math.max(similarity[owners[refIndex]], 1 - score);
    }
    return similarity;
  }
}

/**
 * @returns maximum number of edits; none for tokens under 3 letters, or for numbers, where an edit makes another number
 */
function editBound(token: string): number {
  if (token.length < 3 || /^\p{N}+$/u.test(token)) return 0;
  return token.length < 6 ? 1 : MAX_EDITS;
}
