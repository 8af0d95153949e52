import { beforeEach, describe, expect, it } from 'vitest';
import type { LoadProgress, RecommendRequest } from '../contracts/engine';
import { InkpickError, serializeError } from '../contracts/errors';
import type { PublishedItem } from '../contracts/live-signals';
import { WorkerClient } from './client';
import type { RequestMessage, ResponseMessage } from './protocol';

/** Records the messages it receives; the test responds. Messages are cloned, as between threads. */
class FakeWorker {
  readonly sent: RequestMessage[] = [];
  terminated = false;
  onmessage: ((event: MessageEvent) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  onmessageerror: (() => void) | null = null;

  postMessage(message: RequestMessage): void {
    this.sent.push(structuredClone(message));
  }

  terminate(): void {
    this.terminated = true;
  }

  respond(message: ResponseMessage): void {
    this.onmessage?.({ data: structuredClone(message) } as MessageEvent);
  }

  crash(message: string): boolean {
    let prevented = false;
    this.onerror?.({
      message,
      preventDefault: () => {
        prevented = true;
      },
    } as ErrorEvent);
    return prevented;
  }
}

let workers: FakeWorker[];
let client: WorkerClient;
beforeEach(() => {
  workers = [];
  client = new WorkerClient(() => {
    workers.push(new FakeWorker());
    return workers.at(-1) as unknown as Worker;
  });
});

const request: RecommendRequest = { mode: 'hybrid', history: [{ id: '1' }], topK: 5 };
const ids = () => workers.at(-1)!.sent.map(({ id }) => id);
const result = (id: number, value: unknown): ResponseMessage => ({ kind: 'result', id, result: value as never });
/** Whether a promise has not settled yet. */
const isPending = async (promise: Promise<unknown>) => {
  const unsettled = Symbol();
  return (await Promise.race([promise.catch(() => {}), Promise.resolve(unsettled)])) === unsettled;
};

describe('a call', () => {
  it('starts the worker, once', () => {
    expect(workers).toHaveLength(0);
    client.search('tiny', 'amber').catch(() => {});
    client.items('tiny', ['t1']).catch(() => {});
    expect(workers).toHaveLength(1);
  });

  it('is sent with an id of its own', () => {
    client.load('tiny');
    client.recommend('tiny', request);
    client.search('tiny', 'am', { limit: 3 });
    client.search('tiny', 'am');
    client.items('tiny', ['t1']);
    expect(workers[0].sent).toEqual([
      { kind: 'call', id: 1, name: 'load', params: { domain: 'tiny' } },
      { kind: 'call', id: 2, name: 'recommend', params: { domain: 'tiny', request } },
      { kind: 'call', id: 3, name: 'search', params: { domain: 'tiny', query: 'am', limit: 3 } },
      { kind: 'call', id: 4, name: 'search', params: { domain: 'tiny', query: 'am', limit: 8 } },
      { kind: 'call', id: 5, name: 'items', params: { domain: 'tiny', ids: ['t1'] } },
    ]);
  });

  it('gets its own result, in whatever order results arrive', async () => {
    const calls = ['a', 'b', 'c'].map((query) => client.search('tiny', query));
    const [a, b, c] = ids();
    for (const [id, value] of [
      [c, 'C'],
      [a, 'A'],
      [b, 'B'],
    ] as const)
      workers[0].respond(result(id, value));
    expect(await Promise.all(calls)).toEqual(['A', 'B', 'C']);
  });

  it('rejects with the error of the engine', async () => {
    const call = client.load('nowhere');
    const error = new InkpickError('ARTIFACT_MISSING', 'missing', {
      field: 'domain',
      details: { nearest: ['tiny'] },
    });
    workers[0].respond({ kind: 'error', id: ids()[0], error: serializeError(error) });
    const caught = await call.catch((reason) => reason);
    expect(caught).toBeInstanceOf(InkpickError);
    expect(caught).toMatchObject({
      code: 'ARTIFACT_MISSING',
      message: 'missing',
      field: 'domain',
      details: { nearest: ['tiny'] },
    });
  });

  it('receives its own progress only', async () => {
    const received: [string, LoadProgress][] = [];
    const listener = (name: string) => (progress: LoadProgress) => received.push([name, progress]);
    const first = client.load('tiny', { onProgress: listener('first') });
    client.load('other', { onProgress: listener('second') });
    const step: LoadProgress = { stage: 'download', loadedBytes: 5, totalBytes: 9, fromCache: false };
    workers[0].respond({ kind: 'progress', id: ids()[0], progress: step });
    expect(received).toEqual([['first', step]]);
    expect(await isPending(first)).toBe(true);
  });

  it('receives progress after its result, until the catalog is whole', async () => {
    const received: LoadProgress['stage'][] = [];
    const load = client.load('tiny', { onProgress: ({ stage }) => received.push(stage) });
    const [id] = ids();
    const report = (stage: LoadProgress['stage']) =>
      workers[0].respond({
        kind: 'progress',
        id,
        progress: { stage, loadedBytes: 9, totalBytes: 9, fromCache: false },
      });
    report('ready');
    workers[0].respond(result(id, 'info'));
    await load;
    for (const stage of ['whole', 'whole'] as const) report(stage);
    expect(received).toEqual(['ready', 'whole']);
  });

  it('that cannot be sent is rejected, and others continue', async () => {
    const other = client.search('tiny', 'a');
    const invalid = { ...request, topK: (() => 5) as never };
    await expect(client.recommend('tiny', invalid)).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
    workers[0].respond(result(ids()[0], 'A'));
    expect(await other).toBe('A');
  });
});

describe('aborting', () => {
  it('rejects at once and sends a cancellation', async () => {
    const controller = new AbortController();
    const call = client.recommend('tiny', request, { signal: controller.signal });
    controller.abort();
    await expect(call).rejects.toMatchObject({ name: 'InkpickError', code: 'ABORTED' });
    expect(workers[0].sent[1]).toEqual({ kind: 'cancel', id: ids()[0] });
  });

  it('before the call sends nothing', async () => {
    await expect(client.search('tiny', 'a', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'ABORTED',
    });
    expect(workers).toHaveLength(0);
  });

  it('does not affect other calls', async () => {
    const controller = new AbortController();
    const stale = client.search('tiny', 'go', { signal: controller.signal });
    const fresh = client.search('tiny', 'god');
    controller.abort();
    await expect(stale).rejects.toMatchObject({ code: 'ABORTED' });
    workers[0].respond(result(ids()[0], 'stale'));
    workers[0].respond(result(ids()[1], 'fresh'));
    expect(await fresh).toBe('fresh');
  });

  it('drops later progress and results', async () => {
    const received: LoadProgress[] = [];
    const controller = new AbortController();
    const call = client.load('tiny', { signal: controller.signal, onProgress: (progress) => received.push(progress) });
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: 'ABORTED' });
    const [id] = ids();
    workers[0].respond({
      kind: 'progress',
      id,
      progress: { stage: 'ready', loadedBytes: 1, totalBytes: 1, fromCache: true },
    });
    workers[0].respond(result(id, 'late'));
    workers[0].respond({ kind: 'error', id, error: { code: 'INTERNAL', name: 'Error', message: 'late' } });
    expect(received).toEqual([]);
  });

  it('after the result does nothing', async () => {
    const controller = new AbortController();
    const call = client.search('tiny', 'a', { signal: controller.signal });
    workers[0].respond(result(ids()[0], 'A'));
    controller.abort();
    expect(await call).toBe('A');
    expect(workers[0].sent).toHaveLength(1);
  });
});

describe('a crash', () => {
  it.each<[string, (worker: FakeWorker) => unknown, string]>([
    ['with a message', (worker) => worker.crash('out of memory'), 'the engine stopped: out of memory'],
    ['without one', (worker) => worker.crash(''), 'the engine stopped: its script could not be loaded'],
    ['of a message', (worker) => worker.onmessageerror!(), 'the engine sent a message that cannot be read'],
  ])('%s rejects every pending call', async (_, crash, message) => {
    const calls = [client.load('tiny'), client.search('tiny', 'a'), client.recommend('tiny', request)];
    crash(workers[0]);
    for (const call of calls)
      await expect(call).rejects.toMatchObject({ name: 'InkpickError', code: 'WORKER_CRASHED', message });
    expect(workers[0].terminated).toBe(true);
  });

  it('is not reported to the page as an uncaught error', () => {
    client.search('tiny', 'a').catch(() => {});
    expect(workers[0].crash('bad')).toBe(true);
  });

  it('makes the next call start another worker', async () => {
    const lost = client.search('tiny', 'a');
    workers[0].crash('bad');
    await expect(lost).rejects.toMatchObject({ code: 'WORKER_CRASHED' });
    expect(workers).toHaveLength(1);
    const next = client.search('tiny', 'a');
    expect(workers).toHaveLength(2);
    workers[1].respond(result(ids()[0], 'A'));
    expect(await next).toBe('A');
  });

  it('of a worker that was replaced does not affect its successor', async () => {
    const lost = client.search('tiny', 'a');
    workers[0].crash('bad');
    await expect(lost).rejects.toMatchObject({ code: 'WORKER_CRASHED' });
    const next = client.search('tiny', 'b');
    workers[0].crash('bad again');
    workers[0].respond(result(1, 'of the old worker'));
    expect(workers[1].terminated).toBe(false);
    workers[1].respond(result(ids()[0], 'B'));
    expect(await next).toBe('B');
  });

  it('removes the listeners from the signals of its calls', async () => {
    const controller = new AbortController();
    const call = client.search('tiny', 'a', { signal: controller.signal });
    workers[0].crash('bad');
    await expect(call).rejects.toMatchObject({ code: 'WORKER_CRASHED' });
    controller.abort();
    expect(workers).toHaveLength(1);
  });

  it('is reported by a browser without workers', async () => {
    const without = new WorkerClient(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    await expect(without.load('tiny')).rejects.toMatchObject({
      code: 'WORKER_CRASHED',
      message: 'this browser cannot start a Web Worker',
    });
  });
});

describe('changes of the catalog', () => {
  const item = (id: string): PublishedItem => ({
    id,
    title: id,
    creators: [],
    tags: {},
    external: {},
    publishedAt: 1,
  });
  const change = { items: [item('n0'), item('n1')], withdrawn: ['t4'] };
  const sentTo = (worker: number) =>
    workers[worker].sent.map((message) => (message.kind === 'call' ? message.name : message.kind));

  it('are sent once, and the call resolves when the worker has applied them', async () => {
    const added = client.addItems('tiny', change);
    client.search('tiny', 'a');
    expect(workers[0].sent[0]).toMatchObject({ name: 'addItems', params: { domain: 'tiny', ...change } });
    expect(sentTo(0)).toEqual(['addItems', 'search']);
    expect(await isPending(added)).toBe(true);
    workers[0].respond(result(ids()[0], null));
    expect(await added).toBeUndefined();
  });

  it('are sent to the worker after a crash, ahead of the first call about the domain', async () => {
    const lost = [
      client.addItems('tiny', change),
      client.addItems('tiny', { items: [item('t4'), item('n0')], withdrawn: ['n1'] }),
      client.addItems('other', { items: [item('o')], withdrawn: [] }),
    ];
    workers[0].crash('bad');
    await Promise.allSettled(lost);
    const next = client.search('tiny', 'a');
    client.search('tiny', 'ab');
    expect(sentTo(1)).toEqual(['addItems', 'search', 'search']);
    expect(workers[1].sent[0]).toMatchObject({
      params: { domain: 'tiny', items: [item('n0'), item('t4')], withdrawn: ['n1'] },
    });
    const [addId, searchId] = ids();
    workers[1].respond(result(addId, null));
    workers[1].respond(result(searchId, 'A'));
    expect(await next).toBe('A');
    client.items('other', ['o']);
    expect(sentTo(1).slice(3)).toEqual(['addItems', 'items']);
  });

  it('are sent again after the worker failed to apply them', async () => {
    const added = client.addItems('tiny', change);
    workers[0].respond({
      kind: 'error',
      id: ids()[0],
      error: serializeError(new InkpickError('ARTIFACT_UNREACHABLE', 'offline')),
    });
    await expect(added).rejects.toMatchObject({ code: 'ARTIFACT_UNREACHABLE' });
    client.search('tiny', 'a');
    client.search('tiny', 'ab');
    expect(sentTo(0)).toEqual(['addItems', 'addItems', 'search', 'search']);
  });
});

describe('askNext', () => {
  it('is a call of its own', async () => {
    const questions = client.askNext('tiny', { answers: [], count: 2 });
    expect(workers[0].sent).toEqual([
      { kind: 'call', id: 1, name: 'askNext', params: { domain: 'tiny', request: { answers: [], count: 2 } } },
    ]);
    workers[0].respond(result(1, ['A', 'B']));
    expect(await questions).toEqual(['A', 'B']);
  });
});

describe('disposing', () => {
  it('stops the worker and rejects pending and later calls', async () => {
    const call = client.search('tiny', 'a');
    client.dispose();
    await expect(call).rejects.toMatchObject({ code: 'ABORTED', message: 'the engine was closed' });
    expect(workers[0].terminated).toBe(true);
    await expect(client.search('tiny', 'b')).rejects.toMatchObject({ code: 'ABORTED' });
    expect(workers).toHaveLength(1);
  });

  it('works before any call, and twice', () => {
    client.dispose();
    client.dispose();
    expect(workers).toHaveLength(0);
  });
});
