import {
  DEFAULT_DIVERSITY,
  DEFAULT_TOP_K,
  type LoadProgress,
  type RecommendRequest,
  type SearchHit,
} from '../contracts/engine';
import { serializeError } from '../contracts/errors';
import type { Engine } from '../engine/engine';
import { OpenDomain } from './open-domain';
import type { CallName, Calls, RequestMessage, ResponseMessage } from './protocol';
import type { ServerIndex } from './server-index';

/** A visitor with picks asks at once; only one who does not is waited for. */
const WARM_UP_DELAY_MS = 200;
const WARM_UP_ROUNDS = 5;
const WARM_UP_HISTORY = 5;

/** How long an answered list has to be drawn, before work in the background takes a processor from the page … */
const DRAWING_MS = 500;
/** … and longer still before a runtime is compiled. */
const TOWER_DELAY_MS = 1000;

/** With nothing asked for so long after the domain can answer, the rest of it is brought. */
const FOLLOW_DELAY_MS = 1000;

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
      await waitForRows(message, domain);
      const serverHits = await this.askServer(message, domain, signal);
      await this.inTurn(async () => {
        this.post({ kind: 'result', id, result: await this.answer(message, domain, signal, serverHits) });
        if (name === 'load') domain.onWhole(() => tell(domain.wholeProgress));
        if (name !== 'recommend') return;
        setTimeout(() => domain.follow(), DRAWING_MS);
        setTimeout(() => domain.tower.start(), TOWER_DELAY_MS);
      });
    } catch (error) {
      if (!signal.aborted) this.post({ kind: 'error', id, error: serializeError(error) });
    } finally {
      this.running.delete(id);
    }
  }

  /**
   * Runs work of the engine after the work before it, which may wait for the tower, so that answers come in the order of
   * their calls. Requests to the server run outside, since every call of every domain waits for its turn.
   */
  private inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const done = this.turn.then(work);
    this.turn = done.then(
      () => {},
      () => {},
    );
    return done;
  }

  /**
   * Asks the server, where the domain's index is there: fetches candidates for a list, or returns what a search found.
   * Lists of a domain wait for the requests of earlier lists, and searches for those of earlier searches, so that no
   * older answer comes after a newer one; nothing else waits.
   */
  private async askServer(
    call: RequestMessage & { kind: 'call' },
    { serverIndex, serverOrder }: OpenDomain,
    signal: AbortSignal,
  ): Promise<SearchHit[] | null> {
    if (!serverIndex) return null;
    if (call.name === 'search') {
      const { query, limit } = call.params;
      return serverOrder.search.add(serverIndex.search(query, limit, signal));
    }
    if (call.name === 'recommend') await serverOrder.recommend.add(this.fetchCandidates(call, serverIndex, signal));
    return null;
  }

  private async fetchCandidates(
    { params }: RequestMessage & { kind: 'call'; name: 'recommend' },
    serverIndex: ServerIndex,
    signal: AbortSignal,
  ): Promise<void> {
    const query = await this.inTurn(() => {
      signal.throwIfAborted();
      return serverIndex.candidateQuery(params.request);
    });
    if (query) await serverIndex.fetchCandidates(query, signal);
  }

  private async answer(
    { name, params }: RequestMessage & { kind: 'call' },
    { engine, tower, serverIndex }: OpenDomain,
    signal: AbortSignal,
    serverHits: SearchHit[] | null,
  ): Promise<Calls[CallName]['result']> {
    signal.throwIfAborted();
    switch (name) {
      case 'load':
        return engine.info;
      case 'recommend': {
        serverIndex?.addFetchedItems();
        const towerOutput = await tower.output(params.request);
        signal.throwIfAborted();
        return engine.recommend(params.request, { towerOutput });
      }
      case 'search': {
        const response = engine.search(params.query, params.limit);
        return serverHits ? { ...response, hits: serverHits } : response;
      }
      case 'items':
        return engine.items(params.ids);
      case 'askNext':
        return engine.askNext(params.request);
      case 'addItems':
        engine.addItems(params.items);
        engine.withdraw(params.withdrawn);
        return null;
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
    const loading: Loading = { opened: OpenDomain.open(domain, download.signal, tell), listeners, download };
    this.domains.set(domain, loading);
    loading.opened.then(
      (open) => {
        setTimeout(() => this.warmUp(open.engine), WARM_UP_DELAY_MS);
        setTimeout(() => open.follow(), FOLLOW_DELAY_MS);
      },
      () => this.forget(domain, loading),
    );
    return loading;
  }

  private forget(domain: string, loading: Loading): void {
    if (this.domains.get(domain) === loading) this.domains.delete(domain);
  }
}

/**
 * Waits until the rows are there that a call is about: search is about all of them, and a name that the head of the catalog
 * does not know may be in its tail. Where the tail cannot be had, only search fails. What is shared waits for nothing: it
 * is about all versions of the catalog, and the engine passes over what it does not know.
 */
async function waitForRows(call: RequestMessage & { kind: 'call' }, domain: OpenDomain): Promise<void> {
  if (call.name === 'search') return domain.searchable();
  if (domain.engine.isWhole) return;
  const names = call.name === 'recommend' ? namesIn(call.params.request) : call.name === 'items' ? call.params.ids : [];
  if (names.every((id) => domain.engine.knows(id))) return;
  await domain.whole().catch(() => {});
}

const namesIn = ({ history, hidden = [], candidates = [] }: RecommendRequest): string[] => [
  ...history.map(({ id }) => id),
  ...hidden,
  ...candidates,
];
