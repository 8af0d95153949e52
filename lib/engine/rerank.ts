/**
 * Maximal marginal relevance (Carbonell & Goldstein 1998): picks one row after another by
 * λ · relevance − (1 − λ) · (largest similarity with a row already picked), with λ = 1 − diversity and relevance
 * scaled to [0, 1] over the pool.
 *
 * @param rows the pool, most relevant first
 * @param scores relevance, parallel to `rows`
 * @param count how many to pick
 * @param similaritiesTo how similar each row of the pool is to the given one, about [0, 1], parallel to `rows`; the result
 *   is read before the next call
 * @returns positions in the pool, in the order picked
 */
export function mmr(
  rows: ArrayLike<number>,
  scores: ArrayLike<number>,
  count: number,
  diversity: number,
  similaritiesTo: (row: number) => ArrayLike<number>,
): number[] {
  const size = rows.length;
  const wanted = Math.min(count, size);
  if (diversity <= 0 || wanted <= 1) return Array.from({ length: wanted }, (_, position) => position);
  const [highest, lowest] = [scores[0], scores[size - 1]];
  const range = highest - lowest || 1;
  const closest = new Float64Array(size);
  const taken = new Uint8Array(size);
  const picked: number[] = [];
  while (picked.length < wanted) {
    let best = -1;
    let bestValue = Number.NEGATIVE_INFINITY;
    for (let position = 0; position < size; position++) {
      if (taken[position]) continue;
      const value = ((1 - diversity) * (scores[position] - lowest)) / range - diversity * closest[position];
      if (value > bestValue) {
        best = position;
        bestValue = value;
      }
    }
    taken[best] = 1;
    picked.push(best);
    if (picked.length === wanted) break;
    const similarities = similaritiesTo(rows[best]);
    for (let position = 0; position < size; position++)
      closest[position] = Math.max(closest[position], similarities[position]);
  }
  return picked;
}
