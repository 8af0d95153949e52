import 'fake-indexeddb/auto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import * as candidates from '../../app/api/candidates/[domain]/route';
import * as search from '../../app/api/search/[domain]/route';
import { loadEngineFromFolder } from '../../lib/artifacts/node';
import type { ItemSummary, RecommendResponse, SearchResponse } from '../../lib/contracts/engine';
import type { Manifest } from '../../lib/contracts/manifest';
import type { Engine } from '../../lib/engine/engine';
import { loadArtifacts as loadVectors } from '../../lib/server/vectors/load-artifacts';
import { EngineHost } from '../../lib/worker/host';
import { OpenDomain } from '../../lib/worker/open-domain';
import type { RequestMessage, ResponseMessage } from '../../lib/worker/protocol';
import { TowerRunner } from '../../lib/worker/tower-runner';
import { ArtifactServer, MemoryCaches } from '../artifacts/artifact-server';
import { call } from '../server/call';
import { embeddedFolder } from '../server/stores';
import { tinyArtifacts } from '../tiny-artifacts';
import { TINY } from '../tiny-domain';

/** A catalog whose tail is on the server only: the worker, the routes and the vector store together. */
describe('a domain whose index is on the server', () => {
  let engine: Engine;
  let artifacts: ArtifactServer;
  let host: EngineHost;
  let posted: ResponseMessage[];
  /** The requests that the server received. */
  let apiRequests: { path: string; body: unknown }[];
  let isServerUp: boolean;
  let root: string;

  beforeAll(async () => {
    root = await tinyArtifacts();
    const path = join(root, 'tiny', 'manifest.json');
    const manifest: Manifest = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...manifest, domain: { ...manifest.domain, index: 'server' } }));
    engine = await loadEngineFromFolder(join(root, 'tiny'));
    const data = await embeddedFolder();
    vi.stubEnv('INKPICK_ARTIFACTS', root);
    vi.stubEnv('INKPICK_DATA', data);
    vi.stubEnv('INKPICK_RATE_LIMIT', '0');
    const withFactors = [...engine.vectors()].length;
    expect(await loadVectors(join(root, 'tiny'), { folder: data })).toBe(withFactors);
    expect(withFactors).toBeGreaterThan(TINY.items - TINY.coldItems);
  });
  afterAll(() => vi.unstubAllEnvs());

  beforeEach(() => {
    artifacts = new ArtifactServer(root);
    apiRequests = [];
    isServerUp = true;
    vi.stubGlobal('caches', new MemoryCaches());
    vi.stubGlobal('navigator', {});
    vi.stubGlobal('fetch', async (address: string, init?: RequestInit) => {
      if (!String(address).startsWith('/api/')) return artifacts.fetch(address, init);
      if (!isServerUp) throw new TypeError('Failed to fetch');
      const url = new URL(address, 'http://localhost');
      apiRequests.push({ path: url.pathname, body: init?.body ? JSON.parse(String(init.body)) : url.search });
      const route = url.pathname.startsWith('/api/search') ? search : candidates;
      const response = await call(route, init?.method ?? 'GET', {
        params: { domain: url.pathname.split('/')[3] },
        query: url.search,
        body: init?.body ?? undefined,
      });
      return new Response(response.text, { status: response.status });
    });
    vi.spyOn(OpenDomain.prototype, 'loadRemaining').mockResolvedValue();
    vi.spyOn(TowerRunner.prototype, 'start').mockResolvedValue();
    // A slow machine must not run into the server's timeout, which lib/worker/server-index.test.ts covers.
    vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => new AbortController().signal);
    posted = [];
    host = new EngineHost((message) => posted.push(structuredClone(message)));
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  let calls = 0;
  async function send<T>(message: object): Promise<T> {
    const id = ++calls;
    await host.receive({ kind: 'call', id, ...message } as unknown as RequestMessage);
    const response = posted.find((message) => message.id === id && message.kind !== 'progress');
    if (response?.kind !== 'result') throw new Error(JSON.stringify(response));
    return response.result as T;
  }
  const recommend = (more: object = {}) =>
    send<RecommendResponse>({
      name: 'recommend',
      params: {
        domain: 'tiny',
        request: { mode: 'collaborative', history: [{ id: 't4' }, { id: 't6' }], topK: 20, ...more },
      },
    });
  const cold = () => [...engine.vectors()].filter(({ record }) => record !== null);
  const tailRequests = () => artifacts.requests.filter((name) => /tail|itemtower|hnsw/.test(name));

  it('fetches the nearest items from the server, sends no history, and fetches no tail', async () => {
    const { items, unknown } = await recommend();
    expect(unknown).toEqual([]);
    expect(items).toHaveLength(20);
    expect(apiRequests).toHaveLength(1);
    expect(apiRequests[0].path).toBe('/api/candidates/tiny');
    expect(Object.keys(apiRequests[0].body as object).sort()).toEqual(['factors', 'limit']);
    expect(JSON.stringify(apiRequests)).not.toMatch(/t4|t6/);
    const added = await send<ItemSummary[]>({
      name: 'items',
      params: { domain: 'tiny', ids: cold().map(({ id }) => id) },
    });
    expect(
      added.map(({ id, title, year, creators, tags, links }) => ({ id, title, year, creators, tags, links })),
    ).toEqual(
      engine
        .items(cold().map(({ id }) => id))
        .map(({ id, title, year, creators, tags, links }) => ({ id, title, year, creators, tags, links })),
    );
    expect(tailRequests()).toEqual([]);
  });

  it('ranks them about as an engine with the whole catalog does, and calls none of them new', async () => {
    const [history, topK] = [[{ id: 't4' }, { id: 't6' }], 54];
    const whole = engine.recommend({ mode: 'collaborative', history, topK });
    const { items } = await recommend({ history, topK });
    const scores = new Map(items.map(({ id, score }) => [id, score]));
    const coldIds = new Set(cold().map(({ id }) => id));
    const common = whole.items.filter(({ id }) => coldIds.has(id) && scores.has(id));
    expect(common.length).toBeGreaterThan(0);
    for (const { id, score } of common) expect(scores.get(id)).toBeCloseTo(score, 1);
    expect(items.flatMap(({ reasons }) => reasons.map(({ kind }) => kind))).not.toContain('new');
  });

  it('asks once about the same visitor', async () => {
    await recommend();
    await recommend({ diversity: 0.5 });
    expect(apiRequests).toHaveLength(1);
    await recommend({ history: [{ id: 't5' }] });
    expect(apiRequests).toHaveLength(2);
  });

  it('finds titles of the tail, and uses the items it has when the server is down', async () => {
    const { title, id } = engine.items([cold()[0].id])[0];
    const find = () => send<SearchResponse>({ name: 'search', params: { domain: 'tiny', query: title, limit: 3 } });
    expect((await find()).hits[0].id).toBe(id);
    isServerUp = false;
    expect((await find()).hits.map((hit) => hit.id)).not.toContain(id);
    expect((await recommend()).items).toHaveLength(20);
    expect(tailRequests()).toEqual([]);
  });
});
