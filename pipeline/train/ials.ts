import { Worker } from 'node:worker_threads';
import { gram } from '../../lib/engine/linear-algebra';
import { gaussian, mulberry32 } from '../../lib/engine/random';
import type { HalfStep, SparseRows } from './ials-task';
import { solveRows } from './ials-task';
import type { RangeTask } from './ials-worker';

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

  const pool = new SolverPool(parameters.threads);
  const losses: number[] = [];
  try {
    for (let epoch = 0; epoch < parameters.epochs; epoch++) {
      await pool.solve(userStep);
      const squaredError = await pool.solve(itemStep);
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

function shareRows(rows: SparseRows): SparseRows {
  const share = (values: Uint32Array) => {
    const copy = new Uint32Array(new SharedArrayBuffer(values.byteLength));
    copy.set(values);
    return copy;
  };
  return { offsets: share(rows.offsets), columns: share(rows.columns) };
}

/** Threads that take ranges of rows from a queue. With one thread the caller's own does the work. */
class SolverPool {
  private readonly workers: Worker[];

  constructor(threads: number) {
    const module = new URL('./ials-worker.ts', import.meta.url).href;
    const bootstrap = new URL('../thread.mjs', import.meta.url);
    this.workers =
      threads <= 1 ? [] : Array.from({ length: threads }, () => new Worker(bootstrap, { workerData: { module } }));
  }

  /** Solves every row of a half-step; the squared errors are added in the order of the rows. */
  async solve(step: HalfStep): Promise<number> {
    const rowCount = step.rows.offsets.length - 1;
    const fixedGram = gram(step.fixed, step.dims);
    const ranges = Array.from({ length: Math.ceil(rowCount / RANGE) }, (_, i) => i);
    const errors = new Float64Array(ranges.length);
    const bounds = (range: number) => ({ from: range * RANGE, to: Math.min(rowCount, (range + 1) * RANGE) });
    if (this.workers.length === 0) {
      for (const range of ranges) errors[range] = solveRows(step, fixedGram, bounds(range).from, bounds(range).to);
    } else {
      let next = 0;
      await Promise.all(
        this.workers.map(async (worker) => {
          while (next < ranges.length) {
            const range = next++;
            errors[range] = await ask(worker, { step, fixedGram, ...bounds(range) });
          }
        }),
      );
    }
    return errors.reduce((sum, error) => sum + error, 0);
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}

function ask(worker: Worker, task: RangeTask): Promise<number> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      finish();
    };
    const onMessage = (error: number) => settle(() => resolve(error));
    const onError = (error: Error) => settle(() => reject(error));
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.postMessage(task);
  });
}
