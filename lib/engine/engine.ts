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
import type { CatalogColumns } from '../format/catalog';
import type { ContentColumns } from '../format/content';
import type { LatentColumns } from '../format/latent';
import type { SearchColumns } from '../format/search';
import { blendWeights } from './blend';
import { Catalog } from './catalog';
import { evidenceShares, topReasons, type WeightedProfile } from './explain';
import { ContentRecommender } from './recommenders/content';
import { LatentRecommender } from './recommenders/latent';
import { PopularRecommender } from './recommenders/popular';
import type { Evidence, SignalProfile } from './recommenders/recommender';
import { mmr } from './rerank';
import { SearchIndex } from './search/search-index';
import type { VectorIndex } from './vector-index/vector-index';

/** All that the engine is made from, decoded. */
export interface EngineParts {
  manifest: Manifest;
  /** Hash of the manifest, which names every artifact by its own hash. */
  version: string;
  catalog: CatalogColumns;
  content: ContentColumns;
  latent: LatentColumns;
  search: SearchColumns;
}

/** Candidates for a list of 20; a longer list takes proportionally more. */
const CANDIDATES = 1000;
/**
 * How the candidates are shared out. The design gives 10 % to social candidates, which live on the server; here that
 * part goes to content.
 */
const QUOTAS: Record<Signal, number> = { latent: 0.4, content: 0.4, popular: 0.2 };
/** MMR weighs this many candidates for each place in the list, and reorders no further than this many places. */
const MMR_POOL_FACTOR = 5;
const MMR_PLACES = 100;
/** All stated interests together count as this many likes while there is no like … */
const INTERESTS_WEIGHT = 2;
/** … and half as much once there are this many. */
const INTERESTS_HALF_LIFE = 4;
/** Best-liked items that stand for an interest in the latent space. */
const ITEMS_PER_INTEREST = 40;
/** A term in more than this share of the catalog (English, United States) is not worth naming. */
const COMMON_TERM_SHARE = 0.2;
/** Shared terms named in a reason. */
const TERMS_PER_REASON = 3;

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
  private readonly catalog: Catalog;
  private readonly content: ContentRecommender;
  private readonly latent: LatentRecommender;
  private readonly popularity: PopularRecommender;
  private readonly searchIndex: SearchIndex;
  private readonly terms: string[];
  /** By term: whether it may be named in a reason. Words out of running text, and what most items share, say little. */
  private readonly tellable: boolean[];
  private readonly now: () => number;

  /** @param now a clock in milliseconds, such as `performance.now` */
  constructor(parts: EngineParts, now: () => number) {
    const { manifest, content } = parts;
    const { domain, counts } = manifest;
    this.manifest = manifest;
    this.now = now;
    this.catalog = new Catalog(parts.catalog, domain.links);
    const calibrationRows = counts.warmItems > 0 ? counts.warmItems : counts.items;
    this.content = new ContentRecommender(content, calibrationRows);
    this.latent = new LatentRecommender(parts.latent);
    this.popularity = new PopularRecommender(parts.catalog.popularity, calibrationRows);
    this.terms = content.terms;
    const common = COMMON_TERM_SHARE * counts.items;
    this.tellable = Array.from(
      content.termFields,
      (field, term) => content.fields[field].tellable && content.documentFrequency[term] <= common,
    );
    for (const term of content.notNamed) this.tellable[term] = false;
    const { catalog } = this;
    this.searchIndex = new SearchIndex(parts.search, {
      size: catalog.size,
      title: (row) => parts.catalog.titles[row],
      aka: (row) => parts.catalog.aka.get(row) ?? [],
      creators: (row) => catalog.creators(row),
      year: (row) => catalog.year(row),
      popularity: (row) => parts.catalog.popularity[row],
    });
    this.info = domainInfo(manifest, parts.version);
  }

  /** The latent factors of the warm items, warm × dims, over which a vector index may be opened. */
  get itemFactors(): Float32Array {
    return this.latent.factors;
  }

  /** Retrieves latent candidates through `index` from now on. */
  attachIndex(index: VectorIndex): void {
    this.latent.attachIndex(index);
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
    const interest = this.manifest.interests.find(({ id }) => id === interestId);
    return (interest?.items ?? []).slice(0, limit).map((row) => this.catalog.summary(row));
  }

  search(query: string, limit: number): SearchResponse {
    const begin = this.now();
    const hits = this.searchIndex
      .search(query, limit)
      .map(({ row, match }) => ({ ...this.catalog.summary(row), match }));
    return {
      domain: this.info.id,
      query,
      hits,
      stats: { itemsSearched: this.catalog.size, milliseconds: this.now() - begin },
    };
  }

  /**
   * The best items for a user, each with the terms of its score and the causes of it. Unknown ids in the request are
   * reported, never fatal. The arguments are trusted: validate them at the edge.
   */
  recommend(request: RecommendRequest): RecommendResponse {
    const begin = this.now();
    const { evidence, seen, hidden, likes, unknown } = this.readRequest(request);
    const profiles: Record<Signal, SignalProfile | null> = {
      content: request.mode === 'popular' || request.mode === 'collaborative' ? null : this.content.profile(evidence),
      latent: request.mode === 'popular' || request.mode === 'content' ? null : this.latent.profile(evidence),
      popular: this.popularity.profile(),
    };
    const available = { content: profiles.content !== null, latent: profiles.latent !== null, popular: true };
    const { mode, alpha } = request;
    const blend = blendWeights({ mode, alpha, likes, available }, this.manifest.blend);
    const signals = SIGNALS.flatMap((signal) => {
      const profile = profiles[signal];
      return profile && blend.weights[signal] !== 0 ? [{ signal, profile, weight: blend.weights[signal] }] : [];
    });

    const candidates = request.candidates
      ? this.knownRows(request.candidates, unknown).filter((row) => !hidden.has(row))
      : this.generateCandidates(signals, new Set([...seen, ...hidden]), request.topK);
    const score = (row: number) =>
      signals.reduce(
        (sum, { profile, weight }) => sum + (weight * (profile.score(row) - profile.mean)) / profile.deviation,
        0,
      );
    const scores = Float64Array.from(candidates, score);
    const order = Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a] || candidates[a] - candidates[b]);
    const chosen = this.diversify(
      order.map((i) => candidates[i]),
      order.map((i) => scores[i]),
      request.topK,
      request.diversity ?? 0,
    );

    const items = chosen.map(({ row, score: total }): ScoredItem => {
      const terms = signals.map(({ signal, profile, weight }): ScoreTerm => {
        const z = (profile.score(row) - profile.mean) / profile.deviation;
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
      alpha: blend.alpha,
      alphaAuto: request.mode === 'hybrid' && request.alpha === undefined,
      items,
      unknown,
      stats: {
        itemsSearched: request.candidates ? candidates.length : this.catalog.size,
        candidates: candidates.length,
        milliseconds: this.now() - begin,
        index:
          !request.candidates && signals.some(({ signal }) => signal === 'latent') ? this.latent.indexKind : 'none',
      },
    };
  }

  /** The request in the engine's numbers. Of an item named twice the last word counts. */
  private readRequest(request: RecommendRequest): {
    evidence: Evidence[];
    /** Rows of the history. */
    seen: Set<number>;
    hidden: Set<number>;
    likes: number;
    unknown: string[];
  } {
    const unknown: string[] = [];
    const values = new Map<number, number>();
    for (const { id, value } of request.history) {
      const row = this.resolve(id);
      if (row === undefined) unknown.push(id);
      else {
        values.delete(row);
        values.set(row, value ?? 1);
      }
    }
    const hidden = new Set(this.knownRows(request.hidden ?? [], unknown));

    const evidence: Evidence[] = [];
    let likes = 0;
    for (const [row, value] of values) {
      if (value === 0) continue;
      if (value > 0) likes++;
      evidence.push({
        source: { kind: 'item', row },
        weight: Math.abs(value),
        sign: value > 0 ? 1 : -1,
        rows: [row],
        terms: [],
      });
    }
    const stated = new Set(request.interests);
    const interests = this.manifest.interests.flatMap((interest, number) =>
      stated.delete(interest.id) ? [{ interest, number }] : [],
    );
    unknown.push(...stated);
    for (const { interest, number } of interests) {
      evidence.push({
        source: { kind: 'interest', interest: number },
        weight: INTERESTS_WEIGHT / interests.length / (1 + likes / INTERESTS_HALF_LIFE),
        sign: 1,
        rows: interest.items.slice(0, ITEMS_PER_INTEREST),
        terms: interest.terms,
      });
    }
    return { evidence, seen: new Set(values.keys()), hidden, likes, unknown };
  }

  private knownRows(ids: readonly string[], unknown: string[]): number[] {
    const rows = new Set<number>();
    for (const id of ids) {
      const row = this.resolve(id);
      if (row === undefined) unknown.push(id);
      else rows.add(row);
    }
    return [...rows];
  }

  /** The union of what each signal proposes; quota that a signal cannot fill passes to the most popular items. */
  private generateCandidates(
    signals: readonly (WeightedProfile & { signal: Signal })[],
    excluded: Set<number>,
    topK: number,
  ): number[] {
    const wanted = Math.min(this.catalog.size, Math.max(CANDIDATES, 3 * topK));
    const sources = signals.filter(({ weight }) => weight > 0);
    const quotaSum = sources.reduce((sum, { signal }) => sum + QUOTAS[signal], 0);
    const rows = new Set<number>();
    for (const { signal, profile } of sources) {
      const quota = Math.ceil((wanted * QUOTAS[signal]) / quotaSum);
      // Rows of the history would use the quota up, so that many more are asked for.
      let taken = 0;
      for (const row of profile.candidates(quota + excluded.size)) {
        if (taken === quota) break;
        if (excluded.has(row)) continue;
        rows.add(row);
        taken++;
      }
    }
    for (let row = 0; row < this.catalog.size && rows.size < wanted; row++) if (!excluded.has(row)) rows.add(row);
    return [...rows];
  }

  private diversify(
    rows: number[],
    scores: number[],
    topK: number,
    diversity: number,
  ): { row: number; score: number }[] {
    const at = (position: number) => ({ row: rows[position], score: scores[position] });
    const places = Math.min(topK, MMR_PLACES);
    const pool = Math.min(rows.length, Math.max(MMR_PLACES, MMR_POOL_FACTOR * places));
    const poolRows = rows.slice(0, pool);
    const picked =
      diversity > 0 ? mmr(poolRows, scores, places, diversity, (row) => this.similarities(row, poolRows)) : [];
    const taken = new Set(picked);
    for (let position = 0; picked.length < Math.min(topK, rows.length); position++)
      if (!taken.has(position)) picked.push(position);
    return picked.map(at);
  }

  /** How alike one item is to others: the mean of both views, or content alone where either has no factors. */
  private similarities(row: number, others: readonly number[]): Float32Array {
    const similarities = this.content.similarities(row, others);
    if (row >= this.latent.size) return similarities;
    others.forEach((other, i) => {
      if (other < this.latent.size)
        similarities[i] = (similarities[i] + Math.max(0, this.latent.similarity(row, other))) / 2;
    });
    return similarities;
  }

  private reasons(
    row: number,
    evidence: readonly Evidence[],
    signals: readonly WeightedProfile[],
    terms: readonly ScoreTerm[],
  ): Reason[] {
    const shares = evidenceShares(row, evidence, signals);
    const popularTerm = terms.find(({ signal }) => signal === 'popular')?.contribution ?? 0;
    return topReasons(shares, popularTerm, this.catalog.columns.popularity[row], (index, share): Reason => {
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
    });
  }

  private nameTerms(terms: readonly number[]): string[] {
    return terms
      .filter((term) => this.tellable[term])
      .slice(0, TERMS_PER_REASON)
      .map((term) => this.terms[term]);
  }
}
