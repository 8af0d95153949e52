import type { LoadProgress } from '../contracts/engine';
import { deserializeError, InkpickError } from '../contracts/errors';
import type { CallOptions, EngineClient } from './client-contract';
import type { CallName, Calls, CatalogChange, RequestMessage, ResponseMessage } from './protocol';

const DEFAULT_SEARCH_LIMIT = 8;

interface Pending {
  resolve(result: unknown): void;
  reject(error: InkpickError): void;
  onProgress?: (progress: LoadProgress) => void;
}

/** Everything that was published and withdrawn in a domain since the build. */
class AccumulatedChange {
  private readonly items = new Map<string, CatalogChange['items'][number]>();
  private readonly withdrawn = new Set<string>();

  add({ items, withdrawn }: CatalogChange): void {
    for (const item of items) {
      this.items.set(item.id, item);
      this.withdrawn.delete(item.id);
    }
    for (const id of withdrawn) {
      this.items.delete(id);
      this.withdrawn.add(id);
    }
  }

  get total(): CatalogChange {
    return { items: [...this.items.values()], withdrawn: [...this.withdrawn] };
  }
}

/** The engine in a Web Worker, started by the first call. */
export function createEngineClient(): EngineClient {
  return new WorkerClient(() => new Worker(new URL('./engine.worker.ts', import.meta.url), { type: 'module' }));
}

/**
 * Mirrors the engine across the worker boundary. The worker has no state of the visitor. After a crash the next call
 * starts another worker, which loads the domain from the cache and receives the catalog's changes ahead of the call.
 */
export class WorkerClient implements EngineClient {
  private readonly createWorker: () => Worker;
  private worker: Worker | undefined;
  private nextId = 1;
  private readonly pending = new Map<number, Pending>();
  /** The progress listeners of loads that were answered, by call id. They stay until the whole catalog is loaded. */
  private readonly progressListeners = new Map<number, (progress: LoadProgress) => void>();
  private isDisposed = false;
  private readonly changes = new Map<string, AccumulatedChange>();
  /** Domains whose changes were sent to the current worker. */
  private readonly syncedDomains = new Set<string>();

  constructor(createWorker: () => Worker) {
    this.createWorker = createWorker;
  }

  load(domain: string, { signal, onProgress }: Parameters<EngineClient['load']>[1] = {}) {
    return this.call('load', { domain }, signal, onProgress);
  }

  recommend(domain: string, request: Calls['recommend']['params']['request'], { signal }: CallOptions = {}) {
    return this.call('recommend', { domain, request }, signal);
  }

  search(
    domain: string,
    query: string,
    { signal, limit = DEFAULT_SEARCH_LIMIT }: Parameters<EngineClient['search']>[2] = {},
  ) {
    return this.call('search', { domain, query, limit }, signal);
  }

  items(domain: string, ids: string[], { signal }: CallOptions = {}) {
    return this.call('items', { domain, ids }, signal);
  }

  askNext(domain: string, request: Calls['askNext']['params']['request'], { signal }: CallOptions = {}) {
    return this.call('askNext', { domain, request }, signal);
  }

  async addItems(domain: string, change: CatalogChange): Promise<void> {
    const accumulated = this.changes.get(domain) ?? new AccumulatedChange();
    this.changes.set(domain, accumulated);
    const sent = this.sendChange(domain, change);
    accumulated.add(change);
    await sent;
  }

  /** If the call fails, all changes of the domain are sent again ahead of the next call. */
  private async sendChange(domain: string, change: CatalogChange): Promise<void> {
    try {
      await this.call('addItems', { domain, ...change });
    } catch (error) {
      this.syncedDomains.delete(domain);
      throw error;
    }
  }

  dispose(): void {
    this.isDisposed = true;
    this.stop(new InkpickError('ABORTED', 'the engine was closed'));
  }

  private call<Name extends CallName>(
    name: Name,
    params: Calls[Name]['params'],
    signal?: AbortSignal,
    onProgress?: (progress: LoadProgress) => void,
  ): Promise<Calls[Name]['result']> {
    return new Promise((resolve, reject) => {
      if (this.isDisposed) return reject(new InkpickError('ABORTED', 'the engine was closed'));
      const aborted = () => new InkpickError('ABORTED', 'the call was aborted');
      if (signal?.aborted) return reject(aborted());
      const id = this.nextId++;
      const onAbort = () => {
        this.send({ kind: 'cancel', id });
        this.pending.get(id)?.reject(aborted());
      };
      const settle = () => {
        this.pending.delete(id);
        signal?.removeEventListener('abort', onAbort);
      };
      this.pending.set(id, {
        resolve: (result) => {
          settle();
          resolve(result as Calls[Name]['result']);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
        onProgress,
      });
      signal?.addEventListener('abort', onAbort);
      this.send({ kind: 'call', id, name, params } as RequestMessage);
    });
  }

  private send(message: RequestMessage): void {
    this.worker ??= this.startWorker();
    if (!this.worker) return;
    try {
      if (message.kind === 'call') this.syncChanges(message.params.domain);
      this.worker.postMessage(message);
    } catch (cause) {
      const error = new InkpickError(
        'INVALID_REQUEST',
        `the call cannot be sent to the engine: ${(cause as Error).message}`,
        { cause },
      );
      this.pending.get(message.id)?.reject(error);
    }
  }

  /** Rejects every pending call and returns undefined where the browser has no workers. */
  private startWorker(): Worker | undefined {
    let worker: Worker;
    try {
      worker = this.createWorker();
    } catch (cause) {
      this.stop(new InkpickError('WORKER_CRASHED', 'this browser cannot start a Web Worker', { cause }));
      return undefined;
    }
    // A late event of a worker that was stopped must not stop its replacement.
    const crash = (reason: string) => {
      if (this.worker === worker) this.stop(new InkpickError('WORKER_CRASHED', reason));
    };
    worker.onmessage = ({ data }: MessageEvent<ResponseMessage>) => this.receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      crash(`the engine stopped: ${event.message || 'its script could not be loaded'}`);
    };
    worker.onmessageerror = () => crash('the engine sent a message that cannot be read');
    return worker;
  }

  /**
   * Sends a domain's changes to a new worker, ahead of the first call about that domain, without waiting for a result.
   */
  private syncChanges(domain: string): void {
    if (this.syncedDomains.has(domain)) return;
    this.syncedDomains.add(domain);
    const change = this.changes.get(domain)?.total;
    if (!change || change.items.length + change.withdrawn.length === 0) return;
    this.sendChange(domain, change).catch(() => {});
  }

  /** Results of aborted calls are dropped. */
  private receive(message: ResponseMessage): void {
    const call = this.pending.get(message.id);
    if (message.kind === 'progress') {
      const listener = call?.onProgress ?? this.progressListeners.get(message.id);
      if (message.progress.stage === 'whole') this.progressListeners.delete(message.id);
      listener?.(message.progress);
      return;
    }
    if (!call) return;
    if (message.kind === 'result' && call.onProgress) this.progressListeners.set(message.id, call.onProgress);
    if (message.kind === 'result') call.resolve(message.result);
    else call.reject(deserializeError(message.error));
  }

  private stop(error: InkpickError): void {
    this.worker?.terminate();
    this.worker = undefined;
    this.syncedDomains.clear();
    this.progressListeners.clear();
    for (const call of [...this.pending.values()]) call.reject(error);
  }
}
