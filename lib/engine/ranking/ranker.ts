import { type RecommendRequest, SIGNALS, type Signal } from '../../contracts/engine';
import type { Mlp } from '../../math/mlp';
import type { DomainData } from '../catalog/domain-data';
import type { Evidence, ProfileContext, Recommender, SignalProfile } from '../recommenders/recommender';
import type { Recommenders } from '../recommenders/registry';
import { blendWeights, forEachSignal } from './blend';
import { CandidatePool, poolSize, proposers, ScoreTable, type WeightedSignal } from './candidates';
import { applyDiscovery } from './discovery';
import { type RequestEvidence, readEvidence } from './evidence';
import { audienceOver } from './fresh-items';
import { type GateState, learnedWeights } from './gate';
import { LatestCache } from './latest-cache';
import { type FreshItem, type LiveRows, readLiveSignals } from './live-rows';

/** How the user's factors are found, where it is not by the engine's own choice. */
export type FactorsOptions = Pick<ProfileContext, 'latentUser' | 'userFactors'>;

/** A request with items as rows. */
export interface ReadRequest extends RequestEvidence, FactorsOptions {
  request: RecommendRequest;
  live: LiveRows;
  /** Identifies what the profiles of the user depend on. */
  userKey: string;
}

/** Weights of the learned signals in place of those that mode and gate give. */
export type FixedWeights = Partial<Record<Signal, number>>;

type Profiles = Record<Signal, SignalProfile | null>;

/**
 * The stages of a recommendation that depend on the user: profiles → weights → candidates → scores. Profiles and
 * candidates of the latest user are cached, so that the user's next request, such as after a slider moved, costs a
 * weighted sum.
 */
export class Ranker {
  private data: DomainData;
  private readonly recommenders: Recommenders;
  private readonly gate: Mlp;
  private pool: CandidatePool;
  private readonly profileCache = new LatestCache<Profiles>();
  private readonly tableCache = new LatestCache<ScoreTable>();

  /** @param gate gives each learned signal its weight for a user; gate.ts has its inputs and outputs */
  constructor(data: DomainData, recommenders: Recommenders, gate: Mlp) {
    this.data = data;
    this.recommenders = recommenders;
    this.gate = gate;
    this.pool = new CandidatePool(data.catalog.size);
  }

  /** Ranks the items of `data` from now on. */
  setData(data: DomainData): void {
    this.clear();
    this.data = data;
    for (const recommender of Object.values<Recommender>(this.recommenders)) recommender.setData(data);
    if (this.pool.catalogSize !== data.catalog.size) this.pool = new CandidatePool(data.catalog.size);
  }

  /** Forgets the latest user: for when a model changed, and the same request has another answer. */
  clear(): void {
    this.profileCache.clear();
    this.tableCache.clear();
  }

  /** Reads a request: valid until the data changes. */
  read(request: RecommendRequest, options: FactorsOptions = {}): ReadRequest {
    const evidence = readEvidence(request, this.data);
    const live = readLiveSignals(request.live, request.mode, this.data.catalog);
    return { ...evidence, ...options, request, live, userKey: this.userKey(request, evidence.evidence, options) };
  }

  /** The state of every learned signal for the user, which the gate's inputs are computed from. */
  gateState(read: ReadRequest): GateState {
    const { request, evidence } = read;
    const timestamps = request.history.flatMap(({ timestamp }) => timestamp ?? []);
    return { evidence, profiles: this.profiles(read), warmItems: this.data.manifest.counts.warmItems, timestamps };
  }

  /**
   * The signals in force for a request, with their weights.
   *
   * @param fixed weights in place of the learned ones
   */
  weigh(read: ReadRequest, fixed?: FixedWeights): { signals: WeightedSignal[]; alpha: number } {
    const { mode, alpha } = read.request;
    const state = this.gateState(read);
    const available = Object.fromEntries(SIGNALS.map((signal) => [signal, state.profiles[signal] !== null])) as Record<
      Signal,
      boolean
    >;
    const blend = fixed
      ? { alpha: 0, weights: { ...forEachSignal(0), ...fixed } }
      : blendWeights({ mode, alpha, learned: learnedWeights(this.gate, state), available });
    const signals: WeightedSignal[] = [];
    let learned = 0;
    for (const recommender of this.recommendersIn(mode)) {
      const { signal, quota } = recommender;
      const isLearned = recommender.weight === 'learned';
      const profile = isLearned ? state.profiles[signal as Signal] : recommender.profile(read);
      const weight = isLearned ? blend.weights[signal as Signal] : (recommender.weight as number) * (learned || 1);
      if (!profile || weight === 0) continue;
      signals.push({ signal, weight, profile, quota });
      if (isLearned) learned += Math.abs(weight);
    }
    return { signals, alpha: blend.alpha };
  }

  /**
   * Everything that a list is ranked by: the candidates, and the signals with their final weights.
   *
   * @param fixed weights in place of the learned ones
   * @param named rows to rank in place of candidates
   */
  prepare(
    read: ReadRequest,
    fixed?: FixedWeights,
    named?: readonly number[],
  ): { table: ScoreTable; signals: WeightedSignal[]; alpha: number } {
    const { mode, topK, discovery = 0 } = read.request;
    const { signals, alpha } = this.weigh(read, fixed);
    const table = named ? new ScoreTable(Uint32Array.from(named)) : this.retrieve(read, signals);
    if (discovery === 0 || mode === 'popular') return { table, signals, alpha };
    const { popular } = this.recommenders;
    const wellKnown = { profile: popular.profile(read), quota: popular.quota };
    return { ...applyDiscovery(table, signals, wellKnown, discovery, topK), alpha };
  }

  /** Proposes rows by every signal, to be ranked on all of them. */
  retrieve(read: ReadRequest, signals: readonly WeightedSignal[]): ScoreTable {
    const { topK } = read.request;
    const proposing = proposers(signals);
    const excluded = this.excludedRows(read);
    const fresh = this.openFresh(read).map(({ row }) => row);
    const names = proposing.map(({ signal }) => signal);
    const key = [read.userKey, names, poolSize(topK), excluded, read.live.key, 'fresh', fresh].join();
    return this.tableCache.get(key, () => {
      const { rows, sources } = this.pool.retrieve(proposing, poolSize(topK), excluded, fresh);
      return new ScoreTable(rows, sources);
    });
  }

  /** Proposes rows by every learned signal whatever its weight, to learn weights from. */
  retrieveUnweighted(read: ReadRequest, size: number): { pool: ScoreTable; state: GateState } {
    const state = this.gateState(read);
    const proposing = this.recommendersIn(read.request.mode).flatMap(({ signal, quota, weight }) => {
      const profile = weight === 'learned' ? state.profiles[signal as Signal] : null;
      return profile ? [{ signal, profile, quota }] : [];
    });
    const { rows } = this.pool.retrieve(proposing, size, this.excludedRows(read));
    return { pool: new ScoreTable(rows), state };
  }

  /** Rows that no list contains: those of the history, hidden and withdrawn ones. */
  excludedRows({ seen, hidden }: RequestEvidence): number[] {
    return [...new Set([...seen, ...hidden, ...this.data.catalog.withdrawn])];
  }

  /** Fresh items that may be shown and have not had their first audience yet. */
  openFresh({ seen, hidden, live }: ReadRequest): FreshItem[] {
    return live.fresh.filter(
      (item) => !seen.has(item.row) && !hidden.has(item.row) && audienceOver(item, live.baseRate) === null,
    );
  }

  private recommendersIn(mode: RecommendRequest['mode']): Recommender[] {
    return Object.values<Recommender>(this.recommenders).filter(({ modes }) => modes.includes(mode));
  }

  /** The profiles of the learned signals: those that depend on the evidence alone are cached. */
  private profiles(read: ReadRequest): Profiles {
    const learned = this.recommendersIn(read.request.mode).filter(({ weight }) => weight === 'learned');
    const make = (dependsOn: Recommender['dependsOn']) =>
      Object.fromEntries(
        learned
          .filter((recommender) => recommender.dependsOn === dependsOn)
          .map((recommender) => [recommender.signal, recommender.profile(read)]),
      );
    const cached = this.profileCache.get(read.userKey, () => {
      // Recommenders reuse their buffers, on which the candidates of the user before depend.
      this.tableCache.clear();
      return { ...forEachSignal<SignalProfile | null>(null), ...make('evidence') };
    });
    return { ...cached, ...make('live') };
  }

  private userKey(
    { mode, history }: RecommendRequest,
    evidence: readonly Evidence[],
    { latentUser, userFactors }: FactorsOptions,
  ): string {
    const signals = this.recommendersIn(mode)
      .filter(({ dependsOn }) => dependsOn === 'evidence')
      .map(({ signal }) => signal);
    const entries = evidence.map(({ source, weight, sign }) =>
      source.kind === 'item' ? `${source.row}*${sign * weight}` : `i${source.interest}*${weight}`,
    );
    const times = history.flatMap(({ timestamp }) => timestamp ?? []);
    return [signals, latentUser, userFactors, entries, times].join(';');
  }
}
