import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** Read at run time; next.config.ts includes it in the functions. */
const THREAD = join(/* turbopackIgnore: true */ process.cwd(), 'lib', 'server', 'store', 'pglite-thread.mjs');

/** The error code of a Postgres that is shutting down, which the store treats as unreachable. */
const SHUT_DOWN = '57P01';

export interface QueryResult {
  rows: unknown[];
  affectedRows?: number;
}

interface QueryOptions {
  rowMode?: 'array' | 'object';
}

/** The part of PGlite's interface that Drizzle uses, inside a transaction and outside. */
export interface Queries {
  query(query: string, params?: unknown[], options?: QueryOptions): Promise<QueryResult>;
}

interface Reply {
  id: number;
  result?: QueryResult;
  error?: { message: string; code?: string };
}

/** PGlite in its own thread, with the interface of Drizzle's driver. Other queries wait while a transaction runs. */
export class PgliteClient implements Queries {
  private readonly thread: Worker;
  private readonly pending = new Map<
    number,
    { resolve: (result: QueryResult) => void; reject: (error: Error) => void }
  >();
  private lastId = 0;
  private endedWith: Error | undefined;
  /** Settles after the work that was queued last. */
  private queue: Promise<unknown> = Promise.resolve();

  /** @param dataDir a folder, or `memory://` */
  constructor(dataDir: string) {
    this.thread = new Worker(/* turbopackIgnore: true */ THREAD, { workerData: { dataDir } });
    this.thread.unref();
    this.thread.on('message', ({ id, result, error }: Reply) => {
      const call = this.pending.get(id);
      this.remove(id);
      if (error) call?.reject(Object.assign(new Error(error.message), error));
      else call?.resolve(result ?? { rows: [] });
    });
    this.thread.on('error', (cause) => this.fail(cause));
    this.thread.on('exit', () => this.fail());
  }

  /** Rejects all pending and later queries. */
  private fail(cause?: unknown): void {
    this.endedWith ??= Object.assign(new Error('The embedded store has ended.', { cause }), { code: SHUT_DOWN });
    for (const [id, { reject }] of this.pending) {
      this.remove(id);
      reject(this.endedWith);
    }
  }

  /** Removes a settled query. The thread keeps the process alive only while queries are pending. */
  private remove(id: number): void {
    this.pending.delete(id);
    if (this.pending.size === 0) this.thread.unref();
  }

  private post(message: object): Promise<QueryResult> {
    return new Promise((resolve, reject) => {
      if (this.endedWith) {
        reject(this.endedWith);
        return;
      }
      const id = ++this.lastId;
      this.pending.set(id, { resolve, reject });
      this.thread.ref();
      this.thread.postMessage({ id, ...message });
    });
  }

  private readonly direct: Queries = {
    query: (query, params = [], { rowMode } = {}) => this.post({ query, params, rowMode }),
  };

  private enqueue<T>(work: () => Promise<T>): Promise<T> {
    const done = this.queue.then(work);
    this.queue = done.catch(() => undefined);
    return done;
  }

  query(query: string, params?: unknown[], options?: QueryOptions): Promise<QueryResult> {
    return this.enqueue(() => this.direct.query(query, params, options));
  }

  /** Runs `work` in a transaction, which is rolled back when it throws. */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    return this.enqueue(async () => {
      await this.direct.query('begin');
      try {
        const result = await work(this.direct);
        await this.direct.query('commit');
        return result;
      } catch (error) {
        await this.direct.query('rollback').catch(() => undefined);
        throw error;
      }
    });
  }

  /** Waits for the queued work, then ends the thread. */
  async close(): Promise<void> {
    try {
      await this.enqueue(() => this.post({ close: true }));
    } finally {
      await this.thread.terminate();
    }
  }
}
