import { gram } from '../../lib/math/linear-algebra';
import { gaussian, mulberry32 } from '../../lib/math/random';
import type { SparseRows } from '../../lib/math/sparse';
import { type HalfStep, type RangeTask, solveRange } from './ials-task';
import { toSharedRows } from './shared-memory';
import { rangesOf, ThreadPool } from './thread-pool';

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

/** Rows per task: few enough to balance the load, enough to make the cost of messages negligible. */
const RANGE_ROWS = 512;

/**
 * Implicit alternating least squares with d-dimensional factors (Hu, Koren & Volinsky 2008, in the form of Rendle et
 * al. 2022). Minimises Σ_observed (1 − x·y)² + α₀ Σ_all (x·y)² + Σ λ_row |row|², with λ_row = reg · (n_row + α₀ ·
 * number of rows of the other side). The same seed gives the same bits for any number of threads.
 *
 * @param users interactions by user
 * @param items the same interactions by item
 * @param onEpoch called after each epoch, counted from 1, with the loss
 */
export async function trainIals(
  users: SparseRows,
  items: SparseRows,
  parameters: IalsParameters,
  onEpoch: (epoch: number, loss: number) => void = () => {},
): Promise<IalsModel> {
  const { dims, unobservedWeight, regularization } = parameters;
  const normal = gaussian(mulberry32(parameters.seed));
  const sharedZeros = (length: number) => new Float32Array(new SharedArrayBuffer(4 * length));
  const userFactors = sharedZeros((users.offsets.length - 1) * dims);
  const itemFactors = sharedZeros((items.offsets.length - 1) * dims);
  const deviation = 0.1 / Math.sqrt(dims);
  for (let i = 0; i < itemFactors.length; i++) itemFactors[i] = deviation * normal();
  const common = { dims, unobservedWeight, regularization };
  const userStep: HalfStep = { rows: toSharedRows(users), solve: userFactors, fixed: itemFactors, ...common };
  const itemStep: HalfStep = { rows: toSharedRows(items), solve: itemFactors, fixed: userFactors, ...common };

  // More threads than tasks would be idle.
  const maxTasks = Math.ceil(Math.max(users.offsets.length, items.offsets.length) / RANGE_ROWS);
  const pool = new ThreadPool(
    new URL('./ials-worker.ts', import.meta.url),
    solveRange,
    Math.min(parameters.threads, maxTasks),
  );
  const solve = async (step: HalfStep) => {
    const rowCount = step.rows.offsets.length - 1;
    const fixedGram = gram(step.fixed, dims);
    const tasks = rangesOf(rowCount, RANGE_ROWS).map((range): RangeTask => ({ step, fixedGram, ...range }));
    // Summed in the order of the rows, so that the loss does not depend on timing.
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

/** α₀ Σ_all (x·y)², computed as α₀ · ⟨XᵀX, YᵀY⟩. */
function unobservedLoss(
  x: Float32Array,
  y: Float32Array,
  { dims, unobservedWeight }: { dims: number; unobservedWeight: number },
): number {
  const [gx, gy] = [gram(x, dims), gram(y, dims)];
  return unobservedWeight * gx.reduce((sum, value, i) => sum + value * gy[i], 0);
}

/** Σ λ_row |row|² of one side. */
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
