import type { SearchHit } from '../../contracts/engine';
import type { Catalog } from '../catalog/catalog';
import type { DomainData } from '../catalog/domain-data';
import { finish, indexing, type SearchDocument } from './build';
import { SearchIndex, type SearchSource } from './search-index';

/** Search over a domain's items: one index of the build, and a small one of what was added since. */
export class CatalogSearch {
  private data: DomainData;
  private builtIndex: SearchIndex | null = null;
  private addedIndex: SearchIndex | null = null;

  constructor(data: DomainData) {
    this.data = data;
  }

  /** Searches the items of `data` from now on. The index of the build stays where that did not change. */
  setData(data: DomainData): void {
    if (!data.hasBuildOf(this.data)) this.builtIndex = null;
    this.addedIndex = null;
    this.data = data;
  }

  /** Builds the index of the build, in slices of about a millisecond. */
  *prepare(): Generator<undefined, void> {
    const { data } = this;
    const index = yield* indexRows(data.catalog, 0, data.catalog.builtSize);
    // A tail may have arrived meanwhile.
    if (data.hasBuildOf(this.data)) this.builtIndex = index;
  }

  /** Builds what {@link prepare} has not built yet, at once. */
  ensureReady(): SearchIndex {
    if (!this.builtIndex) finish(this.prepare());
    return this.builtIndex!;
  }

  /** The best matches, best first, at most `limit`. */
  search(query: string, limit: number): SearchHit[] {
    const index = this.ensureReady();
    const { catalog } = this.data;
    return index
      .search(query, limit + catalog.withdrawn.size, this.indexOfAdded(index))
      .filter(({ row }) => !catalog.withdrawn.has(row))
      .slice(0, Math.max(0, limit))
      .map(({ row, match }) => ({ ...catalog.summary(row), match }));
  }

  private indexOfAdded(whole: SearchIndex): SearchIndex | undefined {
    const { catalog } = this.data;
    const { builtSize, size } = catalog;
    if (size === builtSize) return undefined;
    const mostPopular = builtSize > 0 ? catalog.popularity(0) : 0;
    this.addedIndex ??= finish(indexRows(catalog, builtSize, size - builtSize, { whole, mostPopular }));
    return this.addedIndex;
  }
}

/**
 * Builds the index of `size` rows of a catalog from `first` on.
 *
 * @param behind where these rows come behind an index of others: that index, which knows how rare words are, and how
 *   many users chose the best-known item there
 */
function* indexRows(
  catalog: Catalog,
  first: number,
  size: number,
  behind?: { whole: SearchIndex; mostPopular: number },
): Generator<undefined, SearchIndex> {
  const source: SearchSource = {
    size,
    title: (row) => catalog.title(first + row),
    aka: (row) => catalog.aka(first + row),
    creators: (row) => catalog.creators(first + row),
    year: (row) => catalog.year(first + row),
    popularity: (row) => catalog.popularity(first + row),
    ...(behind && { mostPopular: behind.mostPopular }),
  };
  return new SearchIndex(yield* indexing(documents(catalog, first, size)), source, behind?.whole);
}

function* documents(catalog: Catalog, first: number, size: number): Generator<SearchDocument> {
  for (let row = first; row < first + size; row++) yield catalog.searchDocument(row);
}
