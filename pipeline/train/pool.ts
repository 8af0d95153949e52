import { Worker } from 'node:worker_threads';
import type { SparseRows } from '../../lib/math/sparse';

const BOOTSTRAP = new URL('../thread.mjs', import.meta.url);

/**
 * Threads that take tasks from a queue. Results come back in the order of the tasks, so that the number of threads
 * changes nothing but the time. With one thread the caller's own does the work.
 */
export class ThreadPool<Task, Result> {
  private readonly workers: Worker[];
  private readonly work: (task: Task) => Result;

  /**
   * @param module URL of a module that answers each message, a task, with its result
   * @param work the same work in the caller's thread
   */
  constructor(module: URL, work: (task: Task) => Result, threads: number) {
    this.work = work;
    this.workers =
      threads <= 1
        ? []
        : Array.from({ length: threads }, () => new Worker(BOOTSTRAP, { workerData: { module: module.href } }));
  }

  /** @param onDone hears how many tasks are done */
  async run(tasks: readonly Task[], onDone: (done: number) => void = () => {}): Promise<Result[]> {
    const results: Result[] = new Array(tasks.length);
    let done = 0;
    if (this.workers.length === 0) {
      for (const [index, task] of tasks.entries()) {
        results[index] = this.work(task);
        onDone(++done);
        // Lets progress be drawn.
        await new Promise((resolve) => setImmediate(resolve));
      }
      return results;
    }
    let next = 0;
    await Promise.all(
      this.workers.map(async (worker) => {
        while (next < tasks.length) {
          const index = next++;
          results[index] = await ask<Task, Result>(worker, tasks[index]);
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

/** Interactions that threads share. */
export function shareRows(rows: SparseRows): SparseRows {
  return { offsets: share(rows.offsets), columns: share(rows.columns) };
}

/** A copy that threads share instead of receiving one each. */
export function share<T extends Uint32Array | Float32Array>(values: T): T {
  const copy = new (values.constructor as new (buffer: SharedArrayBuffer) => T)(
    new SharedArrayBuffer(values.byteLength),
  );
  copy.set(values);
  return copy;
}

function ask<Task, Result>(worker: Worker, task: Task): Promise<Result> {
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
