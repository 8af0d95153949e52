/** Metrics of what a list is about, rather than of what it finds. */

/** Shares of the interactions of the most and the least popular items that part popularity into three groups. */
const HEAD_SHARE = 0.2;
const TAIL_SHARE = 0.2;
/** Smoothing of the divergence of tags: share of the history in the list's distribution (Steck 2018). */
const SMOOTHING = 0.01;

/** Shared items over all items of two lists (Jaccard 1912); 0 for two empty lists. */
export function overlap(a: readonly string[], b: readonly string[]): number {
  const first = new Set(a);
  const union = new Set([...a, ...b]).size;
  return union === 0 ? 0 : new Set(b.filter((id) => first.has(id))).size / union;
}

/**
 * The group of each item by popularity: 0 the most popular ones that have a fifth of all interactions, 2 the least
 * popular ones with a fifth, 1 those between (Abdollahpouri et al. 2021).
 *
 * @param popularity interactions by item
 */
export function popularityGroups(popularity: ReadonlyMap<string, number>): Map<string, 0 | 1 | 2> {
  const ranked = [...popularity].sort(([, a], [, b]) => b - a);
  const total = ranked.reduce((sum, [, count]) => sum + count, 0);
  const groups = new Map<string, 0 | 1 | 2>();
  let before = 0;
  for (const [id, count] of ranked) {
    groups.set(id, before < HEAD_SHARE * total ? 0 : before < (1 - TAIL_SHARE) * total ? 1 : 2);
    before += count;
  }
  return groups;
}

/** The share of each value; all 0 without values. */
export function distribution(values: readonly (string | number)[], keys: readonly (string | number)[]): number[] {
  return keys.map((key) => values.filter((value) => value === key).length / Math.max(1, values.length));
}

/** Jensen–Shannon divergence of two distributions, 0 (the same) … 1, in bits (Lin 1991). */
export function jensenShannon(p: readonly number[], q: readonly number[]): number {
  const half = p.map((value, i) => (value + q[i]) / 2);
  return (kullbackLeibler(p, half) + kullbackLeibler(q, half)) / 2;
}

/**
 * Calibration of a list (Steck 2018): divergence of the tags of the list from those of the history, in bits; 0 where
 * they are distributed alike.
 *
 * @param history distribution of the tags of the history
 * @param list distribution of the tags of the list, over the same tags
 */
export function miscalibration(history: readonly number[], list: readonly number[]): number {
  const smooth = list.map((value, i) => (1 - SMOOTHING) * value + SMOOTHING * history[i]);
  return kullbackLeibler(history, smooth);
}

function kullbackLeibler(p: readonly number[], q: readonly number[]): number {
  return p.reduce((sum, value, i) => (value > 0 ? sum + value * Math.log2(value / q[i]) : sum), 0);
}

/**
 * NDCG with popularity divided out (Steck 2011): finding an item that n users like is worth (n + 1)^−β; β = 0 is NDCG.
 *
 * @param relevant with n of each item
 */
export function stratifiedNdcg(
  ranking: readonly string[],
  relevant: ReadonlyMap<string, number>,
  k: number,
  beta: number,
): number {
  const worth = (count: number) => (count + 1) ** -beta;
  const gains = [...relevant.values()].map(worth).sort((a, b) => b - a);
  let gain = 0;
  let ideal = 0;
  for (let rank = 0; rank < k; rank++) {
    const discount = 1 / Math.log2(rank + 2);
    const count = relevant.get(ranking[rank]);
    if (count !== undefined) gain += discount * worth(count);
    ideal += discount * (gains[rank] ?? 0);
  }
  return ideal === 0 ? 0 : gain / ideal;
}
