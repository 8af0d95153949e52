import type { NeighbourColumns } from '../../lib/format/neighbours';
import { LEVELS, LEVELS_BELOW, levelOf, levelsBelow, QUANTISED, scaleOf } from '../../lib/format/neighbours-levels';
import type { Regression } from './neighbours-task';

/**
 * The effect of a weight is its magnitude times a power of the popularity of the history item, because popular items
 * are more often in a history. Power ½ would give the standard deviation that the weight adds to the scores over all
 * users, but rarer items decide most lists.
 */
const COUNT_POWER = 0.3;

/**
 * Transposes the regressions from predicted item to history item, keeps the weights with the largest effect, and rounds
 * them to the levels of the file. The result is exactly what a reader of the written file gets.
 *
 * @param regressions by predicted item
 * @param counts number of users by item
 * @param maxWeights the largest number of weights to keep
 */
export function quantiseRegressions(
  regressions: readonly Regression[],
  counts: ArrayLike<number>,
  maxWeights: number,
): NeighbourColumns {
  const powers = Float64Array.from(counts, (count) => count ** COUNT_POWER);
  const effects = regressions.map(({ rows, weights }) =>
    weights.map((weight, i) => Math.abs(weight) * powers[rows[i]]),
  );
  const minEffect = effectThreshold(effects, maxWeights);
  const itemCount = regressions.length;
  const scales = new Float32Array(itemCount);
  const offsets = new Uint32Array(itemCount + 1);
  const quantised = regressions.map(({ rows, weights }, item) => {
    const levels = weights.map((weight, i) =>
      effects[item][i] >= minEffect && weight !== 0 ? levelOf(Math.abs(weight)) : Number.POSITIVE_INFINITY,
    );
    const largest = levels.reduce((lowest, level) => Math.min(lowest, level), LEVELS);
    if (largest < LEVELS) scales[item] = scaleOf(largest);
    return Int8Array.from(weights, (weight, i) => {
      const below = levels[i] - largest;
      if (!(below < LEVELS_BELOW)) return 0;
      const value = QUANTISED[below];
      // Several levels share a small 8-bit weight. The file holds the one that a writer reads back from it.
      if (largest + levelsBelow(value) >= LEVELS) return 0;
      offsets[rows[i] + 1]++;
      return Math.sign(weight) * value;
    });
  });
  for (let row = 0; row < itemCount; row++) offsets[row + 1] += offsets[row];
  const next = offsets.slice();
  const columns = new Uint32Array(offsets[itemCount]);
  const weights = new Int8Array(offsets[itemCount]);
  // Predicted items are visited in order, so each list is ascending.
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

/** The smallest effect among the `maxWeights` largest. */
function effectThreshold(effects: readonly Float32Array[], maxWeights: number): number {
  const count = effects.reduce((sum, { length }) => sum + length, 0);
  if (count <= maxWeights) return 0;
  const sorted = new Float32Array(count);
  let at = 0;
  for (const some of effects) {
    sorted.set(some, at);
    at += some.length;
  }
  sorted.sort();
  return sorted[count - maxWeights];
}
