import type { SearchColumns } from './columns';
import { byScore, type Hit, POPULARITY_POINTS, SearchContext, type SearchMatch, type SearchSource } from './context';
import { ExactSearch } from './exact-search';
import { FuzzySearch } from './fuzzy-search';
import { type NameIndex, NO_NAMES } from './name-index';
import { type NameKind, normalName } from './normal-name';
import { parseQuery, tokenize } from './normalise';
import { readingsOf } from './service-suffixes';

export type { SearchMatch, SearchSource } from './context';

/** Points of a whole name; popularity gives up to 6. */
const NAME_POINTS: Readonly<Record<NameKind, number>> = {
  title: 5,
  initials: 4.5,
  main: 4,
  creator: 3.5,
  acronym: 2.5,
};
/** Of a title that is spelled as it was typed, articles included. */
const SAME_SPELLING = 1;

/** An item of which the query is a whole name. */
interface NamedHit extends Hit {
  /** Of an item that hardly anybody knows a whole name is no better than other matches. */
  isKnown: boolean;
  /** Whether the name is a part of the title, which is no better than a better-known item with the same words. */
  isPart: boolean;
}

/**
 * Search as you type over titles, creators and years.
 *
 * Items of which the query is a whole name come first, if they are known: in whatever spelling (name-index.ts).
 *
 * An inverted index finds whole words and prefixes. They are ranked by where the query matches (the whole title, its
 * beginning, a part of it), by the share of the title that it covers, and by popularity. If there is no good match,
 * fuzzy search by edit distance follows.
 */
export class SearchIndex {
  private readonly exact: ExactSearch;
  private readonly fuzzy: FuzzySearch;
  private readonly size: number;
  private readonly names: NameIndex;
  private readonly context: SearchContext;

  /**
   * @param names of the same items
   * @param whole the index of the catalog to which these items were added, whose word frequencies to use
   */
  constructor(data: SearchColumns, source: SearchSource, names: NameIndex = NO_NAMES, whole?: SearchIndex) {
    const context = new SearchContext(data, source);
    this.exact = new ExactSearch(context);
    this.fuzzy = new FuzzySearch(context, whole?.fuzzy);
    this.size = source.size;
    this.names = names;
    this.context = context;
  }

  /**
   * @param limit maximum number of matches
   * @param added the index of added items, whose row 0 follows the last row of these
   * @returns matches, best first; none for a query without letters or numbers
   */
  search(query: string, limit: number, added?: SearchIndex): SearchMatch[] {
    if (!(limit >= 1)) return [];
    const [typed, bare] = readingsOf(query);
    const found = this.searchReading(typed, limit, added);
    if (bare === undefined || found[0]?.match === 'exact') return found;
    // What services add to a title is left out where the title with it finds nothing as it is.
    const others = this.searchReading(bare, limit, added);
    return others.length > 0 ? others : found;
  }

  private searchReading(query: string, limit: number, added: SearchIndex | undefined): SearchMatch[] {
    const { tokens, open } = parseQuery(query);
    if (tokens.length === 0) return [];
    const inAll = <H extends Hit>(hitsOf: (index: SearchIndex) => H[]): H[] => {
      const hits = hitsOf(this);
      if (!added) return hits;
      return [...hits, ...hitsOf(added).map((hit) => ({ ...hit, row: this.size + hit.row }))].sort(byScore);
    };
    const name = normalName(query);
    const named = inAll((index) => index.searchNames(name, tokens));
    const exact = inAll((index) => index.exact.search(tokens, open, limit));
    const hasGood = exact.some((hit) => hit.isGood);
    const best = exact.find((hit) => hit.isGood && hit.match === 'exact');
    const popularityOf = (row: number) =>
      row < this.size ? this.context.popularity[row] : (added?.context.popularity[row - this.size] ?? 0);
    const isOutdone = (row: number) => best !== undefined && popularityOf(best.row) > popularityOf(row);
    // Rows are inserted in order of rank; a row that is present already keeps its rank.
    const ranked = new Map<number, SearchMatch['match']>();
    for (const { row, isKnown, isPart } of named)
      if (isKnown ? !(isPart && isOutdone(row)) : !hasGood) ranked.set(row, 'exact');
    if (named.length === 0 && !hasGood) {
      const matches = new Map(exact.map((hit) => [hit.row, hit.match]));
      for (const hit of exact) if (hit.isLiteral) ranked.set(hit.row, hit.match);
      for (const { row } of inAll((index) => index.fuzzy.search(tokens, open))) {
        if (!ranked.has(row)) ranked.set(row, matches.get(row) ?? 'fuzzy');
      }
    }
    for (const hit of exact) if (!ranked.has(hit.row)) ranked.set(hit.row, hit.match);
    for (const { row } of named) if (!ranked.has(row)) ranked.set(row, 'exact');
    return Array.from(ranked, ([row, match]) => ({ row, match })).slice(0, limit);
  }

  /** Items of which the query is a whole name, best first. */
  private searchNames(name: string, tokens: readonly string[]): NamedHit[] {
    const { popularity, source } = this.context;
    const typed = tokens.join(' ');
    const isSame = (row: number) => tokenize(source.title(row)).join(' ') === typed;
    return Array.from(this.names.find(name), ([row, kind]) => ({
      row,
      match: 'exact' as const,
      score:
        NAME_POINTS[kind] + (kind === 'title' && isSame(row) ? SAME_SPELLING : 0) + POPULARITY_POINTS * popularity[row],
      isKnown: this.context.isWellKnown(row),
      isPart: kind === 'main' || kind === 'acronym',
    })).sort(byScore);
  }
}
