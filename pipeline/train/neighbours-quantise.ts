import type { NeighbourColumns } from '../../lib/format/neighbours';
import { LEVELS, LEVELS_BELOW, levelOf, levelsBelow, QUANTISED, scaleOf } from '../../lib/format/neighbours-levels';
import type { SparseRows } from '../../lib/math/sparse';
import type { Regression } from './neighbours-task';

/**
 * The effect of a weight is its magnitude times a power of the popularity of the history item, because popular items
 * are more often in a history. Power ½ would give the standard deviation that the weight adds to the scores over all
 * users, but rarer items decide most lists.
 */
const COUNT_POWER = 0.3;

/**
 * The regressions with the weights that have the largest effect; the others are 0.
 *
 * @param regressions by predicted item
 * @param counts number of users by item
 * @param maxWeights the largest number of weights to keep
 */
export function keepLargestEffects(
  regressions: readonly Regression[],
  counts: ArrayLike<number>,
  maxWeights: number,
): Regression[] {
  const powers = Float64Array.from(counts, (count) => count ** COUNT_POWER);
  const effects = regressions.map(({ rows, weights }) =>
    weights.map((weight, i) => Math.abs(weight) * powers[rows[i]]),
  );
  const minEffect = effectThreshold(effects, maxWeights);
  return regressions.map(({ rows, weights }, item) => ({
    rows,
    weights: weights.map((weight, i) => (effects[item][i] >= minEffect ? weight : 0)),
  }));
}

/**
 * Transposes the regressions from predicted item to history item, and rounds their weights to the levels of the file,
 * unless they stay as they were trained. Rounded ones are exactly what a reader of the written file gets.
 *
 * @param regressions by predicted item
 */
export function toNeighbourColumns(regressions: readonly Regression[], unquantised = false): NeighbourColumns {
  if (unquantised) {
    const weightsOf = regressions.map(({ weights }) => weights);
    const scales = new Float32Array(regressions.length).fill(1);
    return { ...byHistoryItem(regressions, weightsOf, (length) => new Float32Array(length)), scales };
  }
  const scales = new Float32Array(regressions.length);
  const quantised = regressions.map(({ weights }, item) => {
    const levels = weights.map((weight) => (weight === 0 ? Number.POSITIVE_INFINITY : levelOf(Math.abs(weight))));
    const largest = levels.reduce((lowest, level) => Math.min(lowest, level), LEVELS);
    if (largest < LEVELS) scales[item] = scaleOf(largest);
    return Int8Array.from(weights, (weight, i) => {
      const below = levels[i] - largest;
      if (!(below < LEVELS_BELOW)) return 0;
      const value = QUANTISED[below];
      // Several levels share a small 8-bit weight. The file holds the one that a writer reads back from it.
      if (largest + levelsBelow(value) >= LEVELS) return 0;
      return Math.sign(weight) * value;
    });
  });
  return { ...byHistoryItem(regressions, quantised, (length) => new Int8Array(length)), scales };
}

/** The weights that are not 0 by history item, predicted items ascending. */
function byHistoryItem<Weights extends Int8Array | Float32Array>(
  regressions: readonly Regression[],
  weightsOf: readonly Weights[],
  create: (length: number) => Weights,
): { rows: SparseRows; weights: Weights } {
  const offsets = new Uint32Array(regressions.length + 1);
  const forEachWeight = (visit: (row: number, item: number, weight: number) => void) =>
    regressions.forEach(({ rows }, item) => {
      weightsOf[item].forEach((weight, i) => {
        if (weight !== 0) visit(rows[i], item, weight);
      });
    });
  forEachWeight((row) => offsets[row + 1]++);
  for (let row = 0; row < regressions.length; row++) offsets[row + 1] += offsets[row];
  const next = offsets.slice();
  const columns = new Uint32Array(offsets[regressions.length]);
  const weights = create(columns.length);
  forEachWeight((row, item, weight) => {
    const at = next[row]++;
    columns[at] = item;
    weights[at] = weight;
  });
  return { rows: { offsets, columns }, weights };
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
