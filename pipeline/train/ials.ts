import { gram } from '../../lib/math/linear-algebra';
import { gaussian, mulberry32 } from '../../lib/math/random';
import type { SparseRows } from '../../lib/math/sparse';
import { type HalfStep, type RangeTask, solveRange } from './ials-task';
import { shareRows, ThreadPool } from './pool';

export interface IalsParameters {
  dims: number;
  epochs: number;
  /** α₀, the weight of the unobserved pairs. */
  unobservedWeight: number;
  regularization: number;
  seed: number;
  threads: number;
}

export interface IalsModel {
  /** users × dims */
  userFactors: Float32Array;
  /** items × dims */
  itemFactors: Float32Array;
  /** The loss after each epoch. */
  losses: number[];
}

/** Rows of one range: small enough to share the work evenly, large enough that messages cost nothing. */
const RANGE = 512;

/**
 * Implicit alternating least squares with d-dimensional factors (Hu, Koren & Volinsky 2008, in the form of Rendle
 * et al. 2022): minimises Σ_observed (1 − x·y)² + α₀ Σ_all (x·y)² + Σ λ_row |row|², with
 * λ_row = reg · (n_row + α₀ · number of rows of the other side). The same seed gives the same bits, whatever the
 * number of threads.
 *
 * @param users interactions by user; @param items the same interactions by item
 */
export async function trainIals(
  users: SparseRows,
  items: SparseRows,
  parameters: IalsParameters,
  onEpoch: (epoch: number, loss: number) => void = () => {},
): Promise<IalsModel> {
  const { dims, unobservedWeight, regularization } = parameters;
  const normal = gaussian(mulberry32(parameters.seed));
  const shared = (length: number) => new Float32Array(new SharedArrayBuffer(4 * length));
  const userFactors = shared((users.offsets.length - 1) * dims);
  const itemFactors = shared((items.offsets.length - 1) * dims);
  const deviation = 0.1 / Math.sqrt(dims);
  for (let i = 0; i < itemFactors.length; i++) itemFactors[i] = deviation * normal();
  const common = { dims, unobservedWeight, regularization };
  const userStep: HalfStep = { rows: shareRows(users), solve: userFactors, fixed: itemFactors, ...common };
  const itemStep: HalfStep = { rows: shareRows(items), solve: itemFactors, fixed: userFactors, ...common };

  // More threads than ranges would be started for nothing.
  const most = Math.ceil(Math.max(users.offsets.length, items.offsets.length) / RANGE);
  const pool = new ThreadPool(
    new URL('./ials-worker.ts', import.meta.url),
    solveRange,
    Math.min(parameters.threads, most),
  );
  const solve = async (step: HalfStep) => {
    const rowCount = step.rows.offsets.length - 1;
    const fixedGram = gram(step.fixed, dims);
    const tasks = Array.from({ length: Math.ceil(rowCount / RANGE) }, (_, i): RangeTask => {
      return { step, fixedGram, from: i * RANGE, to: Math.min(rowCount, (i + 1) * RANGE) };
    });
    // Added in the order of the rows, whichever thread was first.
    return (await pool.run(tasks)).reduce((sum, error) => sum + error, 0);
  };
  const losses: number[] = [];
  try {
    for (let epoch = 0; epoch < parameters.epochs; epoch++) {
      await solve(userStep);
      const squaredError = await solve(itemStep);
      const loss =
        squaredError + unobservedLoss(userFactors, itemFactors, common) + penalty(userStep) + penalty(itemStep);
      losses.push(loss);
      onEpoch(epoch + 1, loss);
    }
  } finally {
    await pool.close();
  }
  return { userFactors: Float32Array.from(userFactors), itemFactors: Float32Array.from(itemFactors), losses };
}

/** α₀ Σ over all pairs of (x·y)², which is α₀ · ⟨XᵀX, YᵀY⟩. */
function unobservedLoss(
  x: Float32Array,
  y: Float32Array,
  { dims, unobservedWeight }: { dims: number; unobservedWeight: number },
): number {
  const [gx, gy] = [gram(x, dims), gram(y, dims)];
  return unobservedWeight * gx.reduce((sum, value, i) => sum + value * gy[i], 0);
}

function penalty({ rows, solve, fixed, dims, unobservedWeight, regularization }: HalfStep): number {
  const columnCount = fixed.length / dims;
  let sum = 0;
  for (let row = 0; row + 1 < rows.offsets.length; row++) {
    let norm = 0;
    for (let d = 0; d < dims; d++) norm += solve[row * dims + d] ** 2;
    sum += regularization * (rows.offsets[row + 1] - rows.offsets[row] + unobservedWeight * columnCount) * norm;
  }
  return sum;
}
