import { TopK } from '../../math/top-k';
import { FIELD } from './columns';
import { byScore, CLOSE_LOOKS, type Hit, type SearchContext, TELLING_PREFIX } from './context';
import { withoutArticle } from './normalise';
import { COMPLETE, COMPLETE_BUT_LAST, type Span } from './posting-scan';
import { fitQuery, phraseAt, type Tier } from './query-fit';

export interface ExactHit extends Hit {
  tier: Tier;
  /** Good enough for edit distance not to be tried. */
  good: boolean;
  /** The query is this item's name to the letter, or its name begins with it: never outranked by a guess. */
  literal: boolean;
}

/** A way to read the query. */
interface Spelling {
  tokens: string[];
  open: boolean;
  penalty: number;
  /** Two tokens that must stand side by side: the parts of one word as typed. */
  parts: [string, string] | null;
}

/** Points for the most popular item of the catalog; others get less by the logarithm. */
const FAME_POINTS = 6;
/** Fame from which an item counts as well known: where the highest count is 1000, eight people. */
const WELL_KNOWN = 0.3;
const JOINED_PENALTY = 1;
const SPLIT_PENALTY = 1.5;
/** Words shorter than this are neither made nor pulled apart. */
const SHORTEST_RESPELT = 4;
/** One item of exactly that title comes first; others of the same title compete by popularity again. */
const NAMESAKE_PENALTY = 4;

/** Items that have every word of the query, or a word that begins so; also with words joined or split. */
export class ExactSearch {
  private readonly context: SearchContext;

  constructor(context: SearchContext) {
    this.context = context;
  }

  /** Best first. At least `limit` of them are ranked by their names, if so many match. */
  search(tokens: string[], open: boolean, limit: number): ExactHit[] {
    const looks = Math.min(this.context.source.size, Math.max(CLOSE_LOOKS, limit));
    const best = new Map<number, ExactHit>();
    const add = (spelling: Spelling): void => {
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
  private *joined(tokens: string[], open: boolean): Generator<Spelling> {
    for (let i = 0; i + 1 < tokens.length; i++) {
      const word = tokens[i] + tokens[i + 1];
      if (word.length < SHORTEST_RESPELT) continue;
      const growing = open && i + 2 === tokens.length && tokens[i + 1].length >= TELLING_PREFIX;
      const [from, to] = this.context.vocabulary.prefixRange(word);
      if (growing ? from < to : this.context.data.tokens[from] === word) {
        yield { tokens: tokens.toSpliced(i, 2, word), open, penalty: JOINED_PENALTY, parts: null };
      }
    }
  }

  /** "starwars" → "star wars", wherever both are words and stand side by side. */
  private *split(tokens: string[], open: boolean): Generator<Spelling> {
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
    return this.context.data.tokens[this.context.vocabulary.prefixRange(token)[0]] === token;
  }

  private searchSpelling({ tokens, open, penalty, parts }: Spelling, looks: number): ExactHit[] {
    const required = [...new Set(withoutArticle(tokens))];
    const last = tokens[tokens.length - 1];
    const spans = required.map((token, position): Span => {
      const growing = open && token === last;
      const byPrefix = growing || (token.length >= TELLING_PREFIX && !parts?.includes(token));
      return this.span(token, position === 0, growing, byPrefix);
    });
    const { scan, fame, titleLengths } = this.context;
    const count = scan.intersect(spans);
    const top = new TopK(looks);
    for (let i = 0; i < count; i++) {
      const row = scan.rows[i];
      top.push(row, FAME_POINTS * fame[row] + this.estimate(scan.masks[row], titleLengths[row] - required.length));
    }
    const hits: ExactHit[] = [];
    for (const row of top.drain()) {
      const names = this.context.names(row);
      if (parts && ![...names.titles, ...names.creators].some((name) => phraseAt(parts, name, false) >= 0)) continue;
      const mask = scan.masks[row];
      const fit = fitQuery(tokens, open, mask, names);
      const isComplete = (mask & COMPLETE) !== 0;
      const respelt = penalty > 0;
      hits.push({
        row,
        tier: fit.tier,
        match: respelt ? 'fuzzy' : isComplete ? 'exact' : 'prefix',
        score: fit.score + FAME_POINTS * fame[row] - penalty,
        good: this.isGood(fit.tier, mask, fame[row], required.length, last.length),
        literal: !respelt && (fit.tier === 'whole' || (fit.tier === 'start' && isComplete)),
      });
    }
    return hits;
  }

  private span(token: string, leads: boolean, open: boolean, byPrefix: boolean): Span {
    const { offsets, tokens } = this.context.data;
    const [first, end] = this.context.vocabulary.prefixRange(token);
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
  private isGood(tier: Tier, mask: number, fame: number, words: number, lastLength: number): boolean {
    const isKnown = fame >= WELL_KNOWN || !this.context.hasFame;
    const isComplete = (mask & COMPLETE) !== 0;
    if (tier === 'whole' || tier === 'start') return isKnown || (isComplete && words > 1);
    if (tier === 'phrase' || tier === 'title') return isKnown;
    return isKnown && (isComplete || ((mask & COMPLETE_BUT_LAST) !== 0 && lastLength >= TELLING_PREFIX));
  }
}
