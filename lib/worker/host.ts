import { loadArtifacts } from '../artifacts/browser';
import { makeEngine } from '../artifacts/decode';
import { DEFAULT_TOP_K, type LoadProgress } from '../contracts/engine';
import { InkpickError, serializeError } from '../contracts/errors';
import type { Engine } from '../engine/engine';
import { readHnsw } from '../format/hnsw';
import { HnswIndex } from './hnsw-index';
import type { CallName, Calls, RequestMessage, ResponseMessage } from './protocol';

/** A visitor with picks asks at once; only one who does not is waited for. */
const WARM_UP_DELAY_MS = 200;
const WARM_UP_ROUNDS = 5;
const WARM_UP_HISTORY = 5;

/** A domain being loaded or loaded; several callers may wait for the same one. */
interface Loading {
  engine: Promise<Engine>;
  /** Those who wait, by what tells them how far it is. */
  listeners: Set<(progress: LoadProgress) => void>;
  /** Calls the download off; null once that is over. */
  download: AbortController | null;
}

/**
 * The worker's side of the protocol: holds the engines, answers calls one after another, and drops what was called off
 * before its turn. Independent of the worker's globals but for `post`.
 */
export class EngineHost {
  private readonly post: (message: ResponseMessage) => void;
  private readonly domains = new Map<string, Loading>();
  private readonly running = new Map<number, AbortController>();

  constructor(post: (message: ResponseMessage) => void) {
    this.post = post;
  }

  async receive(message: RequestMessage): Promise<void> {
    if (message.kind === 'cancel') {
      this.running.get(message.id)?.abort();
      return;
    }
    const { id } = message;
    const controller = new AbortController();
    this.running.set(id, controller);
    try {
      // A cancellation sent right behind its call must be heard before the work begins.
      await new Promise((resolve) => setTimeout(resolve));
      const result = await this.answer(message, controller.signal);
      if (!controller.signal.aborted) this.post({ kind: 'result', id, result });
    } catch (error) {
      if (!controller.signal.aborted) this.post({ kind: 'error', id, error: serializeError(error) });
    } finally {
      this.running.delete(id);
    }
  }

  private async answer(
    message: RequestMessage & { kind: 'call' },
    signal: AbortSignal,
  ): Promise<Calls[CallName]['result']> {
    const { id, name, params } = message;
    if (name === 'load') {
      const tell = (progress: LoadProgress) => {
        if (!signal.aborted) this.post({ kind: 'progress', id, progress });
      };
      return (await this.load(params.domain, signal, tell)).info;
    }
    const engine = await this.load(params.domain, signal, () => {});
    if (signal.aborted) throw new InkpickError('ABORTED', 'the call was called off');
    switch (name) {
      case 'recommend':
        return engine.recommend(params.request);
      case 'search':
        return engine.search(params.query, params.limit);
      case 'items':
        return engine.items(params.ids);
    }
  }

  /** Code runs slowly until the browser has compiled it: better in a quiet moment than under the visitor's first like. */
  private warmUp(engine: Engine): void {
    if (this.running.size > 0) return;
    const history = engine.popular(WARM_UP_HISTORY).map(({ id }) => ({ id }));
    for (let i = 0; i < WARM_UP_ROUNDS; i++)
      engine.recommend({ mode: 'hybrid', history, topK: DEFAULT_TOP_K, diversity: 0.2 });
  }

  /**
   * Loads once, however many ask. A load that failed is forgotten, so that the next call tries again; one that nobody
   * waits for any more is called off while it downloads.
   */
  private async load(domain: string, signal: AbortSignal, listener: (progress: LoadProgress) => void): Promise<Engine> {
    const loading = this.domains.get(domain) ?? this.beginLoad(domain);
    const leave = () => {
      loading.listeners.delete(listener);
      if (loading.listeners.size > 0 || !loading.download) return;
      loading.download.abort();
      this.forget(domain, loading);
    };
    loading.listeners.add(listener);
    signal.addEventListener('abort', leave);
    try {
      return await loading.engine;
    } finally {
      signal.removeEventListener('abort', leave);
      loading.listeners.delete(listener);
    }
  }

  private beginLoad(domain: string): Loading {
    const listeners: Loading['listeners'] = new Set();
    const download = new AbortController();
    const tell = (progress: LoadProgress) => {
      if (progress.stage === 'decode') loading.download = null;
      for (const hear of listeners) hear(progress);
    };
    const loading: Loading = { engine: openDomain(domain, download.signal, tell), listeners, download };
    this.domains.set(domain, loading);
    loading.engine.then(
      (engine) => setTimeout(() => this.warmUp(engine), WARM_UP_DELAY_MS),
      () => this.forget(domain, loading),
    );
    return loading;
  }

  private forget(domain: string, loading: Loading): void {
    if (this.domains.get(domain) === loading) this.domains.delete(domain);
  }
}

async function openDomain(
  domain: string,
  signal: AbortSignal,
  tell: (progress: LoadProgress) => void,
): Promise<Engine> {
  const { manifest, version, files, progress } = await loadArtifacts(domain, signal, tell);
  tell({ ...progress, stage: 'decode' });
  const engine = makeEngine(manifest, version, files, () => performance.now());
  const graph = files.get('hnsw');
  if (graph && manifest.counts.warmItems > 0) {
    tell({ ...progress, stage: 'index' });
    try {
      const { sha256 } = manifest.artifacts.find(({ name }) => name === 'hnsw')!;
      engine.attachIndex(
        await HnswIndex.open(readHnsw(graph, `${domain}/hnsw`), engine.itemFactors, `${domain}.${sha256.slice(0, 16)}`),
      );
    } catch (error) {
      // Without IndexedDB the exact scan answers the same questions, and every answer says which of them did.
      console.warn(`The HNSW index of ${domain} could not be opened; the exact scan serves instead.`, error);
    }
  }
  tell({ ...progress, stage: 'ready' });
  return engine;
}
