import type {
  AskRequest,
  DomainInfo,
  ItemSummary,
  RecommendRequest,
  RecommendResponse,
  SearchResponse,
  SimilarRequest,
} from '../contracts/engine';
import { InkpickError } from '../contracts/errors';
import type { PublishedItem } from '../contracts/live-signals';
import type { Manifest } from '../contracts/manifest';
import type { Mlp } from '../math/mlp';
import { Additions } from './catalog/additions';
import { DomainData, type HeadColumns, type TailColumns } from './catalog/domain-data';
import { chooseQuestions, readQuestions } from './quick-pick';
import { Ranker } from './ranking/ranker';
import { createRecommenders, type Recommenders, type SignalModels } from './recommenders/registry';
import { CatalogSearch } from './search/catalog-search';
import { Session, type SessionOptions } from './session';
import type { VectorIndex } from './vector-index/vector-index';

/** Everything that the engine is made of, decoded. */
export interface EngineParts extends HeadColumns, SignalModels {
  manifest: Manifest;
  /** Hash of the manifest, which names every artifact by its own hash. */
  version: string;
  /** Gives each signal its weight for a user; ranking/gate.ts has its inputs and outputs. */
  gate: Mlp;
  /** Computes the factors of users with short histories; without it the fold-in does. */
  tower?: Mlp;
  /** Where `catalog` and `content` are the head alone; it may be attached later too. */
  tail?: EngineTail;
}

export type EngineTail = TailColumns;

/** The public facts of a domain, which its manifest has. */
export function domainInfo({ domain, counts, interests }: Manifest, version: string): DomainInfo {
  const { id, label, item, verb, users } = domain;
  return {
    id,
    label,
    item,
    verb,
    users,
    itemCount: counts.items,
    interests: interests.map(({ id, label }) => ({ id, label })),
    version,
  };
}

/**
 * The recommender of one domain: pure computation over decoded artifacts, the same in a worker and in Node. The data of
 * its items is immutable and replaced as a whole when a tail arrives or items are published or withdrawn.
 */
export class Engine {
  readonly info: DomainInfo;
  private data: DomainData;
  private readonly manifest: Manifest;
  private readonly recommenders: Recommenders;
  private readonly ranker: Ranker;
  private readonly catalogSearch: CatalogSearch;
  private readonly additions = new Additions();
  private readonly now: () => number;

  /** @param now a clock in milliseconds, such as `performance.now` */
  constructor(parts: EngineParts, now: () => number) {
    this.manifest = parts.manifest;
    this.info = domainInfo(parts.manifest, parts.version);
    this.now = now;
    this.data = DomainData.open(parts.manifest, parts);
    this.recommenders = createRecommenders(parts, this.data);
    this.ranker = new Ranker(this.data, this.recommenders, parts.gate);
    this.catalogSearch = new CatalogSearch(this.data);
    if (parts.tower) this.attachTower(parts.tower);
    if (parts.tail) this.attachTail(parts.tail);
  }

  /** Whether the whole catalog is there, and not its head alone. */
  get isWhole(): boolean {
    return this.data.isWhole;
  }

  /** How many numbers the factors of an item or a user are. */
  get dims(): number {
    return this.recommenders.latent.dims;
  }

  /** Adds the items without interactions: from now on they are found and recommended too. */
  attachTail(tail: EngineTail): void {
    this.setData(this.data.withTail(tail).withAdditions(this.additions));
  }

  /**
   * Adds items that were published after the build: from now on they are found, recommended by their content and
   * factors, and known in histories. An item that was added before is replaced, one that the build has is left as it
   * is; neither is withdrawn any longer. Without the tail, which the item tower comes with, an item has no factors but
   * given ones.
   */
  addItems(items: readonly PublishedItem[]): void {
    if (this.additions.add(items)) this.setData(this.data.withAdditions(this.additions));
  }

  /**
   * Withdraws items by own id: from now on no answer contains them, and requests that name them get them back as
   * unknown. Ids that the catalog does not have are stored, since a tail may have them.
   */
  withdraw(ids: readonly string[]): void {
    if (this.additions.withdraw(ids)) this.setData(this.data.withAdditions(this.additions));
  }

  /**
   * Computes the factors of users with short histories by the user tower from now on.
   *
   * @throws RangeError where the network does not fit the factors
   */
  attachTower(tower: Mlp): void {
    this.recommenders.latent.attachTower(tower, this.manifest.towerMostLikes);
    this.ranker.clear();
  }

  /**
   * Retrieves latent candidates through `index` from now on.
   *
   * @param index of {@link itemFactors}
   * @throws RangeError where it has another number of vectors
   */
  attachIndex(index: VectorIndex): void {
    this.recommenders.latent.attachIndex(index);
    this.ranker.clear();
  }

  /** The latent factors of the items with interactions, warm × dims, for a vector index; a copy at each call. */
  itemFactors(): Float32Array {
    return this.recommenders.latent.itemFactors();
  }

  /** Reads a user's request for one or several results. */
  session(request: RecommendRequest, options?: SessionOptions): Session {
    const { ranker, recommenders, rowSimilarity: similarity, now } = this;
    const data = () => this.data;
    return new Session(
      {
        get data() {
          return data();
        },
        ranker,
        recommenders,
        similarity,
        now,
      },
      request,
      options,
    );
  }

  /** The best items for a user: {@link Session.recommend} of a session of its own. */
  recommend(request: RecommendRequest, options?: SessionOptions): RecommendResponse {
    return this.session(request, options).recommend();
  }

  /**
   * Items like one item: what is about the same things, and what people who like it like too. The response is that of a
   * recommendation.
   *
   * @throws InkpickError `NOT_FOUND` where the catalog does not have the item
   */
  similar({ id, exclude, ...request }: SimilarRequest): RecommendResponse {
    if (!this.knows(id)) throw new InkpickError('NOT_FOUND', `${this.info.id} has no item ${JSON.stringify(id)}`);
    return this.recommend({ mode: 'hybrid', history: [{ id }], hidden: exclude, ...request });
  }

  /** The items to ask a new user about next, so that the answers distinguish tastes (quick-pick.ts); best first. */
  askNext({ answers, interests, skip = [], count }: AskRequest): ItemSummary[] {
    const { data, ranker } = this;
    const read = ranker.read({ mode: 'hybrid', history: answers, interests, hidden: skip, topK: count });
    const excluded = ranker.excludedRows(read);
    const { questions, resolution } = readQuestions(data, ranker.weigh(read).signals, excluded);
    const asked = excluded.filter((row) => !data.catalog.withdrawn.has(row));
    return chooseQuestions(questions, resolution, asked, count, this.rowSimilarity).map((row) =>
      data.catalog.summary(row),
    );
  }

  /** Builds the index of the search box in slices of about a millisecond; without it the first search builds it. */
  prepareSearch(): Generator<undefined, void> {
    return this.catalogSearch.prepare();
  }

  /** Items by title, creator or year, best match first. */
  search(query: string, limit: number): SearchResponse {
    // Building the index is not part of the search.
    this.catalogSearch.ensureReady();
    const begin = this.now();
    const hits = this.catalogSearch.search(query, limit);
    return {
      domain: this.info.id,
      query,
      hits,
      stats: { itemsSearched: this.data.catalog.size, milliseconds: this.now() - begin },
    };
  }

  /** The items that most users chose. */
  popular(limit: number, offset = 0): ItemSummary[] {
    const { catalog } = this.data;
    const found: ItemSummary[] = [];
    for (let row = 0, place = 0; row < catalog.size && found.length < limit; row++) {
      if (catalog.withdrawn.has(row)) continue;
      if (place++ >= offset) found.push(catalog.summary(row));
    }
    return found;
  }

  /** The most popular items of an interest; none where the interest is unknown. */
  interestItems(interestId: string, limit: number): ItemSummary[] {
    const { catalog, interests } = this.data;
    const rows = interests.find(({ id }) => id === interestId)?.items ?? [];
    return rows
      .filter((row) => !catalog.withdrawn.has(row))
      .slice(0, limit)
      .map((row) => catalog.summary(row));
  }

  /** Whether the items that are there include one of this own or external id. */
  knows(id: string): boolean {
    return this.resolve(id) !== undefined;
  }

  /** The row of an item by own or external id; undefined where there is none. */
  resolve(id: string): number | undefined {
    return this.data.catalog.resolve(id);
  }

  /** The own id of an item by own or external id; undefined where there is none. */
  ownId(id: string): string | undefined {
    const row = this.resolve(id);
    return row === undefined ? undefined : this.data.catalog.id(row);
  }

  /** Summaries in the order of `ids`, without those of unknown ids. */
  items(ids: readonly string[]): ItemSummary[] {
    return ids.flatMap((id) => {
      const row = this.resolve(id);
      return row === undefined ? [] : [this.data.catalog.summary(row)];
    });
  }

  /** How similar two items are to MMR, about [0, 1]; 0 where either is unknown. */
  similarity(a: string, b: string): number {
    const [rowA, rowB] = [this.resolve(a), this.resolve(b)];
    return rowA === undefined || rowB === undefined ? 0 : this.rowSimilarity(rowA, rowB);
  }

  /**
   * The items of the build that have factors, most popular first, for an index on a server. `record` is what an engine
   * with the head alone needs to add the item; null for items of the head.
   */
  *vectors(): Generator<{ id: string; factors: Float32Array; record: PublishedItem | null }> {
    const { catalog, manifest } = this.data;
    for (let row = 0; row < catalog.builtSize; row++) {
      const factors = this.recommenders.latent.factorsOf(row);
      if (!factors) continue;
      const record = row < manifest.counts.headItems ? null : this.data.recordOf(row);
      yield { id: catalog.id(row), factors, record };
    }
  }

  private setData(data: DomainData): void {
    this.data = data;
    this.ranker.setData(data);
    this.catalogSearch.setData(data);
  }

  /** How similar two rows are: the mean of both views, or content alone where either has no trained factors. */
  private readonly rowSimilarity = (a: number, b: number): number => {
    const byContent = this.data.terms.similarity(a, b);
    const { latent } = this.recommenders;
    if (a >= latent.size || b >= latent.size) return byContent;
    return (byContent + Math.max(0, latent.similarity(a, b))) / 2;
  };
}
