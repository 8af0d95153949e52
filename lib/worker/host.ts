import { loadArtifacts } from '../artifacts/browser';
import { makeEngine } from '../artifacts/decode';
import { DEFAULT_DIVERSITY, DEFAULT_TOP_K, type LoadProgress } from '../contracts/engine';
import { serializeError } from '../contracts/errors';
import type { Engine } from '../engine/engine';
import { readHnsw } from '../format/hnsw';
import { HnswIndex } from './hnsw-index';
import type { CallName, Calls, RequestMessage, ResponseMessage } from './protocol';
import { TowerRunner } from './tower-runner';

/** A visitor with picks asks at once; only one who does not is waited for. */
const WARM_UP_DELAY_MS = 200;
const WARM_UP_ROUNDS = 5;
const WARM_UP_HISTORY = 5;

/** How long an answered list has to be drawn: compiling the runtime would take the processor from the page. */
const TOWER_DELAY_MS = 1000;

/** A domain that can answer. */
interface OpenDomain {
  engine: Engine;
  tower: TowerRunner;
}

/** A domain being loaded or loaded; several callers may wait for the same one. */
interface Loading {
  opened: Promise<OpenDomain>;
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
  /** Settles with the work that was begun last. */
  private turn: Promise<void> = Promise.resolve();

  constructor(post: (message: ResponseMessage) => void) {
    this.post = post;
  }

  async receive(message: RequestMessage): Promise<void> {
    if (message.kind === 'cancel') {
      this.running.get(message.id)?.abort();
      return;
    }
    const { id, name, params } = message;
    const controller = new AbortController();
    const { signal } = controller;
    this.running.set(id, controller);
    try {
      // A cancellation sent right behind its call must be heard before the work begins.
      await new Promise((resolve) => setTimeout(resolve));
      const tell = (progress: LoadProgress) => {
        if (name === 'load' && !signal.aborted) this.post({ kind: 'progress', id, progress });
      };
      const domain = await this.load(params.domain, signal, tell);
      await this.inTurn(async () => {
        this.post({ kind: 'result', id, result: await this.answer(message, domain, signal) });
        if (name === 'recommend') setTimeout(() => domain.tower.start(), TOWER_DELAY_MS);
      });
    } catch (error) {
      if (!signal.aborted) this.post({ kind: 'error', id, error: serializeError(error) });
    } finally {
      this.running.delete(id);
    }
  }

  /** Lets the work before it finish, which may wait for the tower, so that answers come in the order of their calls. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => {});
    return done;
  }

  private async answer(
    { name, params }: RequestMessage & { kind: 'call' },
    { engine, tower }: OpenDomain,
    signal: AbortSignal,
  ): Promise<Calls[CallName]['result']> {
    signal.throwIfAborted();
    switch (name) {
      case 'load':
        return engine.info;
      case 'recommend': {
        const towerOutput = await tower.output(params.request);
        signal.throwIfAborted();
        return engine.recommend(params.request, { towerOutput });
      }
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
      engine.recommend({ mode: 'hybrid', history, topK: DEFAULT_TOP_K, diversity: DEFAULT_DIVERSITY });
  }

  /**
   * Loads once, however many ask. A load that failed is forgotten, so that the next call tries again; one that nobody
   * waits for any more is called off while it downloads.
   */
  private async load(
    domain: string,
    signal: AbortSignal,
    listener: (progress: LoadProgress) => void,
  ): Promise<OpenDomain> {
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
      return await loading.opened;
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
    const loading: Loading = { opened: openDomain(domain, download.signal, tell), listeners, download };
    this.domains.set(domain, loading);
    loading.opened.then(
      ({ engine }) => setTimeout(() => this.warmUp(engine), WARM_UP_DELAY_MS),
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
): Promise<OpenDomain> {
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
  return { engine, tower: new TowerRunner(engine, files.get('tower')) };
}
