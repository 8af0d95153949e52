import 'fake-indexeddb/auto';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { ArtifactServer, MemoryCaches } from '../../testing/artifacts/artifact-server';
import { replaceArtifact } from '../../testing/artifacts/put-artifact';
import { userTower } from '../../testing/engine/columns';
import { newItem } from '../../testing/engine/tiny-engine';
import { tinyArtifacts } from '../../testing/tiny-artifacts';
import { TINY } from '../../testing/tiny-domain';
import { loadEngineFromFolder, readManifest } from '../artifacts/node';
import type { DomainInfo, LoadProgress, RecommendRequest, RecommendResponse } from '../contracts/engine';
import type { LiveSignals } from '../contracts/live-signals';
import { Engine } from '../engine/engine';
import { Session } from '../engine/session';
import { writeMlp } from '../format/onnx';
import { forward, type Mlp } from '../math/mlp';
import { EngineHost } from './host';
import { OnnxSession } from './onnx-session';
import { OpenDomain } from './open-domain';
import type { RequestMessage, ResponseMessage } from './protocol';

let root: string;
let engine: Engine;
let server: ArtifactServer;
let posted: ResponseMessage[];
let host: EngineHost;
/** The loads after the first list. Most tests do without them, since they would run on into the next test. */
let loadRemaining: MockInstance<OpenDomain['loadRemaining']>;
beforeAll(async () => {
  // hnswlib checks for a window before it checks for a worker.
  vi.stubGlobal('window', globalThis);
  root = await tinyArtifacts();
  engine = await loadEngineFromFolder(join(root, 'tiny'));
});
beforeEach(() => {
  server = new ArtifactServer(root);
  vi.stubGlobal('window', globalThis);
  vi.stubGlobal('fetch', server.fetch);
  vi.stubGlobal('caches', new MemoryCaches());
  vi.stubGlobal('navigator', {});
  loadRemaining = vi.spyOn(OpenDomain.prototype, 'loadRemaining').mockResolvedValue();
  startHost();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Replaces the host, as a new worker does. */
function startHost(): void {
  const messages: ResponseMessage[] = [];
  posted = messages;
  host = new EngineHost((message) => messages.push(structuredClone(message)));
}

const load = (id: number, domain = 'tiny'): RequestMessage => ({ kind: 'call', id, name: 'load', params: { domain } });
const recommend = (id: number, request: Partial<RecommendRequest> = {}): RequestMessage => ({
  kind: 'call',
  id,
  name: 'recommend',
  params: { domain: 'tiny', request: { mode: 'collaborative', history: [{ id: 't4' }], topK: 6, ...request } },
});
const search = (id: number): RequestMessage => ({
  kind: 'call',
  id,
  name: 'search',
  params: { domain: 'tiny', query: 'amber', limit: 3 },
});
const responsesTo = (id: number) => posted.filter((message) => message.id === id && message.kind !== 'progress');
const progressOf = (id: number): LoadProgress[] =>
  posted.flatMap((message) => (message.kind === 'progress' && message.id === id ? [message.progress] : []));
const resultOf = <T>(id: number): T => {
  const [response] = responsesTo(id);
  if (response?.kind !== 'result') throw new Error(JSON.stringify(response));
  return response.result as T;
};

/** Watches which lists engines make. */
function spyOnLists() {
  const sessions = vi.spyOn(Engine.prototype, 'session');
  const recommend = vi.spyOn(Session.prototype, 'recommend');
  const setUserFactors = vi.spyOn(Session.prototype, 'setUserFactors');
  return {
    /** The user factors set on the session of each list of `topK` items; undefined if the engine computed them. */
    factorsUsed: (topK: number): (Float32Array | undefined)[] =>
      recommend.mock.contexts.flatMap((session) => {
        const index = sessions.mock.results.findIndex(({ value }) => value === session);
        if (sessions.mock.calls[index]?.[0].topK !== topK) return [];
        return [setUserFactors.mock.calls[setUserFactors.mock.contexts.indexOf(session)]?.[0]];
      }),
    clear: () => [sessions, recommend, setUserFactors].forEach((spy) => void spy.mockClear()),
  };
}

describe('loading', () => {
  it('reports every stage, up to all bytes of the manifest, and returns the domain', async () => {
    await host.receive(load(1));
    const steps = progressOf(1);
    const { totalBytes } = steps.at(-1)!;
    expect(steps.map(({ stage }) => stage).filter((stage, i, all) => stage !== all[i - 1])).toEqual([
      'manifest',
      'download',
      'decode',
      'ready',
    ]);
    expect(steps.at(-1)).toEqual({ stage: 'ready', loadedBytes: totalBytes, totalBytes, fromCache: false });
    expect(totalBytes).toBeGreaterThan(0);
    expect(resultOf<DomainInfo>(1)).toEqual(engine.info);
  });

  it('is shared by concurrent calls', async () => {
    await Promise.all([host.receive(load(1)), host.receive(load(2)), host.receive(recommend(3))]);
    expect(new Set(server.requests).size).toBe(server.requests.length);
    expect(resultOf<DomainInfo>(2)).toEqual(engine.info);
    expect(progressOf(2).at(-1)?.stage).toBe('ready');
    expect(resultOf<RecommendResponse>(3).items).toHaveLength(6);
  });

  it('comes from the cache in the next worker when the network is down', async () => {
    await host.receive(load(1));
    startHost();
    server.isOffline = true;
    await host.receive(load(1));
    const last = progressOf(1).at(-1)!;
    expect(last).toEqual({
      stage: 'ready',
      loadedBytes: last.totalBytes,
      totalBytes: last.totalBytes,
      fromCache: true,
    });
    expect(resultOf<DomainInfo>(1)).toEqual(engine.info);
  });

  it('that failed reports the reason, and the next call tries again', async () => {
    server.override('content', () => new Response('', { status: 404 }));
    await Promise.all([host.receive(load(1)), host.receive(search(2))]);
    for (const id of [1, 2]) {
      expect(responsesTo(id)).toEqual([
        {
          kind: 'error',
          id,
          error: expect.objectContaining({ code: 'ARTIFACT_MISSING', message: expect.stringContaining('content') }),
        },
      ]);
    }
    server.reset();
    await host.receive(load(3));
    expect(resultOf<DomainInfo>(3)).toEqual(engine.info);
  });

  it('of a missing domain fails without affecting another domain', async () => {
    await Promise.all([host.receive(load(1, 'nowhere')), host.receive(load(2))]);
    expect(responsesTo(1)).toMatchObject([{ kind: 'error', error: { code: 'ARTIFACT_MISSING' } }]);
    expect(resultOf<DomainInfo>(2).id).toBe('tiny');
  });

  it('that was cancelled sends nothing, and the next call gets the domain', async () => {
    const first = host.receive(load(1));
    await host.receive({ kind: 'cancel', id: 1 });
    await Promise.all([first, host.receive(load(2))]);
    expect(posted.filter(({ id }) => id === 1)).toEqual([]);
    expect(resultOf<DomainInfo>(2)).toEqual(engine.info);
  });
});

describe('responses', () => {
  const warm = TINY.items - TINY.coldItems;
  const listOf = (id: number) => resultOf<RecommendResponse>(id).items.map((item) => item.id);
  const isWhole = (id: number) => progressOf(id).some(({ stage }) => stage === 'whole');
  const wasRequested = (name: string) => server.requests.some((file) => file.startsWith(`${name}.`));

  it('come from the head and the exact scan first, before anything else is fetched', async () => {
    const open = vi.spyOn(OpenDomain, 'open');
    await host.receive(recommend(1));
    // On a slow machine the domains of earlier tests may call it too.
    const domain = await open.mock.results[0].value;
    const isLoadingRemaining = () => loadRemaining.mock.contexts.includes(domain);
    expect(isLoadingRemaining()).toBe(false);
    expect(resultOf<RecommendResponse>(1).stats).toMatchObject({ itemsSearched: warm, index: 'exact' });
    expect(listOf(1)).toEqual(
      engine.recommend({ mode: 'collaborative', history: [{ id: 't4' }], topK: 6 }).items.map(({ id }) => id),
    );
    for (const name of ['hnsw', 'catalogtail', 'contenttail']) expect(wasRequested(name)).toBe(false);
    // After the page has had time to render the list.
    await vi.waitFor(() => expect(isLoadingRemaining()).toBe(true), 20_000);
  });

  it('come from the whole catalog and the HNSW graph later, and the load call reports that', async () => {
    loadRemaining.mockRestore();
    // Keeps ONNX Runtime away, which rounds the last digits of a score differently.
    vi.stubGlobal('navigator', { connection: { saveData: true } });
    const attachIndex = vi.spyOn(Engine.prototype, 'attachIndex');
    await host.receive(load(1));
    await host.receive(recommend(2));
    await vi.waitFor(() => expect(isWhole(1)).toBe(true), 20_000);
    await vi.waitFor(
      () => expect(attachIndex).toHaveBeenCalledWith(expect.objectContaining({ kind: 'hnsw', size: warm })),
      20_000,
    );
    await host.receive(recommend(3));
    const { items, unknown } = engine.recommend({ mode: 'collaborative', history: [{ id: 't4' }], topK: 6 });
    expect(resultOf<RecommendResponse>(3)).toMatchObject({ items, unknown, stats: { itemsSearched: TINY.items } });
  });

  it('of a load are followed by the rest of the catalog even without a list', async () => {
    await host.receive(load(1));
    loadRemaining.mockRestore();
    await vi.waitFor(() => expect(isWhole(1)).toBe(true), 20_000);
  });

  it('wait for the rows that the call names', async () => {
    const cold = `t${TINY.items - 1}`;
    await host.receive(recommend(1, { mode: 'content', history: [{ id: cold }] }));
    expect(resultOf<RecommendResponse>(1)).toMatchObject({ unknown: [], stats: { itemsSearched: TINY.items } });
    startHost();
    await host.receive({ kind: 'call', id: 2, name: 'items', params: { domain: 'tiny', ids: [cold] } });
    expect(resultOf<unknown[]>(2)).toEqual(engine.items([cold]));
  });

  it('leave out rows that cannot be fetched, except search, which fails and tries again at the next call', async () => {
    server.override('contenttail', () => new Response('', { status: 404 }));
    await host.receive(recommend(1, { history: [{ id: 't4' }, { id: `t${TINY.items - 1}` }] }));
    expect(resultOf<RecommendResponse>(1).unknown).toEqual([`t${TINY.items - 1}`]);
    await host.receive(search(2));
    expect(responsesTo(2)).toMatchObject([{ kind: 'error', error: { code: 'ARTIFACT_MISSING' } }]);
    server.reset();
    await host.receive(search(3));
    expect(resultOf<{ hits: unknown[] }>(3).hits).toEqual(engine.search('amber', 3).hits);
  });

  it('are sent between the slices in which the search index is built', async () => {
    await host.receive(load(1));
    const searched = host.receive(search(2));
    await host.receive(recommend(3));
    expect(responsesTo(2)).toEqual([]);
    expect(responsesTo(3)).toHaveLength(1);
    await searched;
    expect(responsesTo(2)).toHaveLength(1);
  });

  it('come from the exact scan without IndexedDB', async () => {
    loadRemaining.mockRestore();
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    vi.stubGlobal('indexedDB', undefined);
    await host.receive(recommend(1));
    await vi.waitFor(() => expect(warn).toHaveBeenCalled(), 20_000);
    await host.receive(recommend(2));
    expect(resultOf<RecommendResponse>(2).stats.index).toBe('exact');
  });

  it('contain titles and items', async () => {
    await host.receive(search(1));
    await host.receive({
      kind: 'call',
      id: 2,
      name: 'items',
      params: { domain: 'tiny', ids: ['sku007', 'gone', 't3'] },
    });
    expect(resultOf<{ hits: unknown[] }>(1).hits).toEqual(engine.search('amber', 3).hits);
    expect(resultOf<unknown[]>(2)).toEqual(engine.items(['t7', 't3']));
  });

  it('carry the id of their call', async () => {
    const sizes = [1, 2, 3, 4, 5];
    await Promise.all(sizes.map((topK) => host.receive(recommend(topK, { topK }))));
    for (const topK of sizes) expect(resultOf<RecommendResponse>(topK).items).toHaveLength(topK);
  });
});

describe('changes of the catalog', () => {
  const added = newItem('n0', 'Even');
  const addItems = (id: number, items = [added], withdrawn: string[] = []): RequestMessage => ({
    kind: 'call',
    id,
    name: 'addItems',
    params: { domain: 'tiny', items, withdrawn },
  });

  it('apply to the calls behind them, over the head and over the whole catalog', async () => {
    const expected = await loadEngineFromFolder(join(root, 'tiny'));
    expected.addItems([added]);
    expected.withdraw(['t6', 't57']);
    await Promise.all([
      host.receive(addItems(1, [added], ['t6', 't57'])),
      host.receive(recommend(2, { history: [{ id: 'n0' }] })),
    ]);
    expect(resultOf(1)).toBeNull();
    expect(resultOf<RecommendResponse>(2)).toMatchObject({ unknown: [] });
    const request: RecommendRequest = { mode: 'content', history: [{ id: 'n0' }], topK: 70 };
    await host.receive(recommend(3, request));
    const ids = resultOf<RecommendResponse>(3).items.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(20);
    for (const excluded of ['t6', 't57', 'n0']) expect(ids).not.toContain(excluded);
    await host.receive({ kind: 'call', id: 4, name: 'search', params: { domain: 'tiny', query: 'zephyr', limit: 3 } });
    expect(resultOf<{ hits: { id: string }[] }>(4).hits[0].id).toBe('n0');
    await host.receive(recommend(5, request));
    expect(resultOf<RecommendResponse>(5).items).toEqual(expected.recommend(request).items);
  });

  it('withdraw an item that is in both lists', async () => {
    await host.receive(addItems(1, [added], ['n0']));
    await host.receive({ kind: 'call', id: 2, name: 'items', params: { domain: 'tiny', ids: ['n0', 't1'] } });
    expect(resultOf<{ id: string }[]>(2).map(({ id }) => id)).toEqual(['t1']);
  });
});

describe('live signals', () => {
  const cold = `t${TINY.items - 1}`;
  const live: LiveSignals = {
    trending: [
      { id: 'gone', weight: 900 },
      { id: cold, weight: 90_000 },
      { id: 't30', weight: 9000 },
    ],
    friends: [{ id: 'gone', weight: 1, names: [] }],
    fresh: [{ id: 'n0', impressions: 0, clicks: 0 }],
    baseRate: 0.05,
  };

  it('reach the engine with the seed, and do not wait for unknown items', async () => {
    await host.receive({
      kind: 'call',
      id: 1,
      name: 'addItems',
      params: { domain: 'tiny', items: [newItem('n0', 'Even')], withdrawn: [] },
    });
    await host.receive(recommend(2, { mode: 'popular', history: [], live }));
    const { items, unknown, stats } = resultOf<RecommendResponse>(2);
    expect(items[0].id).toBe('t30');
    expect(unknown).toEqual([]);
    expect(stats.itemsSearched).toBe(TINY.items - TINY.coldItems + 1);
    expect(server.requests.some((file) => file.startsWith('catalogtail.'))).toBe(false);
    await host.receive(recommend(3, { mode: 'hybrid', live, seed: 4 }));
    expect(resultOf<RecommendResponse>(3).items[5]).toMatchObject({ id: 'n0', slot: 'fresh' });
  });
});

describe('askNext', () => {
  it('returns the answer of the engine', async () => {
    await host.receive(search(1));
    const request = { answers: [{ id: 't4' }], count: 5 };
    await host.receive({ kind: 'call', id: 2, name: 'askNext', params: { domain: 'tiny', request } });
    expect(resultOf<unknown[]>(2)).toEqual(engine.askNext(request));
    expect(resultOf<unknown[]>(2)).toHaveLength(5);
  });
});

describe('cancelling', () => {
  beforeEach(() => host.receive(load(99)));

  it('right behind a call prevents its work', async () => {
    const lists = spyOnLists();
    const call = host.receive(recommend(1));
    await host.receive({ kind: 'cancel', id: 1 });
    await call;
    // The warm-up calls the engine too.
    expect(lists.factorsUsed(6)).toEqual([]);
    expect(responsesTo(1)).toEqual([]);
  });

  it('does not affect other calls', async () => {
    const calls = [1, 2, 3].map((id) => host.receive(recommend(id)));
    await host.receive({ kind: 'cancel', id: 2 });
    await Promise.all(calls);
    expect([1, 2, 3].map((id) => responsesTo(id).length)).toEqual([1, 0, 1]);
  });

  it('a finished or unknown call does nothing', async () => {
    await host.receive(recommend(1));
    await host.receive({ kind: 'cancel', id: 1 });
    await host.receive({ kind: 'cancel', id: 77 });
    expect(responsesTo(1)).toHaveLength(1);
  });
});

describe('a user tower', () => {
  let folder: string;
  /** An engine of the same artifacts, for comparison. */
  let towered: Engine;
  let tower: Mlp;
  let lists: ReturnType<typeof spyOnLists>;
  let opened: MockInstance<typeof OnnxSession.open>;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'inkpick-host-'));
    const domain = join(folder, 'tiny');
    await cp(join(root, 'tiny'), domain, { recursive: true });
    const { training } = (await readManifest(domain)).manifest;
    tower = userTower(training.latent.dims);
    const manifest = await replaceArtifact(domain, 'tower', writeMlp(tower, { name: 'tower' }));
    await writeFile(join(domain, 'manifest.json'), JSON.stringify({ ...manifest, towerMostLikes: 2 }));
    towered = await loadEngineFromFolder(domain);
    server = new ArtifactServer(folder);
    vi.stubGlobal('fetch', server.fetch);
    opened = vi.spyOn(OnnxSession, 'open');
    lists = spyOnLists();
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Requests lists until the runtime runs the tower. */
  async function withRuntime(): Promise<void> {
    await vi.waitFor(async () => {
      await host.receive(recommend(90, { topK: 7 }));
      expect(lists.factorsUsed(7).at(-1)).toBeDefined();
    }, 20_000);
    lists.clear();
  }
  /** How often the runtime opened this tower. Workers of earlier tests may still open theirs. */
  const openingCount = () =>
    opened.mock.calls.filter(([model]) => Buffer.from(model).equals(writeMlp(tower, { name: 'tower' }))).length;
  const idsOf = ({ items }: RecommendResponse) => items.map(({ id }) => id);

  it('is used from the first list on; the runtime is fetched after that, once', async () => {
    await host.receive(load(1));
    await host.receive(search(2));
    await host.receive(recommend(3));
    expect(openingCount()).toBe(0);
    expect(lists.factorsUsed(6)).toEqual([undefined]);
    const request: RecommendRequest = { mode: 'collaborative', history: [{ id: 't4' }], topK: 6 };
    expect(idsOf(resultOf(3))).toEqual(idsOf(towered.recommend(request)));
    await withRuntime();
    await host.receive(recommend(4));
    expect(openingCount()).toBe(1);
    expect(idsOf(resultOf(4))).toEqual(idsOf(resultOf(3)));
  });

  it('runs before the engine, and responses keep the order of their calls', async () => {
    await withRuntime();
    // Builds the search index.
    await host.receive(search(91));
    const calls = [recommend(1, { topK: 3 }), search(2), recommend(3, { topK: 4 }), search(4)];
    await Promise.all(calls.map((call) => host.receive(call)));
    const input = towered.session({ mode: 'collaborative', history: [{ id: 't4' }], topK: 3 }).towerInput()!;
    const [factors] = lists.factorsUsed(3);
    forward(tower, input).forEach((value, d) => {
      expect(factors![d]).toBeCloseTo(value, 5);
    });
    expect(posted.filter(({ kind, id }) => kind === 'result' && id < 90).map(({ id }) => id)).toEqual([1, 2, 3, 4]);
  });

  it('does not run for a user with many likes', async () => {
    await withRuntime();
    await host.receive(recommend(1, { topK: 3, history: ['t4', 't6', 't8'].map((id) => ({ id })) }));
    expect(lists.factorsUsed(3)).toEqual([undefined]);
  });

  it('whose call is cancelled meanwhile does not run the engine', async () => {
    await withRuntime();
    const { towerInput } = Session.prototype;
    vi.spyOn(Session.prototype, 'towerInput').mockImplementationOnce(function (this: Session) {
      host.receive({ kind: 'cancel', id: 1 });
      return towerInput.call(this);
    });
    await Promise.all([host.receive(recommend(1, { topK: 3 })), host.receive(search(2))]);
    expect(lists.factorsUsed(3)).toEqual([]);
    expect([1, 2].map((id) => responsesTo(id).length)).toEqual([0, 1]);
  });
});
