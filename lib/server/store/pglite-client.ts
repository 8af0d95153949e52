import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** Read at run time; next.config.ts has it traced into the functions. */
const THREAD = join(/* turbopackIgnore: true */ process.cwd(), 'lib', 'server', 'store', 'pglite-thread.mjs');

/** By which Postgres says that it is going down: the store takes that for out of reach. */
const SHUT_DOWN = '57P01';

export interface QueryResult {
  rows: unknown[];
  affectedRows?: number;
}

interface QueryOptions {
  rowMode?: 'array' | 'object';
}

/** What Drizzle asks of PGlite, inside a transaction and out of one. */
export interface Queries {
  query(query: string, params?: unknown[], options?: QueryOptions): Promise<QueryResult>;
}

interface Reply {
  id: number;
  result?: QueryResult;
  error?: { message: string; code?: string };
}

/** PGlite in a thread of its own, as Drizzle's driver uses it. One transaction at a time: all else waits for its end. */
export class PgliteClient implements Queries {
  readonly #thread: Worker;
  readonly #pending = new Map<number, { resolve: (result: QueryResult) => void; reject: (error: Error) => void }>();
  #last = 0;
  #gone: Error | undefined;
  /** Settles with the work that was begun last. */
  #turn: Promise<unknown> = Promise.resolve();

  /** @param dataDir a folder, or `memory://` */
  constructor(dataDir: string) {
    this.#thread = new Worker(/* turbopackIgnore: true */ THREAD, { workerData: { dataDir } });
    this.#thread.unref();
    this.#thread.on('message', ({ id, result, error }: Reply) => {
      const call = this.#pending.get(id);
      this.#settled(id);
      if (error) call?.reject(Object.assign(new Error(error.message), error));
      else call?.resolve(result ?? { rows: [] });
    });
    this.#thread.on('error', (cause) => this.#end(cause));
    this.#thread.on('exit', () => this.#end());
  }

  /** Nothing is answered any more, and whoever waits is told. */
  #end(cause?: unknown): void {
    this.#gone ??= Object.assign(new Error('The embedded store has ended.', { cause }), { code: SHUT_DOWN });
    for (const [id, { reject }] of this.#pending) {
      this.#settled(id);
      reject(this.#gone);
    }
  }

  /** The thread keeps the process alive only while somebody waits for it. */
  #settled(id: number): void {
    this.#pending.delete(id);
    if (this.#pending.size === 0) this.#thread.unref();
  }

  #post(message: object): Promise<QueryResult> {
    return new Promise((resolve, reject) => {
      if (this.#gone) {
        reject(this.#gone);
        return;
      }
      const id = ++this.#last;
      this.#pending.set(id, { resolve, reject });
      this.#thread.ref();
      this.#thread.postMessage({ id, ...message });
    });
  }

  readonly #direct: Queries = {
    query: (query, params = [], { rowMode } = {}) => this.#post({ query, params, rowMode }),
  };

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  query(query: string, params?: unknown[], options?: QueryOptions): Promise<QueryResult> {
    return this.#inTurn(() => this.#direct.query(query, params, options));
  }

  /** Runs `work` in a transaction, which is undone where it throws. */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      await this.#direct.query('begin');
      try {
        const result = await work(this.#direct);
        await this.#direct.query('commit');
        return result;
      } catch (error) {
        await this.#direct.query('rollback').catch(() => undefined);
        throw error;
      }
    });
  }

  /** Waits for the work that was begun, and ends. */
  async close(): Promise<void> {
    try {
      await this.#inTurn(() => this.#post({ close: true }));
    } finally {
      await this.#thread.terminate();
    }
  }
}
