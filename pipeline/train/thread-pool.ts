import { Worker } from 'node:worker_threads';

const BOOTSTRAP = new URL('../thread.mjs', import.meta.url);

/**
 * Worker threads that take tasks from a queue. Results are in the order of the tasks, so the number of threads affects
 * nothing but the time. With one thread the tasks run in the caller's thread.
 */
export class ThreadPool<Task, Result> {
  private readonly workers: Worker[];
  private readonly work: (task: Task) => Result;

  /**
   * @param module URL of a module that replies to each message, a task, with its result
   * @param work the same function for the caller's thread
   */
  constructor(module: URL, work: (task: Task) => Result, threads: number) {
    this.work = work;
    this.workers =
      threads <= 1
        ? []
        : Array.from({ length: threads }, () => new Worker(BOOTSTRAP, { workerData: { module: module.href } }));
  }

  /**
   * Runs all tasks. Rejects with the error of the first task that throws.
   *
   * @param onDone called after each task with the number of finished tasks
   */
  async run(tasks: readonly Task[], onDone: (done: number) => void = () => {}): Promise<Result[]> {
    const results: Result[] = new Array(tasks.length);
    let done = 0;
    if (this.workers.length === 0) {
      for (const [index, task] of tasks.entries()) {
        results[index] = this.work(task);
        onDone(++done);
        // Gives the progress bar a chance to redraw.
        await new Promise((resolve) => setImmediate(resolve));
      }
      return results;
    }
    let next = 0;
    await Promise.all(
      this.workers.map(async (worker) => {
        while (next < tasks.length) {
          const index = next++;
          results[index] = await callWorker<Task, Result>(worker, tasks[index]);
          onDone(++done);
        }
      }),
    );
    return results;
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}

/** A range of rows, for one thread. */
export interface Range {
  from: number;
  to: number;
}

/** The ranges of `size` rows that `count` rows are divided into; the last may be shorter. */
export function rangesOf(count: number, size: number): Range[] {
  return Array.from({ length: Math.ceil(count / size) }, (_, i) => ({
    from: i * size,
    to: Math.min(count, (i + 1) * size),
  }));
}

/**
 * Computes one result per row, in ranges of `size` rows, in a pool of its own.
 *
 * @param module as in {@link ThreadPool}
 * @param work of one task: the results of the rows of its range
 * @param toTask adds to a range what the work needs
 * @param onProgress called with the number of finished rows
 */
export async function mapRows<Task, Result>(
  {
    count,
    size,
    threads,
    onProgress,
  }: { count: number; size: number; threads: number; onProgress: (rows: number) => void },
  module: URL,
  work: (task: Task) => Result[],
  toTask: (range: Range) => Task,
): Promise<Result[]> {
  const tasks = rangesOf(count, size).map(toTask);
  const pool = new ThreadPool<Task, Result[]>(module, work, Math.min(threads, tasks.length));
  try {
    return (await pool.run(tasks, (done) => onProgress(Math.min(count, done * size)))).flat();
  } finally {
    await pool.close();
  }
}

function callWorker<Task, Result>(worker: Worker, task: Task): Promise<Result> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      finish();
    };
    const onMessage = (result: Result) => settle(() => resolve(result));
    const onError = (error: Error) => settle(() => reject(error));
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.postMessage(task);
  });
}
