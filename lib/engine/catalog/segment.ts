import type { ItemSummary } from '../../contracts/engine';
import type { PublishedItem } from '../../contracts/live-signals';
import type { CatalogColumns } from '../../format/catalog';
import type { ContentColumns } from '../../format/content';
import type { SearchDocument } from '../search/build';
import type { ContentVocabulary } from './content-vocabulary';
import type { ItemLinks } from './item-links';
import { searchedNames, shownTags } from './item-tags';
import { type TermSegment, termSegment } from './term-rows';
import { weighItems, weighTerms } from './tfidf';

/**
 * Rows of the catalog that came together: the head of the build, its tail, or what was published since. As in Lucene,
 * a segment never changes, and a catalog that changes is a new list of segments. Rows count from 0 in each segment.
 */
export interface Segment {
  readonly kind: 'head' | 'tail' | 'delta';
  readonly size: number;
  readonly terms: TermSegment;
  id(row: number): string;
  title(row: number): string;
  /** Other titles of the same item. */
  aka(row: number): string[];
  creators(row: number): string[];
  year(row: number): number | null;
  /** How many users of the training data chose the item. */
  popularity(row: number): number;
  /** The keys of the external ids that items have here. */
  readonly externalKeys: readonly string[];
  /** The external id of an item, as of `imdb`; empty where it has none. */
  external(row: number, key: string): string;
  summary(row: number): ItemSummary;
  /** What the search box may find an item by. */
  searchDocument(row: number): SearchDocument;
  /** Factors that came with an item, dims; null where the item tower has to compute them. */
  factors(row: number): Float32Array | null;
  /** Unix seconds; null for items of the build, and for those that are in the data but not in every browser. */
  publishedAt(row: number): number | null;
}

/** What a segment of the build is read from. */
interface BuiltColumns {
  kind: 'head' | 'tail';
  catalog: CatalogColumns;
  content: ContentColumns;
  /** Names of this segment and of those before it, through which `catalog` is numbered. */
  names: Pick<CatalogColumns, 'creatorNames' | 'tagNames'>;
  vocabulary: ContentVocabulary;
  links: ItemLinks;
  /** Items of the whole catalog. */
  itemCount: number;
}

/** The head or the tail of the build. */
export class BuiltSegment implements Segment {
  readonly kind: 'head' | 'tail';
  readonly size: number;
  readonly terms: TermSegment;
  readonly externalKeys: readonly string[];
  readonly catalog: CatalogColumns;
  readonly content: ContentColumns;
  private readonly names: BuiltColumns['names'];
  private readonly vocabulary: ContentVocabulary;
  private readonly links: ItemLinks;

  constructor({ kind, catalog, content, names, vocabulary, links, itemCount }: BuiltColumns) {
    this.kind = kind;
    this.size = catalog.ids.length;
    this.terms = termSegment(weighTerms(content, itemCount, vocabulary), vocabulary.size);
    this.externalKeys = [...catalog.external.keys()];
    this.catalog = catalog;
    this.content = content;
    this.names = names;
    this.vocabulary = vocabulary;
    this.links = links;
  }

  id(row: number): string {
    return this.catalog.ids[row];
  }

  title(row: number): string {
    return this.catalog.titles[row];
  }

  aka(row: number): string[] {
    return this.catalog.aka.get(row) ?? [];
  }

  creators(row: number): string[] {
    const { offsets, columns } = this.catalog.creators;
    return Array.from(columns.subarray(offsets[row], offsets[row + 1]), (name) => this.names.creatorNames[name]);
  }

  year(row: number): number | null {
    return this.catalog.years[row] || null;
  }

  popularity(row: number): number {
    return this.catalog.popularity[row];
  }

  external(row: number, key: string): string {
    return this.catalog.external.get(key)?.[row] ?? '';
  }

  summary(row: number): ItemSummary {
    const { catalog, names } = this;
    const { offsets, columns } = catalog.tags;
    const external: Record<string, string> = {};
    for (const [key, values] of catalog.external) if (values[row] !== '') external[key] = values[row];
    return {
      id: catalog.ids[row],
      title: catalog.titles[row],
      year: this.year(row),
      creators: this.creators(row),
      tags: Array.from(columns.subarray(offsets[row], offsets[row + 1]), (tag) => names.tagNames[tag]),
      external,
      links: this.links.of(catalog.ids[row], external),
      popularity: catalog.popularity[row],
    };
  }

  searchDocument(row: number): SearchDocument {
    const { catalog, content, names, vocabulary } = this;
    const { offsets, columns } = catalog.creators;
    const creators: string[] = [];
    for (let i = offsets[row]; i < offsets[row + 1]; i++) creators.push(names.creatorNames[columns[i]]);
    const { rows } = content;
    for (let i = rows.offsets[row]; i < rows.offsets[row + 1]; i++)
      if (vocabulary.isSearched[rows.columns[i]]) creators.push(vocabulary.terms[rows.columns[i]]);
    return { titles: [catalog.titles[row], ...this.aka(row)], creators, year: this.year(row) };
  }

  factors(): null {
    return null;
  }

  publishedAt(): null {
    return null;
  }
}

/** Items that were published after the build. They are few: nothing about them is precomputed. */
export class DeltaSegment implements Segment {
  readonly kind = 'delta';
  readonly size: number;
  readonly terms: TermSegment;
  readonly externalKeys: readonly string[];
  private readonly items: readonly PublishedItem[];
  private readonly summaries: readonly ItemSummary[];
  private readonly vocabulary: ContentVocabulary;
  private readonly givenFactors: readonly (Float32Array | null)[];

  /**
   * @param items none of which the build has
   * @param shownField the field whose values cards show as tags
   * @param itemCount items of the whole build
   */
  constructor(
    items: readonly PublishedItem[],
    vocabulary: ContentVocabulary,
    shownField: string | null,
    links: ItemLinks,
    itemCount: number,
  ) {
    this.items = items;
    this.size = items.length;
    this.vocabulary = vocabulary;
    this.summaries = items.map((item): ItemSummary => {
      const { id, title, creators, external } = item;
      const tags = shownTags(item, shownField, vocabulary.fields);
      return {
        id,
        title,
        year: item.year || null,
        creators,
        tags,
        external,
        links: links.of(id, external),
        popularity: 0,
      };
    });
    this.terms = termSegment(weighItems(vocabulary, itemCount, vocabulary.countTerms(items)), 0);
    this.externalKeys = [...new Set(items.flatMap(({ external }) => Object.keys(external)))];
    this.givenFactors = items.map(({ factors }) => (factors ? Float32Array.from(factors) : null));
  }

  id(row: number): string {
    return this.items[row].id;
  }

  title(row: number): string {
    return this.items[row].title;
  }

  aka(): string[] {
    return [];
  }

  creators(row: number): string[] {
    return this.items[row].creators;
  }

  year(row: number): number | null {
    return this.summaries[row].year;
  }

  popularity(): number {
    return 0;
  }

  external(row: number, key: string): string {
    return this.items[row].external[key] ?? '';
  }

  summary(row: number): ItemSummary {
    return this.summaries[row];
  }

  searchDocument(row: number): SearchDocument {
    const { title, creators } = this.items[row];
    const names = searchedNames(this.items[row], this.vocabulary.fields);
    return { titles: [title], creators: [...creators, ...names], year: this.year(row) };
  }

  factors(row: number): Float32Array | null {
    return this.givenFactors[row];
  }

  publishedAt(row: number): number | null {
    // 0 marks what is older than the catalog and was only added later.
    return this.items[row].publishedAt || null;
  }
}
