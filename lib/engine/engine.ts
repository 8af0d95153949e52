import {
  type DomainInfo,
  type ItemSummary,
  type Reason,
  type RecommendRequest,
  type RecommendResponse,
  type ScoredItem,
  type ScoreTerm,
  type SearchResponse,
  SIGNALS,
  type Signal,
} from '../contracts/engine';
import type { Manifest } from '../contracts/manifest';
import { type CatalogColumns, joinCatalogs } from '../format/catalog';
import { type ContentColumns, joinContent } from '../format/content';
import type { ItemTowerColumns } from '../format/item-tower';
import type { LatentColumns } from '../format/latent';
import type { NeighbourColumns } from '../format/neighbours';
import { blendWeights } from './blend';
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
} from './candidates';
import { Catalog } from './catalog';
import { knownRows, type RequestEvidence, readEvidence } from './evidence';
import { evidenceShares, topReasons, type WeightedProfile } from './explain';
import { type GateState, gateInput, learnedWeights } from './gate';
import type { Mlp } from './mlp';
import { ContentRecommender } from './recommenders/content';
import { LatentRecommender } from './recommenders/latent';
import { NeighboursRecommender } from './recommenders/neighbours';
import { PopularRecommender } from './recommenders/popular';
import type { Evidence } from './recommenders/recommender';
import { towerInputs } from './recommenders/user-tower';
import { mmr } from './rerank';
import { finish } from './search/build';
import { indexingCatalog, type SearchIndex } from './search/search-index';
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

/** What only the pipeline and the worker set. */
export interface RecommendOptions {
  /** Weights of the signals instead of those that mode and gate give. */
  weights?: Partial<Record<Signal, number>>;
  /** How the user's factors are found, whatever the length of the history. */
  latentUser?: 'fold-in' | 'tower';
  /** Of the user tower for {@link Engine.towerInput} of the same request, where it ran elsewhere. */
  towerOutput?: Float32Array;
}

/** A request in the engine's numbers, and the signals in force for it. */
interface Reading extends RequestEvidence {
  signals: WeightedSignal[];
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

const excludedRows = ({ seen, hidden }: RequestEvidence): number[] => [...new Set([...seen, ...hidden])];

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
    return this.catalog.size === this.manifest.counts.items;
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
    this.forget();
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

  /** Summaries in the order asked; unknown ids are left out. */
  items(ids: readonly string[]): ItemSummary[] {
    return ids.flatMap((id) => {
      const row = this.resolve(id);
      return row === undefined ? [] : [this.catalog.summary(row)];
    });
  }

  /** The items that most users chose. */
  popular(limit: number, offset = 0): ItemSummary[] {
    const count = Math.max(0, Math.min(limit, this.catalog.size - offset));
    return Array.from({ length: count }, (_, i) => this.catalog.summary(offset + i));
  }

  /** The most popular items of an interest; none where the interest is unknown. */
  interestItems(interestId: string, limit: number): ItemSummary[] {
    const interest = this.interests.find(({ id }) => id === interestId);
    return (interest?.items ?? []).slice(0, limit).map((row) => this.catalog.summary(row));
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
    const hits = index.search(query, limit).map(({ row, match }) => ({ ...this.catalog.summary(row), match }));
    return {
      domain: this.info.id,
      query,
      hits,
      stats: { itemsSearched: this.catalog.size, milliseconds: this.now() - begin },
    };
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

  /** How alike two items are to MMR, about [0, 1]; 0 where either is unknown. */
  similarity(a: string, b: string): number {
    const [rowA, rowB] = [this.resolve(a), this.resolve(b)];
    return rowA === undefined || rowB === undefined ? 0 : this.similarityOf(rowA, rowB);
  }

  /** Ids of the candidate stage, which the ranking then chooses from, best first. */
  candidates(request: RecommendRequest, options: RecommendOptions = {}): string[] {
    const { topK } = request;
    const reading = this.read(request, options);
    const { rows } = rankRows(this.scoreCandidates(reading, topK), reading.signals, candidateCount(topK));
    return Array.from(rows, (row) => this.catalog.columns.ids[row]);
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
    const rows = this.pool.draw(signals, candidateCount(request.topK), excludedRows(reading));
    const table = new ScoreTable(rows);
    const scores = new Float32Array(rows.length * SIGNALS.length);
    for (const { signal, profile } of signals) {
      const column = SIGNALS.indexOf(signal);
      table.of(signal, profile).forEach((score, i) => {
        scores[i * SIGNALS.length + column] = score;
      });
    }
    return { gateInput: gateInput(state), ids: Array.from(rows, (row) => this.catalog.columns.ids[row]), scores };
  }

  /**
   * The best items for a user, each with the terms of its score and the causes of it. Unknown ids in the request are
   * reported, never fatal. The arguments are trusted: validate them at the edge.
   */
  recommend(request: RecommendRequest, options: RecommendOptions = {}): RecommendResponse {
    const begin = this.now();
    const reading = this.read(request, options);
    const { evidence, hidden, unknown, signals, alpha } = reading;
    const named =
      request.candidates && knownRows(request.candidates, this.catalog, unknown).filter((row) => !hidden.has(row));
    const table = named ? new ScoreTable(Uint32Array.from(named)) : this.scoreCandidates(reading, request.topK);
    const chosen = this.diversify(
      rankRows(table, signals, rankedPlaces(request.topK)),
      request.topK,
      request.diversity ?? 0,
    );
    const items = chosen.map(({ row, score: total }): ScoredItem => {
      const terms = signals.map(({ signal, profile, weight }): ScoreTerm => {
        const z = zScore(profile, row);
        return { signal, weight, z, contribution: weight * z };
      });
      return {
        ...this.catalog.summary(row),
        score: total,
        terms,
        reasons: request.withoutReasons ? [] : this.reasons(row, evidence, signals, terms),
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
        milliseconds: this.now() - begin,
        index:
          !named && signals.some(({ signal, weight }) => signal === 'latent' && weight > 0)
            ? this.latent.indexKind
            : 'none',
      },
    };
  }

  private evidenceOf(request: RecommendRequest): RequestEvidence {
    return readEvidence(request, this.catalog, this.interests);
  }

  private usesTower(likes: number): boolean {
    return this.tower !== null && likes <= this.manifest.towerMostLikes;
  }

  /** What the gate is told, and with it what every signal makes of the user; remembered until the next user's. */
  private gateState(
    { mode, history }: RecommendRequest,
    { evidence, likes }: RequestEvidence,
    { towerOutput, latentUser }: RecommendOptions,
  ): { key: string; state: GateState } {
    // The gate hears of content in collaborative mode too: it was taught with it.
    const [usesContent, usesOthers] = [mode !== 'popular', mode === 'hybrid' || mode === 'collaborative'];
    const towered = latentUser ? latentUser === 'tower' : this.usesTower(likes);
    const timestamps = history.flatMap(({ timestamp }) => timestamp ?? []);
    const pieces = evidence.map(({ source, weight, sign }) =>
      source.kind === 'item' ? `${source.row}*${sign * weight}` : `i${source.interest}*${weight}`,
    );
    const key = [usesContent, usesOthers, towered && (towerOutput ?? true), pieces, 'at', timestamps].join();
    if (this.lastState?.key !== key) {
      const towerRun = this.tower && towered ? { tower: this.tower, output: towerOutput } : undefined;
      // First, since the recommenders' buffers are those of the next user from here on.
      this.forget();
      const state = {
        evidence,
        profiles: {
          content: usesContent ? this.content.profile(evidence) : null,
          latent: usesOthers ? this.latent.profile(evidence, towerRun) : null,
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
    const signals = SIGNALS.flatMap((signal) => {
      const [profile, weight] = [profiles[signal], blend.weights[signal]];
      return profile && weight !== 0 ? [{ signal, profile, weight }] : [];
    });
    return { ...reading, key, signals, alpha: blend.alpha };
  }

  /** The candidate stage: what the signals propose, which no signal may that counts against what it finds. */
  private scoreCandidates(reading: Reading, topK: number): ScoreTable {
    const proposing = proposers(reading.signals);
    const excluded = excludedRows(reading);
    const key = [reading.key, proposing.map(({ signal }) => signal), poolSize(topK), excluded].join();
    if (this.lastTable?.key !== key)
      this.lastTable = { key, value: new ScoreTable(this.pool.draw(proposing, poolSize(topK), excluded)) };
    return this.lastTable.value;
  }

  private diversify({ rows, scores }: Ranking, topK: number, diversity: number): { row: number; score: number }[] {
    const places = Math.min(topK, MMR_PLACES);
    const pool = rows.subarray(0, rankedPlaces(places));
    const picked = diversity > 0 ? mmr(pool, scores, places, diversity, (a, b) => this.similarityOf(a, b)) : [];
    const taken = new Set(picked);
    for (let position = 0; picked.length < Math.min(topK, rows.length); position++)
      if (!taken.has(position)) picked.push(position);
    return picked.map((position) => ({ row: rows[position], score: scores[position] }));
  }

  /** How alike two items are: the mean of both views, or content alone where either has no factors. */
  private similarityOf(a: number, b: number): number {
    const byContent = this.content.similarity(a, b);
    if (a >= this.latent.size || b >= this.latent.size) return byContent;
    return (byContent + Math.max(0, this.latent.similarity(a, b))) / 2;
  }

  private reasons(
    row: number,
    evidence: readonly Evidence[],
    signals: readonly WeightedProfile[],
    terms: readonly ScoreTerm[],
  ): Reason[] {
    const shares = evidenceShares(row, evidence, signals);
    // Where popularity counts against an item, to be little known is no reason that the crowd would give.
    const popular = terms.find(({ signal, weight }) => signal === 'popular' && weight > 0);
    return topReasons(
      shares,
      popular?.contribution ?? 0,
      this.catalog.columns.popularity[row],
      (index, share): Reason => {
        const piece = evidence[index];
        if (piece.source.kind === 'interest') {
          const { id, label } = this.manifest.interests[piece.source.interest];
          const shared = piece.terms.filter((term) => this.content.hasTerm(row, term));
          return { kind: 'interest', id, label, share, terms: this.nameTerms(shared) };
        }
        const liked = piece.source.row;
        const { ids, titles } = this.catalog.columns;
        return {
          kind: 'history',
          id: ids[liked],
          title: titles[liked],
          share,
          terms: this.nameTerms(this.content.sharedTerms(liked, row)),
        };
      },
    );
  }

  private nameTerms(terms: readonly number[]): string[] {
    return terms
      .filter((term) => this.tellable[term])
      .slice(0, TERMS_PER_REASON)
      .map((term) => this.contentColumns.terms[term]);
  }
}
