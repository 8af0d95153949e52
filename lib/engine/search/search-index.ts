import type { CatalogColumns } from '../../format/catalog';
import type { ContentColumns } from '../../format/content';
import { indexing } from './build';
import type { SearchColumns } from './columns';
import { SearchContext, type SearchMatch, type SearchSource } from './context';
import { searchDocuments } from './documents';
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

  constructor(data: SearchColumns, source: SearchSource) {
    const context = new SearchContext(data, source);
    this.exact = new ExactSearch(context);
    this.fuzzy = new FuzzySearch(context);
  }

  /** The best matches, best first, at most `limit`. A query without letters or numbers finds nothing. */
  search(query: string, limit: number): SearchMatch[] {
    const { tokens, open } = parseQuery(query);
    if (tokens.length === 0 || !(limit >= 1)) return [];
    const spelt = this.exact.search(tokens, open, limit);
    // Rows enter in order of rank; a row that is there already keeps its place.
    const ranked = new Map<number, SearchMatch['match']>();
    if (!spelt.some((hit) => hit.good)) {
      const matches = new Map(spelt.map((hit) => [hit.row, hit.match]));
      for (const hit of spelt) if (hit.literal) ranked.set(hit.row, hit.match);
      for (const { row } of this.fuzzy.search(tokens, open)) {
        if (!ranked.has(row)) ranked.set(row, matches.get(row) ?? 'fuzzy');
      }
    }
    for (const hit of spelt) if (!ranked.has(hit.row)) ranked.set(hit.row, hit.match);
    return Array.from(ranked, ([row, match]) => ({ row, match })).slice(0, limit);
  }
}

/** Makes the index of a catalog, in slices of about a millisecond. */
export function* indexingCatalog(catalog: CatalogColumns, content: ContentColumns): Generator<undefined, SearchIndex> {
  const data = yield* indexing(searchDocuments(catalog, content));
  const { creators, creatorNames } = catalog;
  return new SearchIndex(data, {
    size: catalog.ids.length,
    title: (row) => catalog.titles[row],
    aka: (row) => catalog.aka.get(row) ?? [],
    creators: (row) =>
      Array.from(
        creators.values.subarray(creators.offsets[row], creators.offsets[row + 1]),
        (name) => creatorNames[name],
      ),
    year: (row) => catalog.years[row] || null,
    popularity: (row) => catalog.popularity[row],
  });
}
