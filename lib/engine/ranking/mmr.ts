/**
 * Maximal marginal relevance (Carbonell & Goldstein 1998): picks one row after another by
 * λ · relevance − (1 − λ) · (largest similarity with a row already picked), with λ = 1 − diversity and relevance
 * scaled to [0, 1] over the pool. A row's value only falls as more rows are picked, so similarities are computed
 * lazily, when the row is the best by its last known value, and for most rows never (Minoux 1978).
 *
 * @param rows the pool, most relevant first
 * @param scores relevance, parallel to `rows`
 * @param count how many to pick
 * @param similarity how similar a picked row and another of the pool are, about [0, 1]
 * @returns positions in the pool, in the order picked
 */
export function mmr(
  rows: ArrayLike<number>,
  scores: ArrayLike<number>,
  count: number,
  diversity: number,
  similarity: (picked: number, other: number) => number,
): number[] {
  const size = rows.length;
  const wanted = Math.min(count, size);
  if (diversity <= 0 || wanted <= 1) return Array.from({ length: wanted }, (_, position) => position);
  const [highest, lowest] = [scores[0], scores[size - 1]];
  const range = highest - lowest || 1;
  const relevance = (position: number) => ((1 - diversity) * (scores[position] - lowest)) / range;
  const closest = new Float64Array(size);
  /** The last known value of each row; `compared` is how many of the picks that value takes into account. */
  const values = Float64Array.from({ length: size }, (_, position) => relevance(position));
  const compared = new Uint32Array(size);
  const picked: number[] = [];
  while (picked.length < wanted) {
    let best = 0;
    for (let position = 1; position < size; position++) if (values[position] > values[best]) best = position;
    if (compared[best] === picked.length) {
      picked.push(best);
      values[best] = Number.NEGATIVE_INFINITY;
      continue;
    }
    for (; compared[best] < picked.length; compared[best]++)
      closest[best] = Math.max(closest[best], similarity(rows[picked[compared[best]]], rows[best]));
    values[best] = relevance(best) - diversity * closest[best];
  }
  return picked;
}
