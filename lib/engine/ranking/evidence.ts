import type { HistoryEntry, RecommendRequest } from '../../contracts/engine';
import type { DomainData } from '../catalog/domain-data';
import type { Evidence } from '../recommenders/recommender';

/** The weight of all stated interests together, in likes, while there are no likes … */
const INTERESTS_WEIGHT = 2;
/** … and how many likes halve it. */
const INTERESTS_HALF_LIFE = 4;
/** Most popular items that represent an interest in the latent space. */
export const ITEMS_PER_INTEREST = 40;

/** The evidence of a request, with items as rows. */
export interface RequestEvidence {
  /** Oldest first. */
  evidence: Evidence[];
  /** Rows of the history. */
  seen: Set<number>;
  hidden: Set<number>;
  /** How many entries of the history are likes. */
  likes: number;
  /** Ids of items and interests that the catalog does not have. */
  unknown: string[];
}

/** Reads a request. Of an item that is listed twice, the later entry counts. */
export function readEvidence(
  { history, interests = [], hidden = [] }: Pick<RecommendRequest, 'history' | 'interests' | 'hidden'>,
  { catalog, interests: known }: DomainData,
): RequestEvidence {
  const unknown: string[] = [];
  const values = new Map<number, number>();
  for (const { id, value } of byTime(history)) {
    const row = catalog.resolve(id);
    if (row === undefined) unknown.push(id);
    else {
      values.delete(row);
      values.set(row, value ?? 1);
    }
  }
  const hiddenRows = new Set(catalog.resolveAll(hidden, unknown));
  const evidence: Evidence[] = [];
  let likes = 0;
  for (const [row, value] of values) {
    if (value === 0) continue;
    if (value > 0) likes++;
    const sign = value > 0 ? 1 : -1;
    evidence.push({ source: { kind: 'item', row }, weight: Math.abs(value), sign, rows: [row], terms: [] });
  }
  const unmatched = new Set(interests);
  const stated = known.flatMap((interest, number) => (unmatched.delete(interest.id) ? [{ interest, number }] : []));
  unknown.push(...unmatched);
  for (const { interest, number } of stated) {
    evidence.push({
      source: { kind: 'interest', interest: number },
      weight: INTERESTS_WEIGHT / stated.length / (1 + likes / INTERESTS_HALF_LIFE),
      sign: 1,
      rows: interest.items.slice(0, ITEMS_PER_INTEREST),
      members: interest.items,
      terms: interest.terms,
    });
  }
  return { evidence, seen: new Set(values.keys()), hidden: hiddenRows, likes, unknown };
}

/** Oldest first where every entry has a time, otherwise in the order given. */
function byTime(history: readonly HistoryEntry[]): readonly HistoryEntry[] {
  if (!history.every(({ timestamp }) => timestamp !== undefined)) return history;
  return history.toSorted((a, b) => a.timestamp! - b.timestamp!);
}
