import 'fake-indexeddb/auto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ArtifactServer, MemoryCaches } from '../../testing/artifacts/artifact-server';
import { newItem } from '../../testing/engine/tiny-engine';
import { tinyArtifacts } from '../../testing/tiny-artifacts';
import type { RecommendRequest, RecommendResponse } from '../contracts/engine';
import type { Manifest } from '../contracts/manifest';
import type { Engine } from '../engine/engine';
import { EngineHost } from './host';
import { OpenDomain } from './open-domain';
import type { RequestMessage, ResponseMessage } from './protocol';
import { type CandidateQuery, ServerIndex } from './server-index';
import { TowerRunner } from './tower-runner';

/** One request to the server's API, which the test answers. */
interface ApiRequest {
  path: string;
  signal: AbortSignal;
  respond(body: unknown, status?: number): void;
  fail(): void;
}

let requests: ApiRequest[];
/** Stands in for `fetch`, for paths below `/api`; it waits until the test answers or the signal aborts. */
const fetchFromApi = (path: string, { signal }: RequestInit): Promise<Response> =>
  new Promise((resolve, reject) => {
    signal!.addEventListener('abort', () => reject(signal!.reason));
    requests.push({
      path,
      signal: signal!,
      respond: (body, status = 200) => resolve(new Response(JSON.stringify(body), { status })),
      fail: () => reject(new TypeError('Failed to fetch')),
    });
  });
const requestCount = (count: number) => vi.waitFor(() => expect(requests).toHaveLength(count), 20_000);
const { timeout } = AbortSignal;
/** Makes every timeout of the server elapse after `ms`. */
const shortenTimeouts = (ms: number) =>
  vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout.call(AbortSignal, ms));

beforeEach(() => {
  requests = [];
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('ServerIndex', () => {
  let added: string[];
  let index: ServerIndex;
  let now: number;
  /** The factors of a history are its length. */
  const engine = {
    info: { id: 'tiny' },
    session: ({ history }: RecommendRequest) => ({
      userFactors: () => (history.length > 0 ? Float32Array.of(history.length) : null),
    }),
    knows: (id: string) => added.includes(id),
    addItems: (items: readonly { id: string }[]) => added.push(...items.map(({ id }) => id)),
  } as unknown as Engine;
  const requestOf = (likes: number, more: Partial<RecommendRequest> = {}): RecommendRequest => ({
    mode: 'hybrid',
    history: Array.from({ length: likes }, (_, i) => ({ id: `t${i}` })),
    topK: 5,
    ...more,
  });
  const queryOf = (likes: number): CandidateQuery => index.candidateQuery(requestOf(likes))!;
  const { signal } = new AbortController();
  const itemsOf = (...ids: string[]) => ({ items: ids.map((id) => ({ id, score: 1, item: newItem(id, 'Even') })) });

  beforeEach(() => {
    added = [];
    index = new ServerIndex(engine);
    now = 1_000_000;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    vi.stubGlobal('fetch', fetchFromApi);
  });

  /** Searches, with this outcome of the request. */
  async function searchWith(outcome: (request: ApiRequest) => void) {
    const search = index.search('amber', 3, signal);
    outcome(requests.at(-1)!);
    return search;
  }

  it('adds fetched items in addFetchedItems(), and does not ask about the same factors again', async () => {
    const fetched = index.fetchCandidates(queryOf(1), signal);
    requests[0].respond(itemsOf('n0', 'n1'));
    await fetched;
    expect(added).toEqual([]);
    index.addFetchedItems();
    index.addFetchedItems();
    expect(added).toEqual(['n0', 'n1']);
    expect(index.candidateQuery(requestOf(1))).toBeNull();
    expect(index.candidateQuery(requestOf(2))).not.toBeNull();
  });

  it.each<[string, Partial<RecommendRequest>]>([
    ['the popular mode', { mode: 'popular' }],
    ['the content mode', { mode: 'content' }],
    ['given candidates', { candidates: ['t1'] }],
    ['an empty history', { history: [] }],
  ])('has nothing to ask for %s', (_, more) => {
    expect(index.candidateQuery(requestOf(1, more))).toBeNull();
  });

  it.each<[string, (request: ApiRequest) => void]>([
    ['cannot be reached', (request) => request.fail()],
    ['responds with 503', (request) => request.respond({}, 503)],
    ['responds with 429', (request) => request.respond({}, 429)],
    ['does not respond in time', () => {}],
  ])('does not ask a server that %s again for 5 s, then 10, 20 and 30 s at most', async (_, outcome) => {
    shortenTimeouts(20);
    for (const [failures, pause] of [5_000, 10_000, 20_000, 30_000, 30_000].entries()) {
      expect(await searchWith(outcome)).toBeNull();
      expect(requests).toHaveLength(failures + 1);
      now += pause - 1;
      expect(await index.search('amber', 3, signal)).toBeNull();
      await index.fetchCandidates(queryOf(1), signal);
      expect(requests).toHaveLength(failures + 1);
      now += 1;
    }
  });

  it('starts with the shortest pause again after a success', async () => {
    for (let i = 0; i < 3; i++) {
      await searchWith((request) => request.fail());
      now += 30_000;
    }
    expect(await searchWith((request) => request.respond({ results: [] }))).toEqual([]);
    await searchWith((request) => request.fail());
    now += 5_000;
    expect(await searchWith((request) => request.respond({ results: [] }))).toEqual([]);
  });

  it('counts requests that fail together as one failure', async () => {
    const searches = [1, 2, 3].map((limit) => index.search('amber', limit, signal));
    for (const request of requests) request.fail();
    await Promise.all(searches);
    now += 5_000;
    expect(await searchWith((request) => request.respond({ results: [] }))).toEqual([]);
  });

  it('does not repeat a query that the server rejects, and sends others', async () => {
    const query = queryOf(1);
    const fetched = index.fetchCandidates(query, signal);
    requests[0].respond({ error: {} }, 400);
    await fetched;
    expect(index.candidateQuery(requestOf(1))).toBeNull();
    index.fetchCandidates(queryOf(2), signal);
    expect(requests).toHaveLength(2);
  });

  it('aborts a search with its call and does not count that as a failure', async () => {
    const controller = new AbortController();
    const search = index.search('amber', 3, controller.signal);
    controller.abort();
    await expect(search).rejects.toMatchObject({ name: 'AbortError' });
    expect(requests[0].signal.aborted).toBe(true);
    expect(await searchWith((request) => request.respond({ results: [] }))).toEqual([]);
  });

  it('rejects an aborted call at once, and aborts its request unless another call about the user follows', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const controller = new AbortController();
    const fetched = index.fetchCandidates(queryOf(1), controller.signal);
    controller.abort();
    await expect(fetched).rejects.toMatchObject({ name: 'AbortError' });
    await vi.advanceTimersByTimeAsync(1000);
    expect(requests[0].signal.aborted).toBe(true);
    index.fetchCandidates(queryOf(1), signal);
    expect(requests).toHaveLength(2);
  });

  it('sends one request while a slider moves', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    for (let position = 0; position < 20; position++) {
      const controller = new AbortController();
      const moved = index.fetchCandidates(queryOf(1), controller.signal);
      controller.abort();
      await expect(moved).rejects.toMatchObject({ name: 'AbortError' });
      await vi.advanceTimersByTimeAsync(100);
    }
    const last = index.fetchCandidates(queryOf(1), signal);
    expect(requests).toHaveLength(1);
    expect(requests[0].signal.aborted).toBe(false);
    requests[0].respond(itemsOf('n0'));
    await last;
    index.addFetchedItems();
    expect(added).toEqual(['n0']);
  });
});

describe('a host with a domain whose index is on the server', () => {
  let root: string;
  let posted: ResponseMessage[];
  let host: EngineHost;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'inkpick-server-index-'));
    for (const id of ['tiny', 'remote'])
      await cp(join(await tinyArtifacts(), 'tiny'), join(root, id), { recursive: true });
    const path = join(root, 'remote', 'manifest.json');
    const manifest: Manifest = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(
      path,
      JSON.stringify({ ...manifest, domain: { ...manifest.domain, id: 'remote', index: 'server' } }),
    );
  });
  afterAll(() => rm(root, { recursive: true }));

  beforeEach(async () => {
    const artifacts = new ArtifactServer(root);
    vi.stubGlobal('fetch', (path: string, init: RequestInit) =>
      path.startsWith('/api/') ? fetchFromApi(path, init) : artifacts.fetch(path, init),
    );
    vi.stubGlobal('caches', new MemoryCaches());
    vi.stubGlobal('window', globalThis);
    vi.spyOn(OpenDomain.prototype, 'loadRemaining').mockResolvedValue();
    vi.spyOn(TowerRunner.prototype, 'start').mockResolvedValue();
    const messages: ResponseMessage[] = [];
    posted = messages;
    host = new EngineHost((message) => messages.push(message));
    for (const [i, domain] of ['tiny', 'remote'].entries())
      await host.receive({ kind: 'call', id: 90 + i, name: 'load', params: { domain } });
  });

  const recommend = (id: number, domain: string, request: Partial<RecommendRequest> = {}): RequestMessage => ({
    kind: 'call',
    id,
    name: 'recommend',
    params: { domain, request: { mode: 'hybrid', history: [{ id: 't4' }], topK: 6, ...request } },
  });
  const items = (id: number, domain: string): RequestMessage => ({
    kind: 'call',
    id,
    name: 'items',
    params: { domain, ids: ['t1'] },
  });
  const search = (id: number, query: string): RequestMessage => ({
    kind: 'call',
    id,
    name: 'search',
    params: { domain: 'remote', query, limit: 3 },
  });
  const order = () => posted.flatMap(({ kind, id }) => (kind === 'result' && id < 90 ? [id] : []));

  it('answers other domains and calls while the server is slow', async () => {
    const slow = host.receive(recommend(1, 'remote'));
    await requestCount(1);
    await Promise.all([recommend(2, 'tiny'), items(3, 'remote')].map((call) => host.receive(call)));
    expect(order()).toEqual([2, 3]);
    requests[0].respond({ items: [] });
    await slow;
    expect(order()).toEqual([2, 3, 1]);
  });

  it('answers lists in the order of their calls, and searches too', async () => {
    const calls = [
      recommend(1, 'remote'),
      recommend(2, 'remote', { mode: 'popular' }),
      recommend(3, 'remote', { history: [{ id: 't5' }] }),
      search(4, 'amber'),
      search(5, 'zephyr'),
    ].map((call) => host.receive(call));
    await requestCount(4);
    const of = (path: string) => requests.filter((request) => request.path.includes(path));
    of('zephyr')[0].respond({ results: [] });
    of('candidates')[1].respond({ items: [] });
    await host.receive(items(6, 'remote'));
    expect(order()).toEqual([6]);
    of('amber')[0].respond({ results: [] });
    await Promise.all(calls.slice(3));
    expect(order()).toEqual([6, 4, 5]);
    of('candidates')[0].respond({ items: [] });
    await Promise.all(calls);
    expect(order()).toEqual([6, 4, 5, 1, 2, 3]);
  });

  it('aborts the request of a call with it, and answers the next one', async () => {
    const first = host.receive(search(1, 'amber'));
    await requestCount(1);
    const second = host.receive(search(2, 'zephyr'));
    await requestCount(2);
    await host.receive({ kind: 'cancel', id: 1 });
    expect(requests[0].signal.aborted).toBe(true);
    requests[1].respond({ results: [] });
    await Promise.all([first, second]);
    expect(order()).toEqual([2]);
  });

  it('waits once for a server that hangs, not for each list', async () => {
    shortenTimeouts(50);
    for (const [i, id] of ['t4', 't5', 't6'].entries())
      await host.receive(recommend(i, 'remote', { history: [{ id }] }));
    expect(requests).toHaveLength(1);
    for (const message of posted)
      if (message.kind === 'result' && message.id < 90)
        expect((message.result as RecommendResponse).items).toHaveLength(6);
    expect(order()).toEqual([0, 1, 2]);
  });
});
