import type { SearchColumns } from './columns';
import { byScore, type Hit, SearchContext, type SearchMatch, type SearchSource } from './context';
import { ExactSearch } from './exact-search';
import { FuzzySearch } from './fuzzy-search';
import { parseQuery } from './normalise';

export type { SearchMatch, SearchSource } from './context';

/**
 * Search as you type over titles, creators and years.
 *
 * Whole words and beginnings are found through an inverted index and ranked by how the query sits in the title
 * (all of it, its beginning, some of it), the share of the title that it covers, and popularity. Where that finds
 * nothing good, edit distance takes over.
 */
export class SearchIndex {
  private readonly exact: ExactSearch;
  private readonly fuzzy: FuzzySearch;
  private readonly size: number;

  /** @param whole the index of the catalog that these items come behind, which tells how rare words are */
  constructor(data: SearchColumns, source: SearchSource, whole?: SearchIndex) {
    const context = new SearchContext(data, source);
    this.exact = new ExactSearch(context);
    this.fuzzy = new FuzzySearch(context, whole?.fuzzy);
    this.size = source.size;
  }

  /**
   * The best matches, best first, at most `limit`. A query without letters or numbers finds nothing.
   *
   * @param behind the index of further items, whose row 0 comes behind the last row of these
   */
  search(query: string, limit: number, behind?: SearchIndex): SearchMatch[] {
    const { tokens, open } = parseQuery(query);
    if (tokens.length === 0 || !(limit >= 1)) return [];
    const inAll = <H extends Hit>(hitsOf: (index: SearchIndex) => H[]): H[] => {
      const hits = hitsOf(this);
      if (!behind) return hits;
      return [...hits, ...hitsOf(behind).map((hit) => ({ ...hit, row: this.size + hit.row }))].sort(byScore);
    };
    const spelt = inAll((index) => index.exact.search(tokens, open, limit));
    // Rows enter in order of rank; a row that is there already keeps its place.
    const ranked = new Map<number, SearchMatch['match']>();
    if (!spelt.some((hit) => hit.good)) {
      const matches = new Map(spelt.map((hit) => [hit.row, hit.match]));
      for (const hit of spelt) if (hit.literal) ranked.set(hit.row, hit.match);
      for (const { row } of inAll((index) => index.fuzzy.search(tokens, open))) {
        if (!ranked.has(row)) ranked.set(row, matches.get(row) ?? 'fuzzy');
      }
    }
    for (const hit of spelt) if (!ranked.has(hit.row)) ranked.set(hit.row, hit.match);
    return Array.from(ranked, ([row, match]) => ({ row, match })).slice(0, limit);
  }
}
