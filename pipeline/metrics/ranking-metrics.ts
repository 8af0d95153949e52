/**
 * Metrics of one ranking, and of many lists together. Relevance is binary, and a ranking contains each item at most
 * once.
 */

/** Share of the first k positions with a relevant item. */
export function precision(ranking: readonly string[], relevant: ReadonlySet<string>, k: number): number {
  return countHits(ranking, relevant, k) / k;
}

/** Hits in the first k, divided by min(k, number of relevant items); 0 if no item is relevant. */
export function recall(ranking: readonly string[], relevant: ReadonlySet<string>, k: number): number {
  return relevant.size === 0 ? 0 : countHits(ranking, relevant, k) / Math.min(k, relevant.size);
}

function countHits(ranking: readonly string[], relevant: ReadonlySet<string>, k: number): number {
  let count = 0;
  for (let rank = 0; rank < k && rank < ranking.length; rank++) if (relevant.has(ranking[rank])) count++;
  return count;
}

/** Normalised discounted cumulative gain (Järvelin & Kekäläinen 2002); the ideal ranking is cut off at k too. */
export function ndcg<Item>(ranking: readonly Item[], relevant: ReadonlySet<Item>, k: number): number {
  let gain = 0;
  let ideal = 0;
  for (let rank = 0; rank < k; rank++) {
    const discount = 1 / Math.log2(rank + 2);
    if (rank < ranking.length && relevant.has(ranking[rank])) gain += discount;
    if (rank < relevant.size) ideal += discount;
  }
  return ideal === 0 ? 0 : gain / ideal;
}

/** 1 / rank of the first relevant item (ranks start at 1); 0 if there is none. Its mean over users is MRR. */
export function reciprocalRank(ranking: readonly string[], relevant: ReadonlySet<string>): number {
  const index = ranking.findIndex((id) => relevant.has(id));
  return index < 0 ? 0 : 1 / (index + 1);
}

/**
 * Gini coefficient of item exposure: 0 if all items are shown equally often, (n − 1)/n if a single item gets all the
 * exposure, 0 if nothing is shown.
 *
 * @param exposure how often each item is shown
 */
export function gini(exposure: ArrayLike<number>): number {
  const sorted = Float64Array.from(exposure).sort();
  let [sum, weighted] = [0, 0];
  sorted.forEach((value, i) => {
    sum += value;
    weighted += (2 * (i + 1) - sorted.length - 1) * value;
  });
  return sum === 0 ? 0 : weighted / (sorted.length * sum);
}

/** 1 − mean pairwise similarity of a list (Ziegler et al. 2005); 0 for fewer than two items. */
export function intraListDiversity(list: readonly string[], similarity: (a: string, b: string) => number): number {
  let [sum, pairs] = [0, 0];
  for (let a = 0; a < list.length; a++) {
    for (let b = a + 1; b < list.length; b++) {
      sum += similarity(list[a], list[b]);
      pairs++;
    }
  }
  return pairs === 0 ? 0 : 1 - sum / pairs;
}

/**
 * Mean self-information of the items shown, −log₂(share of users who interacted with it), in bits (Zhou et al. 2010).
 * An item without interactions counts as if it had one.
 *
 * @param popularities users per item of the list
 * @param users number of users
 */
export function novelty(popularities: readonly number[], users: number): number {
  if (popularities.length === 0) return 0;
  const bits = popularities.map((count) => -Math.log2(Math.max(1, count) / Math.max(1, users)));
  return bits.reduce((sum, value) => sum + value, 0) / bits.length;
}
