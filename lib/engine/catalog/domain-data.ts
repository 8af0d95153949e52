import type { ItemSummary } from '../../contracts/engine';
import type { PublishedItem } from '../../contracts/live-signals';
import type { Manifest } from '../../contracts/manifest';
import type { CatalogColumns } from '../../format/catalog';
import type { ContentColumns } from '../../format/content';
import type { ItemTowerColumns } from '../../format/item-tower';
import type { Additions } from './additions';
import { Catalog } from './catalog';
import { ContentVocabulary } from './content-vocabulary';
import { ItemIds } from './item-ids';
import { ItemLinks } from './item-links';
import { detectShownField, tagsOfTerms } from './item-tags';
import { BuiltSegment, DeltaSegment } from './segment';
import { TermRows } from './term-rows';

/** What the engine reads first. */
export interface HeadColumns {
  catalog: CatalogColumns;
  content: ContentColumns;
  /** Where `catalog` and `content` are the whole. */
  itemTower?: ItemTowerColumns;
}

/** The items without interactions: the rows of the catalog from `headItems` on. */
export interface TailColumns {
  /** Row 0 is row `headItems` of the catalog; names are numbered on from the head's. */
  catalog: CatalogColumns;
  /** Terms are numbered on from the head's; rows name terms of both. */
  content: ContentColumns;
  /** Gives these items factors. */
  itemTower: ItemTowerColumns;
}

/** The part of the data that comes from the build. */
interface Build {
  manifest: Manifest;
  segments: readonly BuiltSegment[];
  ids: ItemIds;
  links: ItemLinks;
  vocabulary: ContentVocabulary;
  itemTower: ItemTowerColumns | null;
  /** The field whose values cards show as tags. */
  shownField: () => string | null;
}

/**
 * The items of a domain at one moment: a list of segments, all read through the same methods. Immutable: later items
 * make new data, which shares the segments that did not change.
 */
export class DomainData {
  readonly manifest: Manifest;
  readonly catalog: Catalog;
  readonly terms: TermRows;
  readonly vocabulary: ContentVocabulary;
  /** Gives factors to items without trained ones; null until the tail is there. */
  readonly itemTower: ItemTowerColumns | null;
  /** Those of the manifest, without the rows and terms that are not there yet. */
  readonly interests: Manifest['interests'];
  private readonly build: Build;

  private constructor(build: Build, added: DeltaSegment | null, withdrawnIds: ReadonlySet<string>) {
    const { manifest, segments, ids, vocabulary } = build;
    this.build = build;
    this.manifest = manifest;
    this.vocabulary = vocabulary;
    this.itemTower = build.itemTower;
    this.catalog = new Catalog(segments, ids, added, withdrawnIds);
    this.terms = new TermRows(
      this.catalog.segments.map(({ terms }) => terms),
      vocabulary.size,
    );
    this.interests = manifest.interests.map((interest) => ({
      ...interest,
      items: interest.items.filter((row) => row < this.catalog.builtSize),
      terms: interest.terms.filter((term) => term < vocabulary.size),
    }));
  }

  /** The data of a build's head, or of the whole build where that is not divided. */
  static open(manifest: Manifest, { catalog, content, itemTower }: HeadColumns): DomainData {
    const itemCount = manifest.counts.items;
    const links = new ItemLinks(manifest.domain.links);
    const vocabulary = new ContentVocabulary([content], itemCount);
    const head = new BuiltSegment({ kind: 'head', catalog, content, names: catalog, vocabulary, links, itemCount });
    let shownField: string | null | undefined;
    const build: Build = {
      manifest,
      segments: [head],
      ids: new ItemIds([head]),
      links,
      vocabulary,
      itemTower: itemTower ?? null,
      shownField: () => {
        if (shownField === undefined) shownField = detectShownField(catalog, content);
        return shownField;
      },
    };
    return new DomainData(build, null, new Set());
  }

  /** The same build with its tail, without anything that was added. */
  withTail({ catalog, content, itemTower }: TailColumns): DomainData {
    const { manifest, links, segments } = this.build;
    const [head] = segments;
    const itemCount = manifest.counts.items;
    const vocabulary = new ContentVocabulary([head.content, content], itemCount);
    const tail = new BuiltSegment({
      kind: 'tail',
      catalog,
      content,
      names: {
        creatorNames: head.catalog.creatorNames.concat(catalog.creatorNames),
        tagNames: head.catalog.tagNames.concat(catalog.tagNames),
      },
      vocabulary,
      links,
      itemCount,
    });
    const whole = [...segments, tail];
    return new DomainData(
      { ...this.build, segments: whole, ids: new ItemIds(whole), vocabulary, itemTower },
      null,
      new Set(),
    );
  }

  /** The same build with what was published and withdrawn since, in place of earlier additions. */
  withAdditions({ items, withdrawnIds }: Additions): DomainData {
    const { build, catalog, vocabulary } = this;
    const added = items.filter(({ id }) => !catalog.isBuilt(id));
    if (added.length === 0) return new DomainData(build, null, withdrawnIds);
    const itemCount = build.manifest.counts.items;
    const delta = new DeltaSegment(added, vocabulary, build.shownField(), build.links, itemCount);
    return new DomainData(build, delta, withdrawnIds);
  }

  /** Whether the whole catalog is there, and not its head alone. */
  get isWhole(): boolean {
    return this.catalog.builtSize === this.manifest.counts.items;
  }

  /** Rows over which a signal's mean and deviation are taken, the first ones of the catalog. */
  get calibrationRows(): number {
    const { warmItems, items } = this.manifest.counts;
    return warmItems > 0 ? warmItems : items;
  }

  /** Whether `other` has the same items of the build, so that what was computed over these is still valid. */
  hasBuildOf(other: DomainData): boolean {
    return this.build === other.build;
  }

  /** An item of the build as an engine without it can add it. */
  recordOf(row: number): PublishedItem {
    const { id, title, year, creators, tags: shown, external }: ItemSummary = this.catalog.summary(row);
    const shownField = this.build.shownField();
    const terms: number[] = [];
    this.terms.forEachTerm(row, (term) => terms.push(term));
    const tags = tagsOfTerms(terms, this.vocabulary);
    return {
      ...{ id, title, year, creators, external },
      tags: shownField === null ? tags : { ...tags, [shownField]: shown },
      publishedAt: 0,
    };
  }
}
