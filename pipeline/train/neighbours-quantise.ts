import type { NeighbourColumns } from '../../lib/format/neighbours';
import type { Regression } from './neighbours-task';

const LEVELS = 127;

/**
 * The regressions by item of a history instead of by item predicted, 8 bits a weight, the largest in magnitude only: a
 * small weight moves no ranking and costs as many bytes as a large one.
 *
 * @param regressions by item predicted; @param mostWeights how many are kept in all
 */
export function quantiseRegressions(regressions: readonly Regression[], mostWeights: number): NeighbourColumns {
  const threshold = thresholdFor(regressions, mostWeights);
  const itemCount = regressions.length;
  const scales = new Float32Array(itemCount);
  const offsets = new Uint32Array(itemCount + 1);
  const quantised = regressions.map(({ rows, weights }, item) => {
    let largest = 0;
    for (const weight of weights) largest = Math.max(largest, Math.abs(weight));
    scales[item] = largest / LEVELS;
    return weights.map((weight, i) => {
      const value = Math.abs(weight) >= threshold && largest > 0 ? Math.round(weight / scales[item]) : 0;
      if (value !== 0) offsets[rows[i] + 1]++;
      return value;
    });
  });
  for (let row = 0; row < itemCount; row++) offsets[row + 1] += offsets[row];
  const next = offsets.slice();
  const values = new Uint32Array(offsets[itemCount]);
  const weights = new Int8Array(offsets[itemCount]);
  // Items predicted come in order, so that each row's list is ascending.
  regressions.forEach(({ rows }, item) => {
    quantised[item].forEach((value, i) => {
      if (value === 0) return;
      const at = next[rows[i]]++;
      values[at] = item;
      weights[at] = value;
    });
  });
  return { rows: { offsets, values }, weights, scales };
}

/** The magnitude of the smallest weight that is kept. */
function thresholdFor(regressions: readonly Regression[], mostWeights: number): number {
  const count = regressions.reduce((sum, { weights }) => sum + weights.length, 0);
  if (count <= mostWeights) return 0;
  const magnitudes = new Float32Array(count);
  let at = 0;
  for (const { weights } of regressions) for (const weight of weights) magnitudes[at++] = Math.abs(weight);
  magnitudes.sort();
  return magnitudes[count - mostWeights];
}
