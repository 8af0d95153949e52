import type { Reason, ScoreSignal, ScoreTerm } from '../../contracts/engine';
import type { DomainData } from '../catalog/domain-data';
import type { PopularRecommender } from '../recommenders/popular';
import type { Evidence } from '../recommenders/recommender';
import { COLLABORATIVE } from './blend';
import type { WeightedSignal } from './candidates';
import { evidenceShares, type OtherCause, topReasons } from './explain';
import type { LiveRows } from './live-rows';

/** Shared terms named in a reason. */
const TERMS_PER_REASON = 3;

/** What reasons are computed from: the request as it was ranked. */
export interface ReasonContext {
  data: DomainData;
  popular: PopularRecommender;
  evidence: readonly Evidence[];
  signals: readonly WeightedSignal[];
  live: LiveRows;
}

/**
 * Why an item is in the list, computed from the terms of its score.
 *
 * @param terms of the item's score
 * @param isFresh whether it has one of the places for fresh items, which is then its first reason
 */
export function reasonsOf(
  row: number,
  terms: readonly ScoreTerm[],
  isFresh: boolean,
  { data, popular, evidence, signals, live }: ReasonContext,
): Reason[] {
  const { catalog, manifest, vocabulary } = data;
  const nameTerms = (numbers: readonly number[]) => vocabulary.nameTerms(numbers, TERMS_PER_REASON);
  // Popularity with a negative weight is no cause: "little known" is not a reason.
  const termOf = (name: ScoreSignal) =>
    terms.find(({ signal, weight }) => signal === name && weight > 0)?.contribution ?? 0;
  const friends = live.friendNames.get(row);
  const isOfOthers = ({ signal }: WeightedSignal) => (COLLABORATIVE as readonly ScoreSignal[]).includes(signal);
  const byOthers = evidenceShares(row, evidence, signals.filter(isOfOthers));
  const byFacts = evidenceShares(
    row,
    evidence,
    signals.filter((signal) => !isOfOthers(signal)),
  );
  const reasons = topReasons(
    byFacts.map((share, i) => share + byOthers[i]),
    { term: termOf('popular'), reason: crowdReason(row, data, popular, live) },
    {
      term: termOf('social'),
      reason: friends ? { kind: 'friends', names: friends, count: friends.length } : null,
    },
    (index, share): Reason => {
      const { source, terms: interestTerms } = evidence[index];
      if (source.kind === 'interest') {
        const { id, label } = manifest.interests[source.interest];
        const shared = interestTerms.filter((term) => data.terms.hasTerm(row, term));
        return { kind: 'interest', id, label, share, terms: nameTerms(shared) };
      }
      return {
        kind: 'history',
        id: catalog.id(source.row),
        title: catalog.title(source.row),
        share,
        terms: nameTerms(data.terms.sharedTerms(source.row, row)),
        ...(byOthers[index] > byFacts[index] && { together: true }),
      };
    },
  );
  const publishedAt = catalog.publishedAt(row);
  if (publishedAt === null) return reasons;
  const isNew: Reason = { kind: 'new', publishedAt };
  return isFresh ? [isNew, ...reasons] : [...reasons, isNew];
}

/** Popularity or trend as a reason; null for an item without interactions. */
function crowdReason(
  row: number,
  { catalog }: DomainData,
  popular: PopularRecommender,
  { trending }: LiveRows,
): OtherCause['reason'] {
  const live = trending.get(row);
  if (live !== undefined && popular.isTrending(row, live))
    return { kind: 'trending', rank: [...trending.keys()].indexOf(row) + 1 };
  const count = catalog.popularity(row);
  return count > 0 ? { kind: 'popular', count } : null;
}
