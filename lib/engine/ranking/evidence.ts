import type { HistoryEntry, RecommendRequest } from '../../contracts/engine';
import type { Manifest } from '../../contracts/manifest';
import type { Catalog } from '../catalog/catalog';
import type { Evidence } from '../recommenders/recommender';

/** All stated interests together count as this many likes while there is no like … */
const INTERESTS_WEIGHT = 2;
/** … and half as much once there are this many. */
const INTERESTS_HALF_LIFE = 4;
/** Best-liked items that stand for an interest in the latent space. */
export const ITEMS_PER_INTEREST = 40;

/** A request in the engine's numbers. */
export interface RequestEvidence {
  /** What is known of the user, the oldest entry first. */
  evidence: Evidence[];
  /** Rows of the history. */
  seen: Set<number>;
  hidden: Set<number>;
  /** How many of the entries are likes. */
  likes: number;
  /** Named in the request, and not in the catalog. */
  unknown: string[];
}

/** Of an item named twice the last word counts. */
export function readEvidence(
  { history, interests = [], hidden = [] }: RecommendRequest,
  catalog: Catalog,
  known: Manifest['interests'],
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
  const hiddenRows = new Set(knownRows(hidden, catalog, unknown));
  const evidence: Evidence[] = [];
  let likes = 0;
  for (const [row, value] of values) {
    if (value === 0) continue;
    if (value > 0) likes++;
    const sign = value > 0 ? 1 : -1;
    evidence.push({ source: { kind: 'item', row }, weight: Math.abs(value), sign, rows: [row], terms: [] });
  }
  const unmet = new Set(interests);
  const stated = known.flatMap((interest, number) => (unmet.delete(interest.id) ? [{ interest, number }] : []));
  unknown.push(...unmet);
  for (const { interest, number } of stated) {
    evidence.push({
      source: { kind: 'interest', interest: number },
      weight: INTERESTS_WEIGHT / stated.length / (1 + likes / INTERESTS_HALF_LIFE),
      sign: 1,
      rows: interest.items.slice(0, ITEMS_PER_INTEREST),
      terms: interest.terms,
    });
  }
  return { evidence, seen: new Set(values.keys()), hidden: hiddenRows, likes, unknown };
}

/** The rows of some ids, each once; ids that the catalog does not hold go to `unknown`. */
export function knownRows(ids: readonly string[], catalog: Catalog, unknown: string[]): number[] {
  const rows = new Set<number>();
  for (const id of ids) {
    const row = catalog.resolve(id);
    if (row === undefined) unknown.push(id);
    else rows.add(row);
  }
  return [...rows];
}

/** Oldest first where every entry has a time; as given where not. */
function byTime(history: readonly HistoryEntry[]): readonly HistoryEntry[] {
  if (!history.every(({ timestamp }) => timestamp !== undefined)) return history;
  return history.toSorted((a, b) => a.timestamp! - b.timestamp!);
}
