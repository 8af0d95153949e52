import {
  DEFAULT_DIVERSITY,
  DEFAULT_TOP_K,
  type LoadProgress,
  type RecommendRequest,
  type SearchHit,
} from '../contracts/engine';
import { serializeError } from '../contracts/errors';
import type { Engine } from '../engine/engine';
import { DomainLoader } from './domain-loader';
import type { OpenDomain } from './open-domain';
import type { CallName, Calls, RequestMessage, ResponseMessage } from './protocol';
import type { ServerIndex } from './server-index';

/** A visitor with picks sends the first call at once; the warm-up is for visitors without. */
const WARM_UP_DELAY_MS = 200;
const WARM_UP_ROUNDS = 5;
const WARM_UP_HISTORY = 5;

/** Time for the page to render a list before background work takes a processor from it … */
const RENDER_DELAY_MS = 500;
/** … and more time before a runtime is compiled. */
const TOWER_DELAY_MS = 1000;

/** When no list was requested for this long after a domain was opened, the rest of it is loaded. */
const IDLE_LOAD_DELAY_MS = 1000;

type CallMessage = RequestMessage & { kind: 'call' };

/**
 * The worker's side of the protocol: it owns the engines and answers calls one after another. It uses none of the
 * worker's globals; messages leave through `post`.
 */
export class EngineHost {
  private readonly post: (message: ResponseMessage) => void;
  private readonly domains = new DomainLoader((domain) => {
    setTimeout(() => this.warmUp(domain.engine), WARM_UP_DELAY_MS);
    setTimeout(() => domain.loadRemaining(), IDLE_LOAD_DELAY_MS);
  });
  private readonly running = new Map<number, AbortController>();
  /** Settles with the work that was queued last. */
  private turn: Promise<void> = Promise.resolve();

  constructor(post: (message: ResponseMessage) => void) {
    this.post = post;
  }

  /** Handles one message of the page. It resolves when the call was answered or aborted, and never rejects. */
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
      // A cancellation that was sent right behind its call must arrive before the work begins.
      await new Promise((resolve) => setTimeout(resolve));
      const reportProgress = (progress: LoadProgress) => {
        if (name === 'load' && !signal.aborted) this.post({ kind: 'progress', id, progress });
      };
      const domain = await this.domains.load(params.domain, signal, reportProgress);
      await waitForRows(message, domain);
      const serverHits = await this.askServer(message, domain, signal);
      await this.inTurn(async () => {
        this.post({ kind: 'result', id, result: await this.answer(message, domain, signal, serverHits) });
        if (name === 'load') domain.onWhole(() => reportProgress(domain.wholeProgress));
        if (name !== 'recommend') return;
        setTimeout(() => domain.loadRemaining(), RENDER_DELAY_MS);
        setTimeout(() => domain.tower.start(), TOWER_DELAY_MS);
      });
    } catch (error) {
      if (!signal.aborted) this.post({ kind: 'error', id, error: serializeError(error) });
    } finally {
      this.running.delete(id);
    }
  }

  /**
   * Runs the engine's work after the work before it, which may wait for the tower, so that calls are answered in order.
   * Requests to the server run outside, since the calls of all domains share these turns.
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
   * Asks the server, where the domain's index is there: fetches the candidates of a list, or returns the hits of a
   * search. Lists of a domain wait for the requests of earlier lists, and searches for those of earlier searches, so
   * that an older answer never follows a newer one. Other calls do not wait.
   */
  private async askServer(
    call: CallMessage,
    { serverIndex, serverOrder }: OpenDomain,
    signal: AbortSignal,
  ): Promise<SearchHit[] | null> {
    if (!serverIndex) return null;
    if (call.name === 'search') {
      const { query, limit } = call.params;
      return serverOrder.search.add(serverIndex.search(query, limit, signal));
    }
    if (call.name === 'recommend')
      await serverOrder.recommend.add(this.fetchCandidates(call.params.request, serverIndex, signal));
    return null;
  }

  private async fetchCandidates(
    request: RecommendRequest,
    serverIndex: ServerIndex,
    signal: AbortSignal,
  ): Promise<void> {
    const query = await this.inTurn(() => {
      signal.throwIfAborted();
      return serverIndex.candidateQuery(request);
    });
    if (query) await serverIndex.fetchCandidates(query, signal);
  }

  private async answer(
    { name, params }: CallMessage,
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
        const session = engine.session(params.request);
        const userFactors = await tower.run(session);
        signal.throwIfAborted();
        if (userFactors) session.setUserFactors(userFactors);
        return session.recommend();
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

  /** Runs the engine a few times, so that the browser has compiled its code before the visitor's first like. */
  private warmUp(engine: Engine): void {
    if (this.running.size > 0) return;
    const history = engine.popular(WARM_UP_HISTORY).map(({ id }) => ({ id }));
    for (let i = 0; i < WARM_UP_ROUNDS; i++)
      engine.recommend({ mode: 'hybrid', history, topK: DEFAULT_TOP_K, diversity: DEFAULT_DIVERSITY });
  }
}

/**
 * Waits for the rows that a call needs: search needs all of them, and an id that is not in the head of the catalog may
 * be in its tail. Where the tail cannot be fetched, only search fails. Live signals wait for nothing: they cover all
 * versions of the catalog, and the engine ignores ids that it does not know.
 */
async function waitForRows(call: CallMessage, domain: OpenDomain): Promise<void> {
  if (call.name === 'search') return domain.prepareSearch();
  if (domain.engine.isWhole) return;
  const ids = call.name === 'recommend' ? idsIn(call.params.request) : call.name === 'items' ? call.params.ids : [];
  if (ids.every((id) => domain.engine.knows(id))) return;
  await domain.loadTail().catch(() => {});
}

const idsIn = ({ history, hidden = [], candidates = [] }: RecommendRequest): string[] => [
  ...history.map(({ id }) => id),
  ...hidden,
  ...candidates,
];
