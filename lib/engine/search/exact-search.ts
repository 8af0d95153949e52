import { TopK } from '../../math/top-k';
import { FIELD } from './columns';
import {
  byScore,
  type Hit,
  MAX_CLOSE_MATCHES,
  MIN_PREFIX_LENGTH,
  POPULARITY_POINTS,
  type SearchContext,
} from './context';
import { withoutArticle } from './normalise';
import { COMPLETE, COMPLETE_BUT_LAST, type Span } from './posting-scan';
import { fitQuery, phraseAt, type Tier } from './query-fit';

export interface ExactHit extends Hit {
  tier: Tier;
  /** Whether it is so good that fuzzy search is not needed. */
  isGood: boolean;
  /** Whether a name of the item equals the query or begins with it. Such hits rank before fuzzy ones. */
  isLiteral: boolean;
}

/** One interpretation of the query. */
interface Spelling {
  tokens: string[];
  open: boolean;
  penalty: number;
  /** Two tokens that must be adjacent, because they are parts of one typed word. */
  parts: [string, string] | null;
}

const JOINED_PENALTY = 1;
const SPLIT_PENALTY = 1.5;
/** Minimum length of words that result from joining, or that are split. */
const MIN_RESPELT_LENGTH = 4;
/** Only one item of exactly this title ranks first; others of the same title compete by popularity. */
const NAMESAKE_PENALTY = 4;
/** Popularity of an item that a namesake which nobody chose does not hide: 250 users if the most popular has 1000. */
const FAMOUS = 0.8;

/** Finds items with every word of the query, or with words that begin so, also after joining or splitting words. */
export class ExactSearch {
  private readonly context: SearchContext;

  constructor(context: SearchContext) {
    this.context = context;
  }

  /** @returns hits, best first; at least `limit` of them, if so many match, are ranked by their names */
  search(tokens: string[], open: boolean, limit: number): ExactHit[] {
    const maxHits = Math.min(this.context.source.size, Math.max(MAX_CLOSE_MATCHES, limit));
    const best = new Map<number, ExactHit>();
    const add = (spelling: Spelling): void => {
      for (const hit of this.searchSpelling(spelling, maxHits)) {
        const known = best.get(hit.row);
        if (!known || hit.score > known.score) best.set(hit.row, hit);
      }
    };
    add({ tokens, open, penalty: 0, parts: null });
    for (const spelling of this.joined(tokens, open)) add(spelling);
    const isSettled = [...best.values()].some((hit) => hit.isGood && hit.match === 'exact');
    if (!isSettled) for (const spelling of this.split(tokens, open)) add(spelling);
    const hits = [...best.values()].sort(byScore);
    for (const namesake of hits.filter((hit) => hit.tier === 'whole').slice(1)) namesake.score -= NAMESAKE_PENALTY;
    return this.famousFirst(hits.sort(byScore));
  }

  /** "Machine Learning" is the well-known course that begins so, not one that nobody chose. */
  private famousFirst(hits: ExactHit[]): ExactHit[] {
    const { popularity, hasPopularity } = this.context;
    if (!hasPopularity || hits[0]?.tier !== 'whole' || popularity[hits[0].row] > 0) return hits;
    const famous = hits.find(
      ({ tier, match, row }) => tier === 'start' && match === 'exact' && popularity[row] >= FAMOUS,
    );
    return famous ? [famous, ...hits.filter((hit) => hit !== famous)] : hits;
  }

  /** "god father" → "godfather", if that is a word. */
  private *joined(tokens: string[], open: boolean): Generator<Spelling> {
    for (let i = 0; i + 1 < tokens.length; i++) {
      const word = tokens[i] + tokens[i + 1];
      if (word.length < MIN_RESPELT_LENGTH) continue;
      const growing = open && i + 2 === tokens.length && tokens[i + 1].length >= MIN_PREFIX_LENGTH;
      const [from, to] = this.context.vocabulary.prefixRange(word);
      if (growing ? from < to : this.context.data.tokens[from] === word) {
        yield { tokens: tokens.toSpliced(i, 2, word), open, penalty: JOINED_PENALTY, parts: null };
      }
    }
  }

  /** "starwars" → "star wars", if both are words and adjacent. */
  private *split(tokens: string[], open: boolean): Generator<Spelling> {
    for (const [i, token] of tokens.entries()) {
      if (token.length < MIN_RESPELT_LENGTH) continue;
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

  private searchSpelling({ tokens, open, penalty, parts }: Spelling, maxHits: number): ExactHit[] {
    const required = [...new Set(withoutArticle(tokens))];
    const last = tokens[tokens.length - 1];
    const spans = required.map((token, position): Span => {
      const growing = open && token === last;
      const byPrefix = growing || (token.length >= MIN_PREFIX_LENGTH && !parts?.includes(token));
      return this.span(token, position === 0, growing, byPrefix);
    });
    const { scan, popularity, titleLengths } = this.context;
    const count = scan.intersect(spans);
    const top = new TopK(maxHits);
    for (let i = 0; i < count; i++) {
      const row = scan.rows[i];
      top.push(
        row,
        POPULARITY_POINTS * popularity[row] + this.estimate(scan.masks[row], titleLengths[row] - required.length),
      );
    }
    const hits: ExactHit[] = [];
    for (const row of top.drain()) {
      const names = this.context.names(row);
      if (parts && ![...names.titles, ...names.creators].some((name) => phraseAt(parts, name, false) >= 0)) continue;
      const mask = scan.masks[row];
      const fit = fitQuery(tokens, open, mask, names);
      const isComplete = (mask & COMPLETE) !== 0;
      const isRespelt = penalty > 0;
      hits.push({
        row,
        tier: fit.tier,
        match: isRespelt ? 'fuzzy' : isComplete ? 'exact' : 'prefix',
        score: fit.score + POPULARITY_POINTS * popularity[row] - penalty,
        isGood: this.isGood(row, fit.tier, mask, required.length, last.length),
        isLiteral: !isRespelt && (fit.tier === 'whole' || (fit.tier === 'start' && isComplete)),
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

  /** @returns an estimate of the score of {@link fitQuery}, from the postings alone */
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
   * Whether a match is probably what the user meant. A match of a title is if the item is well known or two words match
   * exactly. Other matches are often accidental (an unknown person may be called Matrx), so they require a well-known
   * item and whole words, except that the last may be a prefix of {@link MIN_PREFIX_LENGTH} letters.
   */
  private isGood(row: number, tier: Tier, mask: number, words: number, lastLength: number): boolean {
    const isKnown = this.context.isWellKnown(row);
    const isComplete = (mask & COMPLETE) !== 0;
    if (tier === 'whole' || tier === 'start') return isKnown || (isComplete && words > 1);
    if (tier === 'phrase' || tier === 'title') return isKnown;
    return isKnown && (isComplete || ((mask & COMPLETE_BUT_LAST) !== 0 && lastLength >= MIN_PREFIX_LENGTH));
  }
}
