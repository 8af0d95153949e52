import 'fake-indexeddb/auto';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildTinyArtifacts, TINY } from '../../pipeline/testing/tiny-domain';
import { loadEngineFromFolder } from '../artifacts/node';
import { ArtifactServer, MemoryCaches } from '../artifacts/testing/server';
import type { DomainInfo, LoadProgress, RecommendRequest, RecommendResponse } from '../contracts/engine';
import { Engine } from '../engine/engine';
import { EngineHost } from './host';
import type { RequestMessage, ResponseMessage } from './protocol';

let root: string;
let engine: Engine;
let server: ArtifactServer;
let posted: ResponseMessage[];
let host: EngineHost;
beforeAll(async () => {
  // hnswlib looks for a window before it looks for a worker.
  vi.stubGlobal('window', globalThis);
  root = await buildTinyArtifacts();
  engine = await loadEngineFromFolder(join(root, 'tiny'));
});
beforeEach(() => {
  server = new ArtifactServer(root);
  vi.stubGlobal('window', globalThis);
  vi.stubGlobal('fetch', server.fetch);
  vi.stubGlobal('caches', new MemoryCaches());
  start();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** A new worker, which knows nothing of the last one. */
function start(): void {
  posted = [];
  host = new EngineHost((message) => posted.push(structuredClone(message)));
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
const answersTo = (id: number) => posted.filter((message) => message.id === id && message.kind !== 'progress');
const progressOf = (id: number): LoadProgress[] =>
  posted.flatMap((message) => (message.kind === 'progress' && message.id === id ? [message.progress] : []));
const resultOf = <T>(id: number): T => {
  const [answer] = answersTo(id);
  if (answer?.kind !== 'result') throw new Error(JSON.stringify(answer));
  return answer.result as T;
};

describe('loading', () => {
  it('tells of every stage, up to all bytes of the manifest, and answers with the domain', async () => {
    await host.receive(load(1));
    const steps = progressOf(1);
    const { totalBytes } = steps.at(-1)!;
    expect(steps.map(({ stage }) => stage).filter((stage, i, all) => stage !== all[i - 1])).toEqual([
      'manifest',
      'download',
      'decode',
      'index',
      'ready',
    ]);
    expect(steps.at(-1)).toEqual({ stage: 'ready', loadedBytes: totalBytes, totalBytes, fromCache: false });
    expect(totalBytes).toBeGreaterThan(0);
    expect(resultOf<DomainInfo>(1)).toEqual(engine.info);
  });

  it('is shared by all who ask at once', async () => {
    await Promise.all([host.receive(load(1)), host.receive(load(2)), host.receive(recommend(3))]);
    expect(new Set(server.requests).size).toBe(server.requests.length);
    expect(resultOf<DomainInfo>(2)).toEqual(engine.info);
    expect(progressOf(2).at(-1)?.stage).toBe('ready');
    expect(resultOf<RecommendResponse>(3).items).toHaveLength(6);
  });

  it('comes from the cache in the next worker, with the network down', async () => {
    await host.receive(load(1));
    start();
    server.offline = true;
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

  it('that failed says why, and is tried again by the next call', async () => {
    server.answer('content', () => new Response('', { status: 404 }));
    await Promise.all([host.receive(load(1)), host.receive(search(2))]);
    for (const id of [1, 2]) {
      expect(answersTo(id)).toEqual([
        {
          kind: 'error',
          id,
          error: expect.objectContaining({ code: 'ARTIFACT_MISSING', message: expect.stringContaining('content') }),
        },
      ]);
    }
    server.mend();
    await host.receive(load(3));
    expect(resultOf<DomainInfo>(3)).toEqual(engine.info);
  });

  it('of a domain that is not there says so, and does not disturb another', async () => {
    await Promise.all([host.receive(load(1, 'nowhere')), host.receive(load(2))]);
    expect(answersTo(1)).toMatchObject([{ kind: 'error', error: { code: 'ARTIFACT_MISSING' } }]);
    expect(resultOf<DomainInfo>(2).id).toBe('tiny');
  });

  it('that was called off ends in silence, and the next caller has the domain', async () => {
    const first = host.receive(load(1));
    await host.receive({ kind: 'cancel', id: 1 });
    await Promise.all([first, host.receive(load(2))]);
    expect(posted.filter(({ id }) => id === 1)).toEqual([]);
    expect(resultOf<DomainInfo>(2)).toEqual(engine.info);
  });
});

describe('answers', () => {
  it('are those of the engine, over the HNSW graph', async () => {
    const attachIndex = vi.spyOn(Engine.prototype, 'attachIndex');
    await host.receive(recommend(1));
    expect(resultOf<RecommendResponse>(1)).toMatchObject({
      ...engine.recommend({ mode: 'collaborative', history: [{ id: 't4' }], topK: 6 }),
      stats: { itemsSearched: TINY.items },
    });
    const size = TINY.items - TINY.coldItems;
    expect(attachIndex).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ kind: 'hnsw', size }));
  });

  it('come from the exact scan where there is no IndexedDB', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const attachIndex = vi.spyOn(Engine.prototype, 'attachIndex');
    vi.stubGlobal('indexedDB', undefined);
    await host.receive(recommend(1));
    const found = resultOf<RecommendResponse>(1);
    expect(found.stats.index).toBe('exact');
    expect(found.items).toEqual(engine.recommend({ mode: 'collaborative', history: [{ id: 't4' }], topK: 6 }).items);
    expect(attachIndex).not.toHaveBeenCalled();
    expect(warn).toHaveBeenCalledOnce();
  });

  it('find titles and items', async () => {
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

  it('may be of one worker to many calls, each under its id', async () => {
    const sizes = [1, 2, 3, 4, 5];
    await Promise.all(sizes.map((topK) => host.receive(recommend(topK, { topK }))));
    for (const topK of sizes) expect(resultOf<RecommendResponse>(topK).items).toHaveLength(topK);
  });
});

describe('cancelling', () => {
  beforeEach(() => host.receive(load(99)));

  it('right behind a call keeps its work from beginning', async () => {
    const work = vi.spyOn(Engine.prototype, 'recommend');
    const call = host.receive(recommend(1));
    await host.receive({ kind: 'cancel', id: 1 });
    await call;
    // The engine may be warming up on its own account.
    expect(work).not.toHaveBeenCalledWith(expect.objectContaining({ topK: 6 }));
    expect(answersTo(1)).toEqual([]);
  });

  it('leaves the calls around it alone', async () => {
    const calls = [1, 2, 3].map((id) => host.receive(recommend(id)));
    await host.receive({ kind: 'cancel', id: 2 });
    await Promise.all(calls);
    expect([1, 2, 3].map((id) => answersTo(id).length)).toEqual([1, 0, 1]);
  });

  it('what is over or was never asked does nothing', async () => {
    await host.receive(recommend(1));
    await host.receive({ kind: 'cancel', id: 1 });
    await host.receive({ kind: 'cancel', id: 77 });
    expect(answersTo(1)).toHaveLength(1);
  });
});
