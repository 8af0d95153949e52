import type { ItemSummary } from '../../contracts/engine';
import type { CatalogColumns } from '../../format/catalog';
import type { ContentColumns } from '../../format/content';
import { buildSearchData, indexing } from './build';
import type { SearchColumns } from './columns';
import { byScore, type Hit, SearchContext, type SearchMatch, type SearchSource } from './context';
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
        creators.columns.subarray(creators.offsets[row], creators.offsets[row + 1]),
        (name) => creatorNames[name],
      ),
    year: (row) => catalog.years[row] || null,
    popularity: (row) => catalog.popularity[row],
  });
}

/**
 * Makes the index of a few items that were added to a catalog, at once.
 *
 * @param searched names besides creators that an item is found by, parallel to `items`
 * @param whole the index of the catalog; @param mostPopular how many people chose its best-known item
 */
export function indexItems(
  items: readonly ItemSummary[],
  searched: readonly string[][],
  whole: SearchIndex,
  mostPopular: number,
): SearchIndex {
  const data = buildSearchData(
    items.map(({ title, creators, year }, i) => ({ titles: [title], creators: [...creators, ...searched[i]], year })),
  );
  const source: SearchSource = {
    size: items.length,
    title: (row) => items[row].title,
    aka: () => [],
    creators: (row) => items[row].creators,
    year: (row) => items[row].year,
    popularity: (row) => items[row].popularity,
    mostPopular,
  };
  return new SearchIndex(data, source, whole);
}
