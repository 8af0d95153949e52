/** Measures of one ranking, and of many lists together. Relevance is binary; a ranking holds no item twice. */

/** Share of the first k places that hold a relevant item. */
export function precision(ranking: readonly string[], relevant: ReadonlySet<string>, k: number): number {
  return hits(ranking, relevant, k) / k;
}

/** Share of the relevant items that k places could hold which they do hold: hits / min(k, relevant). 0 where none is. */
export function recall(ranking: readonly string[], relevant: ReadonlySet<string>, k: number): number {
  return relevant.size === 0 ? 0 : hits(ranking, relevant, k) / Math.min(k, relevant.size);
}

function hits(ranking: readonly string[], relevant: ReadonlySet<string>, k: number): number {
  let count = 0;
  for (let rank = 0; rank < k && rank < ranking.length; rank++) if (relevant.has(ranking[rank])) count++;
  return count;
}

/** Normalised discounted cumulative gain (Järvelin & Kekäläinen 2002), the ideal cut off at k. */
export function ndcg(ranking: readonly string[], relevant: ReadonlySet<string>, k: number): number {
  let gain = 0;
  let ideal = 0;
  for (let rank = 0; rank < k; rank++) {
    const discount = 1 / Math.log2(rank + 2);
    if (rank < ranking.length && relevant.has(ranking[rank])) gain += discount;
    if (rank < relevant.size) ideal += discount;
  }
  return ideal === 0 ? 0 : gain / ideal;
}

/** 1 / rank of the first relevant item, the first place being 1; 0 where there is none. Its mean over users is MRR. */
export function reciprocalRank(ranking: readonly string[], relevant: ReadonlySet<string>): number {
  const place = ranking.findIndex((id) => relevant.has(id));
  return place < 0 ? 0 : 1 / (place + 1);
}

/**
 * Gini coefficient of how often each item is shown: 0 where all are shown alike, (n − 1)/n where one has it all. 0 where
 * nothing is shown.
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

/** 1 − the mean similarity of the pairs of a list (Ziegler et al. 2005); 0 for a list without pairs. */
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
 * Mean self-information of the items shown, −log₂(share of the users who chose it), in bits (Zhou et al. 2010). An item
 * that nobody chose counts as one that a single user did.
 *
 * @param popularities of the items of the list, in users
 */
export function novelty(popularities: readonly number[], users: number): number {
  if (popularities.length === 0) return 0;
  const bits = popularities.map((count) => -Math.log2(Math.max(1, count) / Math.max(1, users)));
  return bits.reduce((sum, value) => sum + value, 0) / bits.length;
}
