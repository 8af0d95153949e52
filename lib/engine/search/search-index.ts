import type { SearchColumns } from './columns';
import { byScore, type Hit, SearchContext, type SearchMatch, type SearchSource } from './context';
import { ExactSearch } from './exact-search';
import { FuzzySearch } from './fuzzy-search';
import { parseQuery } from './normalise';

export type { SearchMatch, SearchSource } from './context';

/**
 * Search as you type over titles, creators and years.
 *
 * An inverted index finds whole words and prefixes. They are ranked by where the query matches (the whole title, its
 * beginning, a part of it), by the share of the title that it covers, and by popularity. If there is no good match,
 * fuzzy search by edit distance follows.
 */
export class SearchIndex {
  private readonly exact: ExactSearch;
  private readonly fuzzy: FuzzySearch;
  private readonly size: number;

  /** @param whole the index of the catalog to which these items were added, whose word frequencies to use */
  constructor(data: SearchColumns, source: SearchSource, whole?: SearchIndex) {
    const context = new SearchContext(data, source);
    this.exact = new ExactSearch(context);
    this.fuzzy = new FuzzySearch(context, whole?.fuzzy);
    this.size = source.size;
  }

  /**
   * @param limit maximum number of matches
   * @param added the index of added items, whose row 0 follows the last row of these
   * @returns matches, best first; none for a query without letters or numbers
   */
  search(query: string, limit: number, added?: SearchIndex): SearchMatch[] {
    const { tokens, open } = parseQuery(query);
    if (tokens.length === 0 || !(limit >= 1)) return [];
    const inAll = <H extends Hit>(hitsOf: (index: SearchIndex) => H[]): H[] => {
      const hits = hitsOf(this);
      if (!added) return hits;
      return [...hits, ...hitsOf(added).map((hit) => ({ ...hit, row: this.size + hit.row }))].sort(byScore);
    };
    const exact = inAll((index) => index.exact.search(tokens, open, limit));
    // Rows are inserted in order of rank; a row that is present already keeps its rank.
    const ranked = new Map<number, SearchMatch['match']>();
    if (!exact.some((hit) => hit.isGood)) {
      const matches = new Map(exact.map((hit) => [hit.row, hit.match]));
      for (const hit of exact) if (hit.isLiteral) ranked.set(hit.row, hit.match);
      for (const { row } of inAll((index) => index.fuzzy.search(tokens, open))) {
        if (!ranked.has(row)) ranked.set(row, matches.get(row) ?? 'fuzzy');
      }
    }
    for (const hit of exact) if (!ranked.has(hit.row)) ranked.set(hit.row, hit.match);
    return Array.from(ranked, ([row, match]) => ({ row, match })).slice(0, limit);
  }
}
