import {
  type RecommendRequest,
  type RecommendResponse,
  type ScoredItem,
  type ScoreTerm,
  SIGNALS,
} from '../contracts/engine';
import type { DomainData } from './catalog/domain-data';
import { candidateCount, type Ranking, rankRows, type WeightedSignal, zScore } from './ranking/candidates';
import { diversify, listDiversity, rankedPlaces, type Similarity } from './ranking/diversity';
import { fillFreshPlaces, freshPlaces, rankFresh } from './ranking/fresh-items';
import { gateInput } from './ranking/gate';
import { asRanked, type ServedRanking, servedPlaces, serveEach } from './ranking/proportional';
import type { FactorsOptions, FixedWeights, Ranker, ReadRequest } from './ranking/ranker';
import { reasonsOf } from './ranking/reasons';
import type { Recommenders } from './recommenders/registry';

/** What only the pipeline sets. */
export interface SessionOptions {
  /** Weights of the learned signals in place of those that mode and gate give. */
  weights?: FixedWeights;
  /** How the user's factors are found, whatever the length of the history. */
  latentUser?: FactorsOptions['latentUser'];
}

/** The parts of an engine that a session works with. */
export interface SessionEngine {
  readonly data: DomainData;
  readonly ranker: Ranker;
  readonly recommenders: Recommenders;
  readonly similarity: Similarity;
  /** Milliseconds. */
  readonly now: () => number;
}

/**
 * One request of one user: reads the request once and answers several questions about it. Stays valid while items are
 * added to the engine or withdrawn, and reads the request again then.
 */
export class Session {
  private readonly engine: SessionEngine;
  private readonly request: RecommendRequest;
  private readonly options: SessionOptions;
  private userFactorsGiven: Float32Array | undefined;
  private latest: { data: DomainData; read: ReadRequest } | null = null;

  constructor(engine: SessionEngine, request: RecommendRequest, options: SessionOptions = {}) {
    this.engine = engine;
    this.request = request;
    this.options = options;
  }

  /** The input of the user tower; null where the engine does not use a tower for this request. */
  towerInput(): Float32Array | null {
    const { latent } = this.engine.recommenders;
    const usesFactors = (latent.modes as readonly string[]).includes(this.request.mode);
    return usesFactors ? latent.towerInput(this.read()) : null;
  }

  /**
   * The user's factors, dims, by tower or fold-in; null where nothing in the request has factors. They may be stored
   * and given to a later session of the same user as long as the history, the model and the added items stay the same.
   */
  userFactors(): Float32Array | null {
    return this.engine.recommenders.latent.userFactors(this.read());
  }

  /**
   * Uses these factors from now on: the output of the user tower for {@link towerInput} where it ran elsewhere, or what
   * {@link userFactors} returned before.
   *
   * @param factors dims numbers; a request that uses them throws a RangeError for any other length
   */
  setUserFactors(factors: Float32Array): void {
    this.userFactorsGiven = factors;
    this.latest = null;
  }

  /**
   * Ids of the candidate stage, best first, followed by the fresh items that are not among them. The list made from
   * these is the same that the request without `candidates` has.
   */
  candidates(): string[] {
    const { ranker, data } = this.engine;
    const { topK } = this.request;
    const read = this.read();
    const { table, signals } = ranker.prepare(read, this.options.weights);
    const places = Math.max(candidateCount(topK), servedPlaces(read.evidence, topK));
    const ranked = this.serve(rankRows(table, signals, places), read, signals);
    const rows = ranked.rows.subarray(0, candidateCount(topK));
    const fresh = ranker.openFresh(read).map(({ row }) => row);
    return Array.from(new Set([...rows, ...fresh]), (row) => data.catalog.id(row));
  }

  /**
   * The best items for the user, each with the terms of its score and its reasons. Ids that the catalog does not have
   * are reported as `unknown`. The request is trusted: validate it at the edge.
   *
   * @param only ids to which the list is confined, in place of those of the request
   */
  recommend(only: readonly string[] | undefined = this.request.candidates): RecommendResponse {
    const { data, ranker, recommenders, similarity, now } = this.engine;
    const begin = now();
    const read = this.read();
    const { request, hidden, live } = read;
    const { topK, diversity = 0, seed = 0 } = request;
    const unknown = [...read.unknown];
    const named = only && data.catalog.resolveAll(only, unknown).filter((row) => !hidden.has(row));

    const { table, signals, alpha } = ranker.prepare(read, this.options.weights, named);
    const places = Math.max(rankedPlaces(topK), servedPlaces(read.evidence, topK));
    const best = this.serve(rankRows(table, signals, places), read, signals);
    const isFiller = (row: number) => best.fillers.has(row);
    const varied = diversify(best, topK, diversity, similarity);
    const ranked = [...varied.filter((row) => !isFiller(row)), ...varied.filter(isFiller)];
    const listed = new Set(ranked);
    const fresh = rankFresh(
      ranker.openFresh(read).filter(({ row }) => !listed.has(row) && (!named || named.includes(row))),
      freshPlaces(ranked.length),
      { signals, baseRate: live.baseRate, warmItems: data.manifest.counts.warmItems, seed },
    );
    const isFresh = new Set(fresh);
    const list = fillFreshPlaces(ranked, fresh);

    const context = { data, popular: recommenders.popular, evidence: read.evidence, signals, live };
    const items = list.map((row): ScoredItem => {
      const terms = signals.map(({ signal, profile, weight }): ScoreTerm => {
        const z = zScore(profile, row);
        return { signal, weight, z, contribution: weight * z };
      });
      return {
        ...data.catalog.summary(row),
        score: terms.reduce((sum, { contribution }) => sum + contribution, 0),
        terms,
        reasons: request.withoutReasons ? [] : reasonsOf(row, terms, isFresh.has(row), context),
        ...(isFresh.has(row) ? { slot: 'fresh' } : isFiller(row) ? { slot: 'popular' } : {}),
      };
    });
    const usesIndex = !named && signals.some(({ signal, weight }) => signal === 'latent' && weight > 0);
    return {
      domain: data.manifest.domain.id,
      mode: request.mode,
      alpha,
      alphaAuto: request.mode === 'hybrid' && request.alpha === undefined,
      items,
      unknown,
      stats: {
        itemsSearched: named ? named.length : data.catalog.size,
        candidates: named ? named.length : Math.min(table.rows.length, candidateCount(topK)),
        ...(table.sources && { sources: table.sources }),
        ...(request.measureDiversity && { diversity: listDiversity(list, similarity) }),
        milliseconds: now() - begin,
        index: usesIndex ? recommenders.latent.indexKind : 'none',
      },
    };
  }

  /**
   * The gate's input for the user, and every signal's score of each candidate, from which the blend is trained.
   *
   * @returns `scores`: z-scores, ids × signals in the order of {@link SIGNALS}; 0 for a signal without a profile
   */
  inspect(): { gateInput: Float32Array; ids: string[]; scores: Float32Array } {
    const { ranker, data } = this.engine;
    const read = this.read();
    const { pool, state } = ranker.retrieveUnweighted(read, candidateCount(this.request.topK));
    const scores = new Float32Array(pool.rows.length * SIGNALS.length);
    SIGNALS.forEach((signal, column) => {
      const profile = state.profiles[signal];
      if (!profile) return;
      pool.zScores({ signal, profile }).forEach((score, i) => {
        scores[i * SIGNALS.length + column] = score;
      });
    });
    return {
      gateInput: gateInput(state),
      ids: Array.from(pool.rows, (row) => data.catalog.id(row)),
      scores,
    };
  }

  /** Single signals and fixed blends are measured as they are. */
  private serve(
    ranking: Ranking,
    { evidence, request }: ReadRequest,
    signals: readonly WeightedSignal[],
  ): ServedRanking {
    return this.options.weights ? asRanked(ranking) : serveEach(ranking, evidence, signals, request.topK);
  }

  private read(): ReadRequest {
    const { data, ranker } = this.engine;
    if (this.latest?.data !== data) {
      const { latentUser } = this.options;
      const read = ranker.read(this.request, { latentUser, userFactors: this.userFactorsGiven });
      this.latest = { data, read };
    }
    return this.latest.read;
  }
}
