import {
  type AskRequest,
  type DomainInfo,
  type ItemSummary,
  type Reason,
  type RecommendRequest,
  type RecommendResponse,
  type ScoredItem,
  type ScoreSignal,
  type ScoreTerm,
  type SearchResponse,
  SIGNALS,
  type Signal,
} from '../contracts/engine';
import type { PublishedItem } from '../contracts/live-signals';
import type { Manifest } from '../contracts/manifest';
import { type CatalogColumns, joinCatalogs } from '../format/catalog';
import { type ContentColumns, joinContent } from '../format/content';
import type { ItemTowerColumns } from '../format/item-tower';
import type { LatentColumns } from '../format/latent';
import type { NeighbourColumns } from '../format/neighbours';
import type { Mlp } from '../math/mlp';
import { Additions } from './catalog/additions';
import { Catalog } from './catalog/catalog';
import { searchedNames, shownField, shownTags, tagsOfRow, termsOfItems } from './catalog/item-terms';
import { chooseQuestions } from './quick-pick';
import { blendWeights } from './ranking/blend';
import {
  CandidatePool,
  candidateCount,
  poolSize,
  proposers,
  type Ranking,
  rankRows,
  ScoreTable,
  type WeightedSignal,
  zScore,
} from './ranking/candidates';
import { knownRows, type RequestEvidence, readEvidence } from './ranking/evidence';
import { evidenceShares, type OtherCause, topReasons } from './ranking/explain';
import { audienceOver, fillFreshPlaces, freshPlaces, sampleRate } from './ranking/fresh-items';
import { type GateState, gateInput, learnedWeights } from './ranking/gate';
import { type FreshItem, type LiveRows, readLiveSignals } from './ranking/live-rows';
import { mmr } from './ranking/mmr';
import { ContentRecommender } from './recommenders/content';
import { LatentRecommender, type TowerRun } from './recommenders/latent';
import { NeighboursRecommender } from './recommenders/neighbours';
import { PopularRecommender } from './recommenders/popular';
import { SOCIAL_WEIGHT, socialProfile } from './recommenders/social';
import { type TermCounts, weighRows } from './recommenders/tfidf';
import { towerInputs } from './recommenders/user-tower';
import { finish } from './search/build';
import { indexItems, indexingCatalog, type SearchIndex } from './search/search-index';
import type { VectorIndex } from './vector-index/vector-index';

/** All that the engine is made from, decoded. */
export interface EngineParts {
  manifest: Manifest;
  /** Hash of the manifest, which names every artifact by its own hash. */
  version: string;
  catalog: CatalogColumns;
  content: ContentColumns;
  latent: LatentColumns;
  neighbours: NeighbourColumns;
  /** Gives each signal its weight for a user; see gate.ts for its inputs and outputs. */
  gate: Mlp;
  /** Finds the factors of users with short histories; the fold-in does where there is none. */
  tower?: Mlp;
  /** Where `catalog` and `content` are the whole. */
  itemTower?: ItemTowerColumns;
  /** Where `catalog` and `content` are the head alone; it may be attached later too. */
  tail?: EngineTail;
}

/** The items that nobody chose: the rows of the catalog from `headItems` on. */
export interface EngineTail {
  /** Row 0 is row `headItems` of the catalog; names are numbered on from the head's. */
  catalog: CatalogColumns;
  /** Terms are numbered on from the head's; rows name terms of both. */
  content: ContentColumns;
  /** Gives these items factors. */
  itemTower: ItemTowerColumns;
}

/** MMR weighs this many candidates for each place in the list, and reorders no further than this many places. */
const MMR_POOL_FACTOR = 5;
const MMR_PLACES = 100;
/** A term in more than this share of the catalog (English, United States) is not worth naming. */
const COMMON_TERM_SHARE = 0.2;
/** Shared terms named in a reason. */
const TERMS_PER_REASON = 3;

/** The personal score of a fresh item is compared with those of so many items, evenly spread over the warm ones. */
const PERCENTILE_SAMPLE = 200;
/** A newcomer is asked about one of so many of the best-known items. */
const ASKED_ABOUT = 2000;

/** What only the pipeline, the worker and the server set. */
export interface RecommendOptions {
  /** Weights of the signals instead of those that mode and gate give. */
  weights?: Partial<Record<Signal, number>>;
  /** How the user's factors are found, whatever the length of the history. */
  latentUser?: 'fold-in' | 'tower';
  /** Of the user tower for {@link Engine.towerInput} of the same request, where it ran elsewhere. */
  towerOutput?: Float32Array;
  /** Of {@link Engine.userFactors} for the same evidence, where they have been kept: then they are not found again. */
  userFactors?: Float32Array;
}

/** A request in the engine's numbers, and the signals in force for it. */
interface Reading extends RequestEvidence {
  signals: WeightedSignal[];
  live: LiveRows;
  alpha: number;
  /** Of the evidence and of whatever else the profiles of the signals depend on. */
  key: string;
}

/** The last value that was made, and what it was made for. */
interface Last<T> {
  key: string;
  value: T;
}

/** So far down the ranking is put in order: MMR's pool, and the list itself. */
const rankedPlaces = (topK: number): number => Math.max(topK, MMR_PLACES, MMR_POOL_FACTOR * Math.min(topK, MMR_PLACES));

/** What a domain says of itself, by its manifest alone. */
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

/** The recommender of one domain: pure computation over decoded artifacts, the same in a worker and in Node. */
export class Engine {
  readonly info: DomainInfo;
  private readonly manifest: Manifest;
  private catalog: Catalog;
  private content: ContentRecommender;
  private readonly latent: LatentRecommender;
  private readonly neighbours: NeighboursRecommender;
  private readonly gate: Mlp;
  private tower: Mlp | null = null;
  private popularity: PopularRecommender;
  /** Made at the first search, or by {@link prepareSearch}. */
  private searchIndex: SearchIndex | null = null;
  /** The rows and terms that are there. */
  private contentColumns: ContentColumns;
  /** Those of the manifest, less the rows and terms that are not there yet. */
  private interests: Manifest['interests'];
  /** By term: whether it may be named in a reason. Words out of running text, and what most items share, say little. */
  private tellable: boolean[];
  private readonly now: () => number;
  private pool: CandidatePool;
  private readonly additions = new Additions();
  /** Those of the additions that the build does not have, in the order of their rows. */
  private added: PublishedItem[] = [];
  /** Their terms, as far as they have been looked up in the vocabulary that is there. */
  private addedTerms = new WeakMap<PublishedItem, TermCounts>();
  /** Of the search box over them; made at the first search. */
  private addedIndex: SearchIndex | null = null;
  /** The field whose values are shown as tags; undefined until something is added. */
  private shownField: string | null | undefined;
  /** The profiles of the last user: recommenders keep one at a time, and whoever moves a slider is the same user still. */
  private lastState: Last<GateState> | null = null;
  /** The last candidates, scored on the signals that were asked. */
  private lastTable: Last<ScoreTable> | null = null;

  /** @param now a clock in milliseconds, such as `performance.now` */
  constructor(parts: EngineParts, now: () => number) {
    const { manifest } = parts;
    this.manifest = manifest;
    this.now = now;
    const open = this.open(parts.catalog, parts.content);
    ({ catalog: this.catalog, content: this.content, popularity: this.popularity, pool: this.pool } = open);
    ({ contentColumns: this.contentColumns, interests: this.interests, tellable: this.tellable } = open);
    this.latent = new LatentRecommender(parts.latent);
    if (parts.itemTower) this.latent.attachItemTower(parts.itemTower, this.content.rows);
    this.neighbours = new NeighboursRecommender(parts.neighbours);
    this.gate = parts.gate;
    this.info = domainInfo(manifest, parts.version);
    if (parts.tower) this.attachTower(parts.tower);
    if (parts.tail) this.attachTail(parts.tail);
  }

  /** All that depends on the rows of the catalog. */
  private open(catalog: CatalogColumns, content: ContentColumns) {
    const { counts, domain, interests } = this.manifest;
    const calibrationRows = counts.warmItems > 0 ? counts.warmItems : counts.items;
    const common = COMMON_TERM_SHARE * counts.items;
    const tellable = Array.from(
      content.termFields,
      (field, term) => content.fields[field].tellable && content.documentFrequency[term] <= common,
    );
    for (const term of content.notNamed) tellable[term] = false;
    const [rows, terms] = [catalog.ids.length, content.terms.length];
    return {
      catalog: new Catalog(catalog, domain.links),
      content: new ContentRecommender(content, calibrationRows, counts.items),
      popularity: new PopularRecommender(catalog.popularity, calibrationRows),
      pool: new CandidatePool(rows),
      contentColumns: content,
      interests: interests.map((interest) => ({
        ...interest,
        items: interest.items.filter((row) => row < rows),
        terms: interest.terms.filter((term) => term < terms),
      })),
      tellable,
    };
  }

  /** Whether the whole catalog is there, and not its head alone. */
  get isWhole(): boolean {
    return this.catalog.columns.ids.length === this.manifest.counts.items;
  }

  /** Whether the rows that are there hold an item of this own or external id. */
  knows(id: string): boolean {
    return this.resolve(id) !== undefined;
  }

  /** Adds the items that nobody chose; from now on they are found and recommended too. */
  attachTail(tail: EngineTail): void {
    Object.assign(
      this,
      this.open(joinCatalogs(this.catalog.columns, tail.catalog), joinContent(this.contentColumns, tail.content)),
    );
    this.latent.attachItemTower(tail.itemTower, this.content.rows);
    this.searchIndex = null;
    this.addedTerms = new WeakMap();
    this.openAdditions();
  }

  /**
   * Adds items that were published since the build: from now on they are found, recommended by their content and factors, and
   * known in histories. An item that was added before is replaced; one that the build has is left as it is. Either is no
   * longer withdrawn. The item tower comes with the tail: until then an item has no factors but given ones.
   */
  addItems(items: readonly PublishedItem[]): void {
    if (this.additions.add(items)) this.openAdditions();
  }

  /**
   * Takes items away, by own id: from now on no answer has them, and a request that names them is told that they are unknown.
   * Ids that nobody knows are kept in mind, since a tail may bring them.
   */
  withdraw(ids: readonly string[]): void {
    if (this.additions.withdraw(ids)) this.openAdditions();
  }

  /** Puts what was added behind the rows that are there. */
  private openAdditions(): void {
    this.forget();
    const { additions, catalog, contentColumns } = this;
    const { items, withdrawnIds } = additions;
    if (items.length === 0 && withdrawnIds.size === 0 && this.added.length === 0 && catalog.withdrawn.size === 0)
      return;
    if (items.length > 0) this.shownField ??= shownField(catalog.columns, contentColumns);
    const { fields } = contentColumns;
    this.added = items.filter(({ id }) => !catalog.isBuilt(id));
    const summaries = this.added.map((item): ItemSummary => {
      const { id, title, creators, external } = item;
      const tags = shownTags(item, this.shownField ?? null, fields);
      const links = catalog.linksOf(id, external);
      return { id, title, year: item.year || null, creators, tags, external, links, popularity: 0 };
    });
    catalog.change(summaries, withdrawnIds);
    const itemCount = this.manifest.counts.items;
    const unread = this.added.filter((item) => !this.addedTerms.has(item));
    termsOfItems(unread, contentColumns, itemCount).forEach((terms, i) => {
      this.addedTerms.set(unread[i], terms);
    });
    const terms = this.added.map((item) => this.addedTerms.get(item)!);
    this.content.append(weighRows(contentColumns, itemCount, terms));
    const factors = this.added.map((item) => (item.factors ? Float32Array.from(item.factors) : null));
    this.latent.append(this.content.rows, catalog.columns.ids.length, factors);
    this.pool = new CandidatePool(catalog.size);
    this.addedIndex = null;
  }

  /** How many numbers are the factors of an item, or of a user. */
  get dims(): number {
    return this.latent.dims;
  }

  /**
   * The items of the build that have factors, most popular first. What an engine with the head of the catalog alone lacks of an item comes
   * with it, as {@link addItems} takes it; null for items of the head.
   */
  *vectors(): Generator<{ id: string; factors: Float32Array; record: PublishedItem | null }> {
    const { columns } = this.catalog;
    const shown = shownField(columns, this.contentColumns);
    for (let row = 0; row < columns.ids.length; row++) {
      const factors = this.latent.factorsOf(row);
      if (!factors) continue;
      const record = row < this.manifest.counts.headItems ? null : this.recordOf(row, shown);
      yield { id: columns.ids[row], factors, record };
    }
  }

  private recordOf(row: number, shown: string | null): PublishedItem {
    const { id, title, year, creators, tags: shownTags, external } = this.catalog.summary(row);
    const tags = tagsOfRow(row, this.contentColumns);
    return {
      ...{ id, title, year, creators, external },
      tags: shown === null ? tags : { ...tags, [shown]: shownTags },
      publishedAt: 0,
    };
  }

  /** The latent factors of the warm items, warm × dims, over which a vector index may be opened; a copy at each call. */
  itemFactors(): Float32Array {
    return this.latent.itemFactors();
  }

  /** Retrieves latent candidates through `index` from now on. */
  attachIndex(index: VectorIndex): void {
    this.latent.attachIndex(index);
    this.forget();
  }

  /** The row of an item by own or external id; undefined where there is none. */
  resolve(id: string): number | undefined {
    return this.catalog.resolve(id);
  }

  /** The own id of an item, by that or an external one; undefined where there is none. */
  ownId(id: string): string | undefined {
    const row = this.resolve(id);
    return row === undefined ? undefined : this.catalog.id(row);
  }

  /** Summaries in the order asked; unknown ids are left out. */
  items(ids: readonly string[]): ItemSummary[] {
    return ids.flatMap((id) => {
      const row = this.resolve(id);
      return row === undefined ? [] : [this.catalog.summary(row)];
    });
  }

  /** The items that most users chose. */
  popular(limit: number, offset = 0): ItemSummary[] {
    const { catalog } = this;
    const found: ItemSummary[] = [];
    for (let row = 0, place = 0; row < catalog.size && found.length < limit; row++) {
      if (catalog.withdrawn.has(row)) continue;
      if (place++ >= offset) found.push(catalog.summary(row));
    }
    return found;
  }

  /** The most popular items of an interest; none where the interest is unknown. */
  interestItems(interestId: string, limit: number): ItemSummary[] {
    const interest = this.interests.find(({ id }) => id === interestId);
    const rows = (interest?.items ?? []).filter((row) => !this.catalog.withdrawn.has(row));
    return rows.slice(0, limit).map((row) => this.catalog.summary(row));
  }

  /** Makes the index of the search box, in slices of about a millisecond; without it the first search makes it. */
  *prepareSearch(): Generator<undefined, SearchIndex> {
    const { columns } = this.catalog;
    const index = yield* indexingCatalog(columns, this.contentColumns);
    // A tail may have come meanwhile.
    if (columns === this.catalog.columns) this.searchIndex = index;
    return index;
  }

  search(query: string, limit: number): SearchResponse {
    const index = this.searchIndex ?? finish(this.prepareSearch());
    const begin = this.now();
    const { catalog } = this;
    const hits = index
      .search(query, limit + catalog.withdrawn.size, this.indexOfAdded(index))
      .filter(({ row }) => !catalog.withdrawn.has(row))
      .slice(0, Math.max(0, limit))
      .map(({ row, match }) => ({ ...catalog.summary(row), match }));
    return {
      domain: this.info.id,
      query,
      hits,
      stats: { itemsSearched: this.catalog.size, milliseconds: this.now() - begin },
    };
  }

  private indexOfAdded(whole: SearchIndex): SearchIndex | undefined {
    const { added, catalog } = this;
    if (added.length === 0) return undefined;
    const first = catalog.columns.ids.length;
    this.addedIndex ??= indexItems(
      added.map((_, i) => catalog.summary(first + i)),
      added.map((item) => searchedNames(item, this.contentColumns.fields)),
      whole,
      first > 0 ? catalog.popularity(0) : 0,
    );
    return this.addedIndex;
  }

  /** Lets the user tower find the factors of users with short histories from now on. */
  attachTower(tower: Mlp): void {
    const [inputs, outputs] = [tower.layers[0].inputs, tower.layers[tower.layers.length - 1].outputs];
    const { dims } = this.latent;
    if (inputs !== towerInputs(dims) || outputs !== dims)
      throw new RangeError(`a tower of ${inputs} inputs and ${outputs} outputs does not fit factors of ${dims}`);
    this.tower = tower;
    this.forget();
  }

  /** Forgets the last user, where another answer is due to the same request now. */
  private forget(): void {
    this.lastState = null;
    this.lastTable = null;
  }

  /** What the user tower takes for this request; null where the engine does without it. */
  towerInput(request: RecommendRequest): Float32Array | null {
    if (request.mode === 'popular' || request.mode === 'content') return null;
    const { evidence, likes } = this.evidenceOf(request);
    return this.usesTower(likes) ? this.latent.towerInput(evidence) : null;
  }

  /** The user's factors by the closed-form fold-in; null where nothing in the request has factors. */
  latentQuery(request: RecommendRequest): Float32Array | null {
    return this.latent.userFactors(this.evidenceOf(request).evidence);
  }

  /**
   * The user's factors as {@link recommend} finds them, by tower or fold-in; null where nothing in the request has factors. They
   * may be kept and given back as `userFactors` as long as the evidence, the model and what was added stay the same.
   */
  userFactors(request: RecommendRequest): Float32Array | null {
    const { evidence, likes } = this.evidenceOf(request);
    return this.latent.userFactors(evidence, this.towerRun(likes, {}));
  }

  /** How alike two items are to MMR, about [0, 1]; 0 where either is unknown. */
  similarity(a: string, b: string): number {
    const [rowA, rowB] = [this.resolve(a), this.resolve(b)];
    return rowA === undefined || rowB === undefined ? 0 : this.similarityOf(rowA, rowB);
  }

  /**
   * Ids of the candidate stage, which the ranking then chooses from, best first; behind them the fresh items that are not among
   * them. A request that names these as its `candidates` has the same list.
   */
  candidates(request: RecommendRequest, options: RecommendOptions = {}): string[] {
    const { topK } = request;
    const reading = this.read(request, options);
    const { rows } = rankRows(this.scoreCandidates(reading, topK), reading.signals, candidateCount(topK));
    const fresh = this.openFresh(reading).map(({ row }) => row);
    return Array.from(new Set([...rows, ...fresh]), (row) => this.catalog.id(row));
  }

  /** What to ask a newcomer about next, so that the answers tell tastes apart (ask-next.ts); best first. */
  askNext({ answers, interests, skip = [], count }: AskRequest): ItemSummary[] {
    const { catalog, manifest } = this;
    const reading = this.read({ mode: 'hybrid', history: answers, interests, hidden: skip, topK: count }, {});
    const asked = this.excludedRows(reading);
    const closed = new Set(asked);
    const personal = reading.signals.filter(({ signal }) => signal !== 'popular');
    const weights = personal.reduce((sum, { weight }) => sum + Math.abs(weight), 0) || 1;
    const most = Math.max(1, manifest.counts.items > 0 ? catalog.popularity(0) : 0);
    const known = Math.min(ASKED_ABOUT, manifest.counts.warmItems || manifest.counts.items);
    const questions = Array.from({ length: known }, (_, row) => row)
      .filter((row) => !closed.has(row))
      .map((row) => ({
        row,
        popularity: catalog.popularity(row) / most,
        affinity: personal.reduce((sum, { profile, weight }) => sum + weight * zScore(profile, row), 0) / weights,
      }));
    const askedItems = asked.filter((row) => !catalog.withdrawn.has(row));
    return chooseQuestions(questions, 1 / most, askedItems, count, (a, b) => this.similarityOf(a, b)).map((row) =>
      catalog.summary(row),
    );
  }

  /**
   * What the gate is told of the request's user, and what every signal says of each candidate, to learn the blend from.
   *
   * @returns `scores`: z-scores, ids × signals in the order of {@link SIGNALS}; 0 for a signal that says nothing
   */
  inspect(request: RecommendRequest): { gateInput: Float32Array; ids: string[]; scores: Float32Array } {
    const reading = this.evidenceOf(request);
    const { state } = this.gateState(request, reading, {});
    const signals = SIGNALS.flatMap((signal) => {
      const profile = state.profiles[signal];
      return profile ? [{ signal, profile }] : [];
    });
    const { rows } = this.pool.draw(signals, candidateCount(request.topK), this.excludedRows(reading));
    const table = new ScoreTable(rows);
    const scores = new Float32Array(rows.length * SIGNALS.length);
    for (const { signal, profile } of signals) {
      const column = SIGNALS.indexOf(signal);
      table.of(signal, profile).forEach((score, i) => {
        scores[i * SIGNALS.length + column] = score;
      });
    }
    return { gateInput: gateInput(state), ids: Array.from(rows, (row) => this.catalog.id(row)), scores };
  }

  /**
   * The best items for a user, each with the terms of its score and the causes of it. Unknown ids in the request are
   * reported, never fatal. The arguments are trusted: validate them at the edge.
   */
  recommend(request: RecommendRequest, options: RecommendOptions = {}): RecommendResponse {
    const begin = this.now();
    const reading = this.read(request, options);
    const { hidden, unknown, signals, alpha } = reading;
    const named =
      request.candidates && knownRows(request.candidates, this.catalog, unknown).filter((row) => !hidden.has(row));
    const table = named ? new ScoreTable(Uint32Array.from(named)) : this.scoreCandidates(reading, request.topK);
    const ranked = this.diversify(
      rankRows(table, signals, rankedPlaces(request.topK)),
      request.topK,
      request.diversity ?? 0,
    );
    const fresh = this.drawFresh(reading, ranked, named, request.seed ?? 0);
    const isFresh = new Set(fresh);
    const items = fillFreshPlaces(ranked, fresh).map((row): ScoredItem => {
      const terms = signals.map(({ signal, profile, weight }): ScoreTerm => {
        const z = zScore(profile, row);
        return { signal, weight, z, contribution: weight * z };
      });
      return {
        ...this.catalog.summary(row),
        score: terms.reduce((sum, { contribution }) => sum + contribution, 0),
        terms,
        reasons: request.withoutReasons ? [] : this.reasons(row, reading, terms, isFresh.has(row)),
        ...(isFresh.has(row) && { slot: 'fresh' }),
      };
    });
    return {
      domain: this.info.id,
      mode: request.mode,
      alpha,
      alphaAuto: request.mode === 'hybrid' && request.alpha === undefined,
      items,
      unknown,
      stats: {
        itemsSearched: named ? named.length : this.catalog.size,
        candidates: named ? named.length : Math.min(table.rows.length, candidateCount(request.topK)),
        ...(table.sources && { sources: table.sources }),
        ...(request.measureDiversity && { diversity: this.diversityOf(items) }),
        milliseconds: this.now() - begin,
        index:
          !named && signals.some(({ signal, weight }) => signal === 'latent' && weight > 0)
            ? this.latent.indexKind
            : 'none',
      },
    };
  }

  /** Rows that no list has: of the history, hidden, or withdrawn. */
  private excludedRows({ seen, hidden }: RequestEvidence): number[] {
    return [...new Set([...seen, ...hidden, ...this.catalog.withdrawn])];
  }

  private evidenceOf(request: RecommendRequest): RequestEvidence {
    return readEvidence(request, this.catalog, this.interests);
  }

  private usesTower(likes: number): boolean {
    return this.tower !== null && likes <= this.manifest.towerMostLikes;
  }

  private towerRun(likes: number, { latentUser, towerOutput }: RecommendOptions): TowerRun | undefined {
    const towered = latentUser ? latentUser === 'tower' : this.usesTower(likes);
    return this.tower && towered ? { tower: this.tower, output: towerOutput } : undefined;
  }

  /** What the gate is told, and with it what every signal makes of the user; remembered until the next user's. */
  private gateState(
    { mode, history }: RecommendRequest,
    { evidence, likes }: RequestEvidence,
    options: RecommendOptions,
  ): { key: string; state: GateState } {
    // The gate hears of content in collaborative mode too: it was taught with it.
    const [usesContent, usesOthers] = [mode !== 'popular', mode === 'hybrid' || mode === 'collaborative'];
    const { towerOutput, userFactors } = options;
    if (userFactors && userFactors.length !== this.latent.dims)
      throw new RangeError(
        `${userFactors.length} numbers are not the factors of a user, which are ${this.latent.dims}`,
      );
    const towerRun = this.towerRun(likes, options);
    const timestamps = history.flatMap(({ timestamp }) => timestamp ?? []);
    const pieces = evidence.map(({ source, weight, sign }) =>
      source.kind === 'item' ? `${source.row}*${sign * weight}` : `i${source.interest}*${weight}`,
    );
    const found = userFactors ?? (towerRun && (towerOutput ?? true));
    const key = [usesContent, usesOthers, towerRun !== undefined, found, pieces, 'at', timestamps].join();
    if (this.lastState?.key !== key) {
      // First, since the recommenders' buffers are those of the next user from here on.
      this.forget();
      const state = {
        evidence,
        profiles: {
          content: usesContent ? this.content.profile(evidence) : null,
          latent: usesOthers ? this.latent.profile(evidence, towerRun, userFactors) : null,
          neighbours: usesOthers ? this.neighbours.profile(evidence) : null,
          popular: this.popularity.profile(),
        },
        warmItems: this.manifest.counts.warmItems,
        timestamps,
      };
      this.lastState = { key, value: state };
    }
    return { key, state: this.lastState!.value };
  }

  /** The request, the signals in force for it, and their weights. */
  private read(request: RecommendRequest, options: RecommendOptions): Reading {
    const { mode, alpha } = request;
    const reading = this.evidenceOf(request);
    const { key, state } = this.gateState(request, reading, options);
    const { profiles } = state;
    const available = Object.fromEntries(SIGNALS.map((signal) => [signal, profiles[signal] !== null])) as Record<
      Signal,
      boolean
    >;
    const blend = options.weights
      ? { alpha: 0, weights: { content: 0, latent: 0, neighbours: 0, popular: 0, ...options.weights } }
      : blendWeights({ mode, alpha, learned: learnedWeights(this.gate, state), available });
    const live = readLiveSignals(request.live, mode, this.catalog);
    const signals = SIGNALS.flatMap((signal): WeightedSignal[] => {
      const [profile, weight] = [profiles[signal], blend.weights[signal]];
      if (!profile || weight === 0) return [];
      return [
        { signal, weight, profile: signal === 'popular' ? this.popularity.trendingProfile(live.trending) : profile },
      ];
    });
    if (live.friends.size > 0) {
      const others = signals.reduce((sum, { weight }) => sum + Math.abs(weight), 0);
      signals.push({ signal: 'social', weight: SOCIAL_WEIGHT * (others || 1), profile: socialProfile(live.friends) });
    }
    return { ...reading, key, signals, live, alpha: blend.alpha };
  }

  /** The candidate stage: what the signals propose, which no signal may that counts against what it finds. */
  private scoreCandidates(reading: Reading, topK: number): ScoreTable {
    const proposing = proposers(reading.signals);
    const excluded = this.excludedRows(reading);
    const fresh = this.openFresh(reading).map(({ row }) => row);
    const names = proposing.map(({ signal }) => signal);
    const key = [reading.key, names, poolSize(topK), excluded, reading.live.key, 'fresh', fresh].join();
    if (this.lastTable?.key !== key) {
      const { rows, sources } = this.pool.draw(proposing, poolSize(topK), excluded, fresh);
      this.lastTable = { key, value: new ScoreTable(rows, sources) };
    }
    return this.lastTable.value;
  }

  /** Fresh items that may be shown and have not had their first audience yet. */
  private openFresh({ seen, hidden, live }: Reading): FreshItem[] {
    return live.fresh.filter(
      (item) => !seen.has(item.row) && !hidden.has(item.row) && audienceOver(item, live.baseRate) === null,
    );
  }

  /**
   * Rows for the places of a list that are kept for fresh items, best first: by the sampled rate at which an item is clicked times
   * the percentile of its personal score.
   *
   * @param ranked rows of the list as it is; @param named rows to which the request confines itself
   */
  private drawFresh(reading: Reading, ranked: readonly number[], named: number[] | undefined, seed: number): number[] {
    const places = freshPlaces(ranked.length);
    const { baseRate } = reading.live;
    const listed = new Set(ranked);
    const open = places === 0 ? [] : this.openFresh(reading).filter(({ row }) => !listed.has(row));
    const allowed = named ? open.filter(({ row }) => named.includes(row)) : open;
    if (allowed.length === 0) return [];
    const percentile = this.percentileOf(reading.signals);
    return allowed
      .map((item) => ({ row: item.row, value: sampleRate(item.id, item, baseRate, seed) * percentile(item.row) }))
      .sort((a, b) => b.value - a.value || a.row - b.row)
      .slice(0, places)
      .map(({ row }) => row);
  }

  /** The share of the warm items whose personal score a row's is above, by a sample of them; a half where nothing is personal. */
  private percentileOf(signals: readonly WeightedSignal[]): (row: number) => number {
    const personal = signals.filter(({ signal }) => signal !== 'popular' && signal !== 'social');
    const score = (row: number) =>
      personal.reduce((sum, { profile, weight }) => sum + weight * zScore(profile, row), 0);
    const { warmItems } = this.manifest.counts;
    const size = Math.min(PERCENTILE_SAMPLE, warmItems);
    if (personal.length === 0 || size === 0) return () => 0.5;
    const sample = Array.from({ length: size }, (_, i) => score(Math.floor(((i + 0.5) * warmItems) / size)));
    return (row) => {
      const own = score(row);
      return (sample.filter((other) => other < own).length + 0.5) / (size + 1);
    };
  }

  /** Rows of the list, in order. */
  private diversify({ rows, scores }: Ranking, topK: number, diversity: number): number[] {
    const places = Math.min(topK, MMR_PLACES);
    const pool = rows.subarray(0, rankedPlaces(places));
    const picked = diversity > 0 ? mmr(pool, scores, places, diversity, (a, b) => this.similarityOf(a, b)) : [];
    const taken = new Set(picked);
    for (let position = 0; picked.length < Math.min(topK, rows.length); position++)
      if (!taken.has(position)) picked.push(position);
    return picked.map((position) => rows[position]);
  }

  /** The mean dissimilarity of a list's items, in pairs; 0 for fewer than two. */
  private diversityOf(items: readonly ItemSummary[]): number {
    const rows = items.map(({ id }) => this.catalog.resolve(id)!);
    let sum = 0;
    for (let i = 1; i < rows.length; i++) for (let j = 0; j < i; j++) sum += 1 - this.similarityOf(rows[i], rows[j]);
    const pairs = (rows.length * (rows.length - 1)) / 2;
    return pairs > 0 ? Math.min(1, Math.max(0, sum / pairs)) : 0;
  }

  /** How alike two items are: the mean of both views, or content alone where either has no factors. */
  private similarityOf(a: number, b: number): number {
    const byContent = this.content.similarity(a, b);
    if (a >= this.latent.size || b >= this.latent.size) return byContent;
    return (byContent + Math.max(0, this.latent.similarity(a, b))) / 2;
  }

  private reasons(row: number, reading: Reading, terms: readonly ScoreTerm[], isFresh: boolean): Reason[] {
    const { evidence, signals } = reading;
    const shares = evidenceShares(row, evidence, signals);
    const termOf = (name: ScoreSignal) =>
      terms.find(({ signal, weight }) => signal === name && weight > 0)?.contribution;
    const { friendNames } = reading.live;
    const names = friendNames.get(row) ?? [];
    const reasons = topReasons(
      shares,
      // Where popularity counts against an item, to be little known is no reason that the crowd would give.
      { term: termOf('popular') ?? 0, reason: this.crowdReason(row, reading.live) },
      {
        term: termOf('social') ?? 0,
        reason: friendNames.has(row) ? { kind: 'friends', names, count: names.length } : null,
      },
      (index, share): Reason => {
        const piece = evidence[index];
        if (piece.source.kind === 'interest') {
          const { id, label } = this.manifest.interests[piece.source.interest];
          const shared = piece.terms.filter((term) => this.content.hasTerm(row, term));
          return { kind: 'interest', id, label, share, terms: this.nameTerms(shared) };
        }
        const liked = piece.source.row;
        return {
          kind: 'history',
          id: this.catalog.id(liked),
          title: this.catalog.title(liked),
          share,
          terms: this.nameTerms(this.content.sharedTerms(liked, row)),
        };
      },
    );
    const added = this.added[row - this.catalog.columns.ids.length];
    // What is older than the catalog is not new, though it was brought later.
    if (!added || added.publishedAt === 0) return reasons;
    // What is drawn for a fresh slot is there because it is new, and what it has for the visitor comes second.
    const isNew: Reason = { kind: 'new', publishedAt: added.publishedAt };
    return isFresh ? [isNew, ...reasons] : [...reasons, isNew];
  }

  /** What the crowd would say for an item; null where nobody chose it. */
  private crowdReason(row: number, { trending }: LiveRows): OtherCause['reason'] {
    const live = trending.get(row);
    if (live !== undefined && this.popularity.isTrending(row, live))
      return { kind: 'trending', rank: [...trending.keys()].indexOf(row) + 1 };
    const count = this.catalog.popularity(row);
    return count > 0 ? { kind: 'popular', count } : null;
  }

  private nameTerms(terms: readonly number[]): string[] {
    return terms
      .filter((term) => this.tellable[term])
      .slice(0, TERMS_PER_REASON)
      .map((term) => this.contentColumns.terms[term]);
  }
}
