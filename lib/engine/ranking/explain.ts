import type { Reason } from '../../contracts/engine';
import type { Evidence, SignalProfile } from '../recommenders/recommender';

/** A signal's profile and its weight in force. */
export interface WeightedProfile {
  profile: SignalProfile;
  weight: number;
}

/** Reasons shown for one item; more would not be read. */
const MAX_REASONS = 3;
/** A cause of a smaller share is not shown. */
const MIN_SHARE = 0.05;

/**
 * How much each evidence entry moved the score of one item. Every signal's contributions add up to its raw score, so
 * that Σ over the signals of weight · contribution / deviation splits the personal part of the blended score exactly.
 *
 * @returns parallel to the evidence, in units of the score
 */
export function evidenceShares(
  row: number,
  evidence: readonly Evidence[],
  signals: readonly WeightedProfile[],
): Float64Array {
  const shares = new Float64Array(evidence.length);
  for (const { profile, weight } of signals) {
    if (weight === 0) continue;
    const parts = profile.contributions(row);
    if (!parts) continue;
    for (let i = 0; i < shares.length; i++) shares[i] += (weight * parts[i]) / profile.deviation;
  }
  return shares;
}

/** A cause that is not part of the user's own evidence. */
export interface OtherCause {
  /** weight · z of its signal; a cause where it is above 0. */
  term: number;
  /** Null where there is nothing to show, as of an item without interactions. */
  reason: Reason | null;
}

/**
 * The largest positive causes as reasons, each with its share of the sum of all positive ones.
 *
 * @param shares of {@link evidenceShares}
 * @param crowd popularity: shown where it outweighs every evidence entry, or is the only cause
 * @param friends shown wherever they are a cause, first where they outweigh every evidence entry
 * @param toReason turns one evidence entry into a reason
 */
export function topReasons(
  shares: Float64Array,
  crowd: OtherCause,
  friends: OtherCause,
  toReason: (evidence: number, share: number) => Reason,
): Reason[] {
  const popular = Math.max(0, crowd.term);
  const social = Math.max(0, friends.term);
  let total = popular + social;
  for (const share of shares) total += Math.max(0, share);
  if (total === 0) return crowd.reason ? [crowd.reason] : [];
  const order: number[] = [];
  for (let place = 0; place < MAX_REASONS; place++) {
    let largest = -1;
    for (let i = 0; i < shares.length; i++) if (shares[i] > (shares[largest] ?? 0) && !order.includes(i)) largest = i;
    // Where there are many small causes and no large one, the largest of them still answers "why".
    const isReason =
      shares[largest] / total >= MIN_SHARE || (place === 0 && shares[largest] >= Math.max(popular, social));
    if (!isReason) break;
    order.push(largest);
  }
  const reasons = order.map((i) => toReason(i, shares[i] / total));
  const most = order.length === 0 ? 0 : shares[order[0]];
  if (social > 0 && friends.reason) reasons.splice(social > most ? 0 : reasons.length, 0, friends.reason);
  if ((reasons.length === 0 || popular > Math.max(most, social)) && crowd.reason) reasons.push(crowd.reason);
  return reasons;
}
