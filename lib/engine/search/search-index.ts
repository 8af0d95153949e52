import Fuse, { type IFuseOptions } from 'fuse.js';
import { FIELD, type SearchData } from './build';
import { parseQuery, tokenize, withoutArticle } from './normalise';
import { COMPLETE, COMPLETE_BUT_LAST, type Evidence, PostingScan, type Span } from './posting-scan';
import { fitQuery, type ItemNames, phraseAt, type Tier } from './query-fit';
import { TopRows } from './top-rows';
import { MAX_EDITS, Vocabulary } from './vocabulary';

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
}

export interface SearchMatch {
  row: number;
  /** `exact`: every word is there; `prefix`: some only begin like it; `fuzzy`: spelt or spaced differently. */
  match: 'exact' | 'prefix' | 'fuzzy';
}

interface Hit extends SearchMatch {
  score: number;
}

interface ExactHit extends Hit {
  tier: Tier;
  /** Good enough for edit distance not to be tried. */
  good: boolean;
  /** The query is this item's name to the letter, or its name begins with it: never outranked by a guess. */
  literal: boolean;
}

/** A query read in another way: words run together or pulled apart. */
interface Respelling {
  tokens: string[];
  open: boolean;
  penalty: number;
  /** Tokens that must stand side by side, the two parts of one word as typed. */
  parts: [string, string] | null;
}

/** How many matches are looked at closely: at least this many, or as many as are asked for. */
const CLOSE_LOOKS = 64;
/** Points for the most popular item of the catalog; others get less by the logarithm. */
const FAME_EXACT = 6;
const FAME_FUZZY = 4;
/** Share of the logarithm of the highest count from which an item counts as well known: for 1000, seven people. */
const WELL_KNOWN = 0.3;
/** Prefixes shorter than this say little, so earlier words of a query and weak matches need more. */
const TELLING_PREFIX = 3;
const JOINED_PENALTY = 1;
const SPLIT_PENALTY = 1.5;
const SHORTEST_RESPELT = 4;
/** One item of exactly that title comes first; others of the same title compete by popularity again. */
const NAMESAKE_PENALTY = 3;

/** Points for the share of a title's words that the query has. */
const COVER_FUZZY = 2;
/** Points for a perfect score by Fuse. */
const FUSE_POINTS = 12;
/** Items with less than this share of the best item's evidence are dropped. */
const LEAST_EVIDENCE = 0.5;
/** Words in more than this share of items are taken as spelt right. */
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
 * Search as you type over titles, creators and years.
 *
 * Words match whole or by their beginning, through an inverted index. Where that finds nothing good, each
 * word is widened to those of the vocabulary within one edit (3 to 5 letters) or two (from 6), the last also to
 * those that begin so; the 64 items with most evidence are ranked by Fuse and popularity.
 *
 * Not to be shared between threads; a search runs to its end before the next begins.
 */
export class SearchIndex {
  private readonly data: SearchData;
  private readonly source: SearchSource;
  private readonly vocabulary: Vocabulary;
  private readonly scan: PostingScan;
  /** Distinct words in the title, by row. */
  private readonly titleLengths: Uint8Array;
  /** Popularity by row: log(1 + count) over that of the most popular, 0 … 1. */
  private readonly fame: Float32Array;
  /** {@link WELL_KNOWN}, or 0 for a catalog of which nothing is known. */
  private readonly wellKnown: number;

  constructor(data: SearchData, source: SearchSource) {
    this.data = data;
    this.source = source;
    this.vocabulary = new Vocabulary(data.tokens);
    this.scan = new PostingScan(data, source.size);
    this.titleLengths = new Uint8Array(source.size);
    for (let p = 0; p < data.rows.length; p++) {
      if (data.fields[p] & FIELD.title && this.titleLengths[data.rows[p]] < 255) this.titleLengths[data.rows[p]]++;
    }
    this.fame = new Float32Array(source.size);
    let highest = 0;
    for (let row = 0; row < source.size; row++) {
      this.fame[row] = Math.log1p(source.popularity(row));
      highest = Math.max(highest, this.fame[row]);
    }
    if (highest > 0) for (let row = 0; row < source.size; row++) this.fame[row] /= highest;
    this.wellKnown = highest > 0 ? WELL_KNOWN : 0;
  }

  /** The best matches, best first, at most `limit`. An empty query finds nothing. */
  search(text: string, limit: number): SearchMatch[] {
    const { tokens, open } = parseQuery(text);
    if (tokens.length === 0 || !(limit >= 1)) return [];
    const exact = this.searchExact(tokens, open, Math.max(CLOSE_LOOKS, Math.floor(limit)));
    // Rows enter in order of rank; a row that is there already keeps its place.
    const ranked = new Map<number, SearchMatch['match']>();
    if (!exact.some((hit) => hit.good)) {
      const spelt = new Map(exact.map((hit) => [hit.row, hit.match]));
      for (const hit of exact) if (hit.literal) ranked.set(hit.row, hit.match);
      for (const { row } of this.searchFuzzy(tokens, open)) {
        if (!ranked.has(row)) ranked.set(row, spelt.get(row) ?? 'fuzzy');
      }
    }
    for (const hit of exact) if (!ranked.has(hit.row)) ranked.set(hit.row, hit.match);
    return Array.from(ranked, ([row, match]) => ({ row, match })).slice(0, limit);
  }

  /** Whole words and beginnings, as typed and respelt, best first. */
  private searchExact(tokens: string[], open: boolean, looks: number): ExactHit[] {
    const best = new Map<number, ExactHit>();
    const add = (spelling: Respelling): void => {
      for (const hit of this.searchSpelling(spelling, looks)) {
        const known = best.get(hit.row);
        if (!known || hit.score > known.score) best.set(hit.row, hit);
      }
    };
    add({ tokens, open, penalty: 0, parts: null });
    for (const spelling of this.joined(tokens, open)) add(spelling);
    const isSettled = [...best.values()].some((hit) => hit.good && hit.match === 'exact');
    if (!isSettled) for (const spelling of this.split(tokens, open)) add(spelling);
    const hits = [...best.values()].sort(byScore);
    for (const namesake of hits.filter((hit) => hit.tier === 'whole').slice(1)) namesake.score -= NAMESAKE_PENALTY;
    return hits.sort(byScore);
  }

  /** "god father" → "godfather", wherever that is a word. */
  private *joined(tokens: string[], open: boolean): Generator<Respelling> {
    for (let i = 0; i + 1 < tokens.length; i++) {
      const word = tokens[i] + tokens[i + 1];
      if (word.length < SHORTEST_RESPELT) continue;
      const growing = open && i + 2 === tokens.length && tokens[i + 1].length >= TELLING_PREFIX;
      const [from, to] = this.vocabulary.prefixRange(word);
      if (growing ? from < to : this.data.tokens[from] === word) {
        yield { tokens: tokens.toSpliced(i, 2, word), open, penalty: JOINED_PENALTY, parts: null };
      }
    }
  }

  /** "starwars" → "star wars", wherever both are words and stand side by side. */
  private *split(tokens: string[], open: boolean): Generator<Respelling> {
    for (const [i, token] of tokens.entries()) {
      if (token.length < SHORTEST_RESPELT) continue;
      for (let cut = 1; cut < token.length; cut++) {
        const parts: [string, string] = [token.slice(0, cut), token.slice(cut)];
        if (!parts.every((part) => this.isWord(part))) continue;
        const isLast = i === tokens.length - 1;
        yield { tokens: tokens.toSpliced(i, 1, ...parts), open: open && !isLast, penalty: SPLIT_PENALTY, parts };
      }
    }
  }

  private isWord(token: string): boolean {
    return this.data.tokens[this.vocabulary.prefixRange(token)[0]] === token;
  }

  private searchSpelling({ tokens, open, penalty, parts }: Respelling, looks: number): ExactHit[] {
    const required = [...new Set(withoutArticle(tokens))];
    const last = tokens[tokens.length - 1];
    const spans = required.map((token, position): Span => {
      const growing = open && token === last;
      const byPrefix = growing || (token.length >= TELLING_PREFIX && !parts?.includes(token));
      return this.span(token, position === 0, growing, byPrefix);
    });
    const { scan, fame } = this;
    const count = scan.intersect(spans);
    const top = new TopRows(looks);
    for (let i = 0; i < count; i++) {
      const row = scan.rows[i];
      top.add(row, FAME_EXACT * fame[row] + this.estimate(scan.masks[row], this.titleLengths[row] - required.length));
    }
    const hits: ExactHit[] = [];
    for (const row of top.drain()) {
      const names = this.names(row);
      if (parts && ![...names.titles, ...names.creators].some((name) => phraseAt(parts, name, false) >= 0)) continue;
      const mask = scan.masks[row];
      const fit = fitQuery(tokens, open, mask, names);
      const isComplete = (mask & COMPLETE) !== 0;
      const respelt = penalty > 0;
      hits.push({
        row,
        tier: fit.tier,
        match: respelt ? 'fuzzy' : isComplete ? 'exact' : 'prefix',
        score: fit.score + FAME_EXACT * fame[row] - penalty,
        good: this.isGood(fit.tier, mask, fame[row], required),
        literal: !respelt && (fit.tier === 'whole' || (fit.tier === 'start' && isComplete)),
      });
    }
    return hits;
  }

  private span(token: string, leads: boolean, open: boolean, byPrefix: boolean): Span {
    const { offsets, tokens } = this.data;
    const [first, end] = this.vocabulary.prefixRange(token);
    const from = offsets[first];
    const wholeTo = tokens[first] === token ? offsets[first + 1] : from;
    return { from, wholeTo, to: byPrefix ? offsets[end] : wholeTo, leads, open };
  }

  /** What {@link fitQuery} will say, guessed from the postings alone. */
  private estimate(mask: number, wordsLeft: number): number {
    const complete = mask & COMPLETE ? 1 : 0;
    if (mask & (FIELD.title | FIELD.aka)) {
      // All words of the title are in the query, or all but an article.
      if ((mask >> 8) & FIELD.title && wordsLeft <= 1) return wordsLeft <= 0 ? 12 : 8;
      return (mask & FIELD.start ? 4 : 1) + complete;
    }
    return (mask & FIELD.creators ? 1 : 0) + complete;
  }

  /**
   * Whether a match tells what was meant. A title does if the item is well known or two words agree to the
   * letter. Elsewhere chance matches abound (some unknown may be called Matrx), so it must be a well-known
   * item and all words whole, save that the last may be a telling beginning.
   */
  private isGood(tier: Tier, mask: number, fame: number, words: string[]): boolean {
    const isKnown = fame >= this.wellKnown;
    const isComplete = (mask & COMPLETE) !== 0;
    if (tier === 'whole' || tier === 'start') return isKnown || (isComplete && words.length > 1);
    if (tier === 'phrase' || tier === 'title') return isKnown;
    const telling = (mask & COMPLETE_BUT_LAST) !== 0 && words[words.length - 1].length >= TELLING_PREFIX;
    return isKnown && (isComplete || telling);
  }

  /** By edit distance, best first. */
  private searchFuzzy(tokens: string[], open: boolean): Hit[] {
    const { scan, fame, titleLengths } = this;
    const last = tokens[tokens.length - 1];
    const widened = [...new Set(tokens)].map((token) => this.widen(token, open && token === last));
    const count = scan.accumulate(widened);
    let most = 0;
    for (let i = 0; i < count; i++) most = Math.max(most, scan.evidence[scan.rows[i]]);
    const points = (row: number): number => {
      const cover = titleLengths[row] > 0 ? Math.min(1, scan.inTitle[row] / titleLengths[row]) : 0;
      return scan.evidence[row] + COVER_FUZZY * cover + FAME_FUZZY * fame[row];
    };
    const top = new TopRows(CLOSE_LOOKS);
    for (let i = 0; i < count; i++) {
      const row = scan.rows[i];
      if (scan.evidence[row] >= LEAST_EVIDENCE * most) top.add(row, points(row));
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
    const { vocabulary, source } = this;
    const { tokens, offsets } = this.data;
    const classes: number[][] = Array.from({ length: 2 * MAX_EDITS + 2 }, () => []);
    const [first, end] = vocabulary.prefixRange(token);
    for (let t = first; t < end; t++) {
      const more = tokens[t].length - token.length;
      if (more === 0) classes[0].push(t);
      else if (growing) classes[1].push(t);
      else if (token.length >= TELLING_PREFIX) classes[Math.min(2 * more, 3)].push(t);
    }
    const timesUsed = tokens[first] === token ? offsets[first + 1] - offsets[first] : 0;
    const bound = timesUsed > EVERYDAY_SHARE * source.size ? 0 : editBound(token);
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
    return { classes, weights, postings };
  }

  /**
   * How like the query Fuse finds each row, 0 … 1: the best over the row's titles, each followed by creators
   * and year.
   */
  private rateWithFuse(pattern: string, rows: Uint32Array): Float64Array {
    const texts: string[] = [];
    const owners: number[] = [];
    for (const [i, row] of rows.entries()) {
      const { titles, creators } = this.names(row);
      const rest = [...creators.flat(), this.source.year(row) ?? ''].join(' ');
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

  private names(row: number): ItemNames {
    const { source } = this;
    return {
      titles: [source.title(row), ...source.aka(row)].map(tokenize),
      creators: source.creators(row).map(tokenize),
    };
  }
}

/** How many edits a token may be off: none under 3 letters or in a number, where any edit makes another. */
function editBound(token: string): number {
  if (token.length < 3 || /^\p{N}+$/u.test(token)) return 0;
  return token.length < 6 ? 1 : MAX_EDITS;
}

/** Best first; the more popular row, which is the lower one, first among equals. */
function byScore(a: Hit, b: Hit): number {
  return b.score - a.score || a.row - b.row;
}
