import type { LoadProgress } from '../contracts/engine';
import { deserializeError, InkpickError } from '../contracts/errors';
import type { CallOptions, EngineClient } from './client-contract';
import type { CallName, Calls, CatalogChange, RequestMessage, ResponseMessage } from './protocol';

const SEARCH_LIMIT = 8;

interface Pending {
  resolve(result: unknown): void;
  reject(error: InkpickError): void;
  onProgress?: (progress: LoadProgress) => void;
}

/** All that was published and withdrawn in a domain so far. */
class KeptChange {
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

  get whole(): CatalogChange {
    return { items: [...this.items.values()], withdrawn: [...this.withdrawn] };
  }
}

/** The engine in a Web Worker, started by the first call. */
export function createEngineClient(): EngineClient {
  return new WorkerClient(() => new Worker(new URL('./engine.worker.ts', import.meta.url), { type: 'module' }));
}

/**
 * Mirrors the engine across the worker boundary. The worker keeps no state of the visitor's: a crashed one is replaced
 * at the next call, which makes it load its domain again from the cache, and is told first what was published since.
 */
export class WorkerClient implements EngineClient {
  private readonly start: () => Worker;
  private worker: Worker | undefined;
  private nextId = 1;
  private readonly pending = new Map<number, Pending>();
  /** Loads that have been answered and whose rest is still on its way, by what hears of it. */
  private readonly followers = new Map<number, (progress: LoadProgress) => void>();
  private disposed = false;
  private readonly kept = new Map<string, KeptChange>();
  /** Domains of which the worker that runs knows what is kept. */
  private readonly told = new Set<string>();

  constructor(start: () => Worker) {
    this.start = start;
  }

  load(domain: string, { signal, onProgress }: Parameters<EngineClient['load']>[1] = {}) {
    return this.call('load', { domain }, signal, onProgress);
  }

  recommend(domain: string, request: Calls['recommend']['params']['request'], { signal }: CallOptions = {}) {
    return this.call('recommend', { domain, request }, signal);
  }

  search(domain: string, query: string, { signal, limit = SEARCH_LIMIT }: Parameters<EngineClient['search']>[2] = {}) {
    return this.call('search', { domain, query, limit }, signal);
  }

  items(domain: string, ids: string[], { signal }: CallOptions = {}) {
    return this.call('items', { domain, ids }, signal);
  }

  askNext(domain: string, request: Calls['askNext']['params']['request'], { signal }: CallOptions = {}) {
    return this.call('askNext', { domain, request }, signal);
  }

  async addItems(domain: string, change: CatalogChange): Promise<void> {
    const kept = this.kept.get(domain) ?? new KeptChange();
    this.kept.set(domain, kept);
    const sent = this.sendChange(domain, change);
    kept.add(change);
    await sent;
  }

  /** What a worker could not take in it is told again, ahead of the next call. */
  private async sendChange(domain: string, change: CatalogChange): Promise<void> {
    try {
      await this.call('addItems', { domain, ...change });
    } catch (error) {
      this.told.delete(domain);
      throw error;
    }
  }

  dispose(): void {
    this.disposed = true;
    this.stop(new InkpickError('ABORTED', 'the engine was closed'));
  }

  private call<Name extends CallName>(
    name: Name,
    params: Calls[Name]['params'],
    signal?: AbortSignal,
    onProgress?: (progress: LoadProgress) => void,
  ): Promise<Calls[Name]['result']> {
    return new Promise((resolve, reject) => {
      if (this.disposed) return reject(new InkpickError('ABORTED', 'the engine was closed'));
      const aborted = () => new InkpickError('ABORTED', 'the call was called off');
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
    if (!this.worker) {
      try {
        this.worker = this.start();
      } catch (cause) {
        this.stop(new InkpickError('WORKER_CRASHED', 'this browser cannot start a Web Worker', { cause }));
        return;
      }
      const worker = this.worker;
      // What a worker that has been stopped still had to say must not stop the one in its place.
      const crash = (why: string) => {
        if (this.worker === worker) this.stop(new InkpickError('WORKER_CRASHED', why));
      };
      worker.onmessage = ({ data }: MessageEvent<ResponseMessage>) => this.receive(data);
      worker.onerror = (event) => {
        event.preventDefault();
        crash(`the engine stopped: ${event.message || 'its script could not be loaded'}`);
      };
      worker.onmessageerror = () => crash('the engine sent what cannot be read');
    }
    try {
      if (message.kind === 'call') this.tellKept(message.params.domain);
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

  /** Tells a new worker once what was published in a domain, ahead of the first call about it. Nobody waits for the answer. */
  private tellKept(domain: string): void {
    if (this.told.has(domain)) return;
    this.told.add(domain);
    const change = this.kept.get(domain)?.whole;
    if (!change || change.items.length + change.withdrawn.length === 0) return;
    this.sendChange(domain, change).catch(() => {});
  }

  /** An answer to a call that was called off finds nobody waiting, and is dropped. */
  private receive(message: ResponseMessage): void {
    const call = this.pending.get(message.id);
    if (message.kind === 'progress') {
      const hear = call?.onProgress ?? this.followers.get(message.id);
      if (message.progress.stage === 'whole') this.followers.delete(message.id);
      hear?.(message.progress);
      return;
    }
    if (!call) return;
    if (message.kind === 'result' && call.onProgress) this.followers.set(message.id, call.onProgress);
    if (message.kind === 'result') call.resolve(message.result);
    else call.reject(deserializeError(message.error));
  }

  private stop(error: InkpickError): void {
    this.worker?.terminate();
    this.worker = undefined;
    this.told.clear();
    this.followers.clear();
    for (const call of [...this.pending.values()]) call.reject(error);
  }
}
