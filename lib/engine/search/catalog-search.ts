import type { SearchHit } from '../../contracts/engine';
import type { Catalog } from '../catalog/catalog';
import type { DomainData } from '../catalog/domain-data';
import { finish, indexing, type SearchDocument } from './build';
import { KnownIds } from './known-ids';
import { NameIndexBuilder } from './name-index';
import { SearchIndex, type SearchSource } from './search-index';

/** Search over a domain's items: an index of the build, and a small one of items that were added since. */
export class CatalogSearch {
  private data: DomainData;
  private readonly knownIds: KnownIds;
  private builtIndex: SearchIndex | null = null;
  private addedIndex: SearchIndex | null = null;

  constructor(data: DomainData) {
    this.data = data;
    this.knownIds = new KnownIds(data.manifest.domain.links);
  }

  /** Replaces the items to search. The index of the build is reused if the build is the same. */
  setData(data: DomainData): void {
    if (!data.hasBuildOf(this.data)) this.builtIndex = null;
    this.addedIndex = null;
    this.data = data;
  }

  /** Builds the index of the build, in slices of about a millisecond. */
  *prepare(): Generator<undefined, void> {
    const { data } = this;
    const index = yield* indexRows(data.catalog, 0, data.catalog.builtSize);
    // A tail may have been loaded meanwhile.
    if (data.hasBuildOf(this.data)) this.builtIndex = index;
  }

  /** Builds the index of the build in one go, unless {@link prepare} has built it. */
  ensureReady(): SearchIndex {
    if (!this.builtIndex) finish(this.prepare());
    return this.builtIndex!;
  }

  /** @returns matches, best first, at most `limit`; for an id or the address of an item that item alone */
  search(query: string, limit: number): SearchHit[] {
    const named = this.byId(query);
    if (named !== undefined && limit >= 1) return [{ ...this.data.catalog.summary(named), match: 'exact' }];
    const index = this.ensureReady();
    const { catalog } = this.data;
    return index
      .search(query, limit + catalog.withdrawn.size, this.indexOfAdded(index))
      .filter(({ row }) => !catalog.withdrawn.has(row))
      .slice(0, Math.max(0, limit))
      .map(({ row, match }) => ({ ...catalog.summary(row), match }));
  }

  private byId(query: string): number | undefined {
    for (const id of this.knownIds.idsIn(query)) {
      const row = this.data.catalog.resolve(id);
      if (row !== undefined) return row;
    }
    return undefined;
  }

  private indexOfAdded(whole: SearchIndex): SearchIndex | undefined {
    const { catalog } = this.data;
    const { builtSize, size } = catalog;
    if (size === builtSize) return undefined;
    if (!this.addedIndex) {
      let maxPopularity = 0;
      for (let row = 0; row < builtSize; row++) maxPopularity = Math.max(maxPopularity, catalog.popularity(row));
      this.addedIndex = finish(indexRows(catalog, builtSize, size - builtSize, { whole, maxPopularity }));
    }
    return this.addedIndex;
  }
}

/**
 * Builds the index of `size` rows of a catalog from `first` on.
 *
 * @param added of rows that were added to a catalog: the index of the catalog, whose word frequencies to use, and the
 *   popularity of its most popular item
 */
function* indexRows(
  catalog: Catalog,
  first: number,
  size: number,
  added?: { whole: SearchIndex; maxPopularity: number },
): Generator<undefined, SearchIndex> {
  const source: SearchSource = {
    size,
    title: (row) => catalog.title(first + row),
    aka: (row) => catalog.aka(first + row),
    creators: (row) => catalog.creators(first + row),
    year: (row) => catalog.year(first + row),
    popularity: (row) => catalog.popularity(first + row),
    ...(added && { maxPopularity: added.maxPopularity }),
  };
  const names = new NameIndexBuilder();
  const columns = yield* indexing(named(documents(catalog, added !== undefined), names));
  return new SearchIndex(columns, source, yield* names.finish(), added?.whole);
}

/** The documents of the build's segments, or of those that were added. */
function* documents(catalog: Catalog, areAdded: boolean): Generator<SearchDocument> {
  for (const segment of catalog.segments)
    if ((segment.kind === 'delta') === areAdded)
      for (let row = 0; row < segment.size; row++) yield segment.searchDocument(row);
}

/** The same documents, with their names added to an index: they are decoded once for both. */
function* named(source: Iterable<SearchDocument>, names: NameIndexBuilder): Generator<SearchDocument> {
  for (const document of source) {
    names.add(document);
    yield document;
  }
}
