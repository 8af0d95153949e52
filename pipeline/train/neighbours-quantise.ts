import type { NeighbourColumns } from '../../lib/format/neighbours';
import { LEVELS, LEVELS_BELOW, levelOf, QUANTISED, scaleOf } from '../../lib/format/neighbours-levels';
import type { Regression } from './neighbours-task';

/**
 * The effect of a weight is its magnitude times a power of how many users have the item of the history: what is met more
 * often matters more. The power ½ would be the deviation that the weight brings into the scores over all users, but most
 * lists are decided by rarer items.
 */
const COUNT_POWER = 0.3;

/**
 * The regressions by item of a history instead of by item predicted, with the weights of the largest effect only, in the
 * levels of the file: what comes out is exactly what a reader of the written file gets.
 *
 * @param regressions by item predicted
 * @param counts by item: how many users have it
 * @param mostWeights how many weights are kept in all
 */
export function quantiseRegressions(
  regressions: readonly Regression[],
  counts: ArrayLike<number>,
  mostWeights: number,
): NeighbourColumns {
  const powers = Float64Array.from(counts, (count) => count ** COUNT_POWER);
  const effects = regressions.map(({ rows, weights }) =>
    weights.map((weight, i) => Math.abs(weight) * powers[rows[i]]),
  );
  const least = leastEffect(effects, mostWeights);
  const itemCount = regressions.length;
  const scales = new Float32Array(itemCount);
  const offsets = new Uint32Array(itemCount + 1);
  const quantised = regressions.map(({ rows, weights }, item) => {
    const levels = weights.map((weight, i) =>
      effects[item][i] >= least && weight !== 0 ? levelOf(Math.abs(weight)) : Number.POSITIVE_INFINITY,
    );
    const largest = levels.reduce((lowest, level) => Math.min(lowest, level), LEVELS);
    if (largest < LEVELS) scales[item] = scaleOf(largest);
    return Int8Array.from(weights, (weight, i) => {
      const below = levels[i] - largest;
      if (!(below < LEVELS_BELOW && levels[i] < LEVELS)) return 0;
      offsets[rows[i] + 1]++;
      return Math.sign(weight) * QUANTISED[below];
    });
  });
  for (let row = 0; row < itemCount; row++) offsets[row + 1] += offsets[row];
  const next = offsets.slice();
  const columns = new Uint32Array(offsets[itemCount]);
  const weights = new Int8Array(offsets[itemCount]);
  // Items predicted come in order, so that each row's list is ascending.
  regressions.forEach(({ rows }, item) => {
    quantised[item].forEach((value, i) => {
      if (value === 0) return;
      const at = next[rows[i]]++;
      columns[at] = item;
      weights[at] = value;
    });
  });
  return { rows: { offsets, columns }, weights, scales };
}

/** The smallest effect that is kept. */
function leastEffect(effects: readonly Float32Array[], mostWeights: number): number {
  const count = effects.reduce((sum, { length }) => sum + length, 0);
  if (count <= mostWeights) return 0;
  const sorted = new Float32Array(count);
  let at = 0;
  for (const some of effects) {
    sorted.set(some, at);
    at += some.length;
  }
  sorted.sort();
  return sorted[count - mostWeights];
}
