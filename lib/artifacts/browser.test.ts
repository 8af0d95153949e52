import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ArtifactServer, MemoryCaches } from '../../testing/artifacts/artifact-server';
import { tinyArtifacts } from '../../testing/tiny-artifacts';
import type { LoadProgress } from '../contracts/engine';
import { FORMAT_VERSION, isHeadArtifact, type Manifest } from '../contracts/manifest';
import { type LoadedArtifacts, loadArtifacts } from './browser';
import { readArtifact, readManifest } from './node';

let root: string;
let manifest: Manifest;
let server: ArtifactServer;
let caches: MemoryCaches;
let progress: LoadProgress[];
beforeAll(async () => {
  root = await tinyArtifacts();
  ({ manifest } = await readManifest(join(root, 'tiny')));
});
beforeEach(() => {
  server = new ArtifactServer(root);
  caches = new MemoryCaches();
  progress = [];
  vi.stubGlobal('fetch', server.fetch);
  vi.stubGlobal('caches', caches);
  // Skips the pauses between attempts.
  vi.stubGlobal('setTimeout', (then: () => void) => setImmediate(then));
});
afterEach(() => vi.unstubAllGlobals());

const load = (signal = new AbortController().signal) => loadArtifacts('tiny', signal, (step) => progress.push(step));
const head = () => manifest.artifacts.filter(({ name }) => isHeadArtifact(name));
const total = () => head().reduce((sum, { bytes }) => sum + bytes, 0);
/** Loads everything, as a long visit does. */
async function loadAll(): Promise<LoadedArtifacts> {
  const loaded = await load();
  for (const { name } of manifest.artifacts) if (!isHeadArtifact(name)) await loaded.fetchLater(name);
  await loaded.refresh();
  return loaded;
}
const fileOf = (name: string) => manifest.artifacts.find((entry) => entry.name === name)!.file;
const half = (body: Uint8Array<ArrayBuffer>) => body.slice(0, body.length >> 1);
const flipped = (body: Uint8Array<ArrayBuffer>) => body.map((byte, i) => (i === body.length - 1 ? byte ^ 1 : byte));

/** Serves a changed manifest. */
function serveManifest(change: (manifest: Manifest) => unknown): void {
  server.override('manifest', () => new Response(JSON.stringify(change(structuredClone(manifest)))));
}

/** A build whose files are missing on the server. */
const renamed = (next: Manifest): Manifest => ({
  ...next,
  artifacts: next.artifacts.map((entry) => ({ ...entry, file: entry.file.replace(/\.\w{8}\./, '.ffffffff.') })),
});

describe('the first load', () => {
  it('returns every head artifact as the pipeline wrote it', async () => {
    const { files, manifest: loaded, version } = await load();
    expect(loaded).toEqual(manifest);
    expect(version).toBe((await readManifest(join(root, 'tiny'))).version);
    expect([...files.keys()].sort()).toEqual(
      head()
        .map(({ name }) => name)
        .sort(),
    );
    for (const entry of head()) {
      expect(files.get(entry.name)).toEqual(new Uint8Array(await readArtifact(join(root, 'tiny'), entry)));
    }
  });

  it('counts bytes up to the sum of the manifest, and reports that they came over the network', async () => {
    const { progress: last } = await load();
    expect(progress[0]).toEqual({ stage: 'manifest', loadedBytes: 0, totalBytes: 0, fromCache: true });
    const downloads = progress.filter(({ stage }) => stage === 'download');
    downloads.forEach((step, i) => {
      expect(step.totalBytes).toBe(total());
      expect(step.loadedBytes).toBeGreaterThanOrEqual(i === 0 ? 0 : downloads[i - 1].loadedBytes);
      expect(step.fromCache).toBe(step.loadedBytes === 0);
    });
    expect(last).toEqual({ stage: 'download', loadedBytes: total(), totalBytes: total(), fromCache: false });
  });

  it('requests each head file once, and others later at low priority', async () => {
    const { fetchLater } = await load();
    expect([...server.requests].sort()).toEqual(['manifest.json', ...head().map(({ file }) => file)].sort());
    expect(server.priorities).not.toContain('low');
    server.reset();
    const tail = manifest.artifacts.find(({ name }) => name === 'catalogtail')!;
    expect(await fetchLater('catalogtail')).toEqual(new Uint8Array(await readArtifact(join(root, 'tiny'), tail)));
    expect(server.requests).toEqual([tail.file]);
    expect(server.priorities).toEqual(['low']);
  });

  it('works without a Cache API and with one that always fails', async () => {
    const failing = () => Promise.reject(new DOMException('no', 'QuotaExceededError'));
    const broken = { match: failing, put: failing, delete: failing, keys: failing };
    for (const storage of [undefined, { open: failing }, { open: async () => broken }]) {
      vi.stubGlobal('caches', storage);
      expect((await load()).files.size).toBe(head().length);
    }
  });
});

describe('a load after an incomplete one', () => {
  beforeEach(async () => {
    await load();
    server.reset();
    progress = [];
  });

  it('fetches only the manifest', async () => {
    const { progress: last } = await load();
    expect(server.requests).toEqual(['manifest.json']);
    expect(last).toEqual({ stage: 'download', loadedBytes: total(), totalBytes: total(), fromCache: true });
    expect(progress.every(({ fromCache }) => fromCache)).toBe(true);
  });

  it('works without the network', async () => {
    server.isOffline = true;
    const { files, version } = await load();
    expect(files.size).toBe(head().length);
    expect(version).toBe((await readManifest(join(root, 'tiny'))).version);
  });

  it('works in a network that answers every request with its own page', async () => {
    server.override('', () => new Response('<!doctype html><title>Sign in</title>'));
    expect((await load()).manifest).toEqual(manifest);
  });

  it('works while the server is down', async () => {
    server.override('manifest', () => new Response('busy', { status: 503 }));
    expect((await load()).files.size).toBe(head().length);
  });

  it('fetches files again that were altered in the cache', async () => {
    caches.tamper(`/artifacts/tiny/${fileOf('latent')}`, flipped);
    caches.tamper(`/artifacts/tiny/${fileOf('neighbours')}`, half);
    const { progress: last } = await load();
    expect([...server.requests].sort()).toEqual([fileOf('latent'), 'manifest.json', fileOf('neighbours')].sort());
    expect(last).toMatchObject({ loadedBytes: total(), fromCache: false });
  });

  it('deletes the files of an earlier build, but not those of other domains', async () => {
    const cache = await caches.open();
    await cache.put('/artifacts/tiny/latent.00000000.bin', new Response('old'));
    await cache.put('/artifacts/other/latent.00000000.bin', new Response('another domain'));
    await load();
    expect(caches.paths).not.toContain('/artifacts/tiny/latent.00000000.bin');
    expect(caches.paths).toContain('/artifacts/other/latent.00000000.bin');
    expect(caches.paths).toContain('/artifacts/tiny/manifest.json');
  });

  it('still loads the old build offline after an incomplete update', async () => {
    serveManifest(renamed);
    await expect(load()).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
    server.reset();
    server.isOffline = true;
    expect((await load()).manifest).toEqual(manifest);
  });
});

describe('a load after a complete one', () => {
  beforeEach(async () => {
    await loadAll();
    server.reset();
    progress = [];
  });

  it('makes no request, and then checks for a newer build', async () => {
    const { progress: last, refresh } = await load();
    expect(server.requests).toEqual([]);
    expect(last).toEqual({ stage: 'download', loadedBytes: total(), totalBytes: total(), fromCache: true });
    await refresh();
    expect(server.requests).toEqual(['manifest.json']);
  });

  it('gets the newer build at the next visit', async () => {
    serveManifest((next) => ({ ...next, positiveAbove: 7 }));
    const { manifest: first, refresh } = await load();
    expect(first).toEqual(manifest);
    await refresh();
    expect((await load()).manifest.positiveAbove).toBe(7);
  });

  it('keeps its build until the newer one is complete', async () => {
    serveManifest(renamed);
    server.override('hnsw', () => new Response('', { status: 404 }));
    const { refresh } = await load();
    await expect(refresh()).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
    server.reset();
    server.isOffline = true;
    const again = await load();
    expect(again.manifest).toEqual(manifest);
    expect(await again.fetchLater('hnsw')).toBeDefined();
  });

  it('fetches the manifest where a cached file is damaged and no longer on the server', async () => {
    caches.tamper(`/artifacts/tiny/${fileOf('latent')}`, half);
    server.override('latent', () => new Response('', { status: 404 }));
    await expect(load()).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
    expect(server.requests).toEqual([fileOf('latent'), 'manifest.json', fileOf('latent')]);
  });

  it('replaces a damaged copy', async () => {
    caches.tamper(`/artifacts/tiny/${fileOf('latent')}`, half);
    expect((await load()).files.size).toBe(head().length);
    expect(server.requests).toEqual([fileOf('latent')]);
  });
});

describe('a load rejects', () => {
  const expectError = async (code: string, message: string | RegExp) => {
    const error = await load().catch((reason) => reason);
    expect(error).toMatchObject({ name: 'InkpickError', code, message: expect.stringMatching(message) });
  };

  it.each<[string, (body: Uint8Array<ArrayBuffer>) => Response, string, RegExp]>([
    ['an altered file', (body) => new Response(flipped(body)), 'ARTIFACT_ALTERED', /latent\..*SHA-256 differs/],
    [
      'a file cut short',
      (body) => new Response(half(body)),
      'ARTIFACT_TRUNCATED',
      /latent\..* is cut short: \d+ of \d+ bytes/,
    ],
    ['an empty file', () => new Response(''), 'ARTIFACT_EMPTY', /latent\..* is empty \(0 bytes\)/],
    [
      'a file too long',
      (body) => new Response(new Blob([body, 'x'])),
      'ARTIFACT_ALTERED',
      /latent\..* is longer than the \d+ bytes/,
    ],
    ['a missing file', () => new Response('', { status: 404 }), 'ARTIFACT_MISSING', /latent\..* is missing/],
    [
      'a server error',
      () => new Response('', { status: 500 }),
      'ARTIFACT_UNREACHABLE',
      /latent\..* could not be fetched: HTTP 500/,
    ],
  ])('%s', async (_, change, code, message) => {
    server.override('latent', change);
    await expectError(code, message);
    expect(caches.paths.some((path) => path.includes('latent') || path.includes('manifest'))).toBe(false);
    server.reset();
    expect((await load()).files.size).toBe(head().length);
  });

  it.each<[string, string, string, RegExp]>([
    ['an empty manifest', '', 'ARTIFACT_EMPTY', /manifest\.json is empty/],
    ['half a manifest', '{"magic": "inkpi', 'ARTIFACT_TRUNCATED', /manifest\.json is not whole JSON/],
    ['a foreign manifest', '{"name": "Web app"}', 'ARTIFACT_FOREIGN', /manifest\.json is not an Inkpick manifest/],
    ['a null manifest', 'null', 'ARTIFACT_FOREIGN', /not an Inkpick manifest/],
    [
      'a manifest from the future',
      `{"magic": "inkpick", "formatVersion": ${FORMAT_VERSION + 1}}`,
      'ARTIFACT_FUTURE',
      new RegExp(`has format version ${FORMAT_VERSION + 1}; this reader knows version ${FORMAT_VERSION}$`),
    ],
    [
      'a manifest from the past',
      '{"magic": "inkpick", "formatVersion": 1}',
      'ARTIFACT_MALFORMED',
      new RegExp(`has format version 1; this reader knows version ${FORMAT_VERSION}: build the artifacts again$`),
    ],
    [
      'a manifest without its fields',
      `{"magic": "inkpick", "formatVersion": ${FORMAT_VERSION}}`,
      'ARTIFACT_MALFORMED',
      /manifest\.json is inconsistent: domain: /,
    ],
  ])('%s', async (_, text, code, message) => {
    server.override('manifest', () => new Response(text));
    await expectError(code, message);
  });

  it('a missing domain', async () => {
    await expect(loadArtifacts('nowhere', new AbortController().signal, () => {})).rejects.toMatchObject({
      code: 'ARTIFACT_MISSING',
      message: '/artifacts/nowhere/manifest.json is missing on the server',
    });
  });

  it('a first visit offline', async () => {
    server.isOffline = true;
    await expectError('ARTIFACT_UNREACHABLE', /manifest\.json could not be fetched: fetch failed/);
  });

  it('a manifest whose connection breaks', async () => {
    server.override(
      'manifest',
      () => new Response(new ReadableStream({ pull: (controller) => controller.error(new TypeError('terminated')) })),
    );
    await expectError('ARTIFACT_UNREACHABLE', /manifest\.json could not be fetched: terminated/);
  });

  it.each<[string, Uint8Array<ArrayBuffer>, RegExp]>([
    ['a file that is not gzip', new Uint8Array(50), /is not gzip/],
    [
      'a file that inflates to another size than its manifest says',
      new Uint8Array(gzipSync('INKP')),
      /inflates to 4 bytes, not to the \d+/,
    ],
  ])('%s, although its hash is right', async (_, body, message) => {
    server.override('latent', () => new Response(body));
    serveManifest((next) => {
      Object.assign(next.artifacts.find(({ name }) => name === 'latent')!, {
        bytes: body.length,
        sha256: createHash('sha256').update(body).digest('hex'),
      });
      return next;
    });
    await expectError('ARTIFACT_MALFORMED', message);
  });
});

describe('a download whose connection breaks', () => {
  /** Sends `part` and fails. */
  const breakingAfter = (part: Uint8Array<ArrayBuffer>) => {
    let sent = false;
    return new Response(
      new ReadableStream({
        pull(controller) {
          if (sent) controller.error(new TypeError('terminated'));
          else controller.enqueue(part);
          sent = true;
        },
      }),
    );
  };
  const breaking = (body: Uint8Array<ArrayBuffer>) => breakingAfter(half(body));
  const rangesOf = (name: string) => server.ranges.filter((_, i) => server.requests[i] === fileOf(name));

  it('after the last byte is verified without another request', async () => {
    server.override('content', (body) =>
      rangesOf('content').length === 1 ? breakingAfter(body) : server.ranged(body),
    );
    const { progress: last, files } = await load();
    const entry = manifest.artifacts.find(({ name }) => name === 'content')!;
    expect(files.get('content')).toEqual(new Uint8Array(await readArtifact(join(root, 'tiny'), entry)));
    expect(rangesOf('content')).toEqual([null]);
    expect(last.loadedBytes).toBe(total());
  });

  it('after the last byte is fetched again where the bytes are wrong', async () => {
    server.override('content', (body) =>
      rangesOf('content').length === 1 ? breakingAfter(flipped(body)) : server.ranged(body),
    );
    expect((await load()).files.get('content')).toBeDefined();
    expect(rangesOf('content')).toEqual([null, null]);
  });

  it('starts over at once where the server rejects the range', async () => {
    server.override('content', (body) => {
      const attempt = rangesOf('content').length;
      return attempt === 1 ? breaking(body) : attempt === 2 ? new Response('', { status: 416 }) : server.ranged(body);
    });
    const { progress: last, files } = await load();
    expect(files.get('content')).toBeDefined();
    expect(rangesOf('content')).toEqual([null, expect.stringMatching(/^bytes=\d+-$/), null]);
    expect(last.loadedBytes).toBe(total());
  });

  it('is repeated, and its bytes are counted once', async () => {
    let attempts = 0;
    server.override('content', (body) => (++attempts < 3 ? breaking(body) : new Response(body)));
    const { progress: last } = await load();
    expect(attempts).toBe(3);
    expect(last.loadedBytes).toBe(total());
    expect(Math.max(...progress.map(({ loadedBytes }) => loadedBytes))).toBe(total());
  });

  it('continues where it stopped if the server supports ranges', async () => {
    let attempts = 0;
    server.override('content', (body) => (++attempts === 1 ? breaking(body) : server.ranged(body)));
    const { progress: last, files } = await load();
    expect(files.get('content')).toBeDefined();
    expect(last.loadedBytes).toBe(total());
    const body = manifest.artifacts.find(({ name }) => name === 'content')!.bytes;
    const requested = server.ranges.filter((_, i) => server.requests[i] === fileOf('content'));
    expect(requested).toEqual([null, `bytes=${body >> 1}-`]);
  });

  it('starts over where the file does not match its hash', async () => {
    let attempts = 0;
    server.override('content', (body) =>
      ++attempts === 1 ? breaking(flipped(body).map((byte) => byte ^ 1)) : server.ranged(body),
    );
    expect((await load()).files.get('content')).toBeDefined();
    const requested = server.ranges.filter((_, i) => server.requests[i] === fileOf('content'));
    expect(requested).toEqual([null, expect.stringMatching(/^bytes=\d+-$/), null]);
  });

  it('fails after three attempts', async () => {
    server.override('content', breaking);
    await expect(load()).rejects.toMatchObject({ code: 'ARTIFACT_UNREACHABLE' });
    expect(server.requests.filter((file) => file === fileOf('content'))).toHaveLength(3);
  });

  it('is not repeated where the file is missing', async () => {
    server.override('content', () => new Response('', { status: 404 }));
    await expect(load()).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
    expect(server.requests.filter((file) => file === fileOf('content'))).toHaveLength(1);
  });

  it('is repeated without the HTTP cache, which may contain the broken bytes', async () => {
    let attempts = 0;
    server.override('content', (body) => new Response(++attempts === 1 ? flipped(body) : body));
    expect((await load()).files.size).toBe(head().length);
    const requested = server.cacheModes.filter((_, i) => server.requests[i] === fileOf('content'));
    expect(requested).toEqual(['default', 'reload']);
  });
});

describe('a real connection that breaks', () => {
  let http: Server;
  /** The range of each request for `content`. */
  let ranges: (string | undefined)[];
  /** The share of `content` that is sent before the connection breaks; null where it does not break. */
  let breaksAfter: number | null;
  let supportsRanges: boolean;

  beforeEach(async () => {
    [ranges, breaksAfter, supportsRanges] = [[], 0.5, true];
    http = createServer(async ({ url, headers }, response) => {
      const body = await readFile(join(root, url!.replace(/^\/artifacts\//, '')));
      if (!url!.includes('/content.')) return response.end(body);
      ranges.push(headers.range);
      if (breaksAfter !== null) {
        const sent = Math.floor(breaksAfter * body.length);
        breaksAfter = null;
        // A chunked body has a terminator, so that the client notices the failure even when it has every byte.
        response.writeHead(200, { 'Transfer-Encoding': 'chunked' });
        return response.write(body.subarray(0, sent), () => setImmediate(() => response.destroy()));
      }
      const begin = supportsRanges ? Number(/\d+/.exec(headers.range ?? '0')![0]) : 0;
      if (begin >= body.length) return response.writeHead(416).end();
      if (begin > 0) response.writeHead(206, { 'Content-Range': `bytes ${begin}-${body.length - 1}/${body.length}` });
      response.end(body.subarray(begin));
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const { port } = http.address() as AddressInfo;
    vi.unstubAllGlobals();
    const { fetch } = globalThis;
    vi.stubGlobal('caches', caches);
    vi.stubGlobal('fetch', (path: string, init: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init));
  });
  afterEach(() => new Promise((resolve) => http.close(resolve)));

  it.each([true, false])('is replaced by another (ranges: %s)', async (ranged) => {
    supportsRanges = ranged;
    const { files, progress: last } = await load();
    const entry = manifest.artifacts.find(({ name }) => name === 'content')!;
    expect(files.get('content')).toEqual(new Uint8Array(await readArtifact(join(root, 'tiny'), entry)));
    expect(ranges).toEqual([undefined, `bytes=${entry.bytes >> 1}-`]);
    expect(last.loadedBytes).toBe(total());
  });

  it('after the last byte needs no other request', async () => {
    breaksAfter = 1;
    const { files, progress: last } = await load();
    expect(files.get('content')).toBeDefined();
    expect(ranges).toEqual([undefined]);
    expect(last.loadedBytes).toBe(total());
  });
});

describe('a load that is aborted', () => {
  it('rejects with ABORTED, before it begins and while it runs, with and without a cache', async () => {
    await load();
    for (const name of ['manifest', 'latent']) {
      const controller = new AbortController();
      server.override(name, () => {
        controller.abort();
        return new Response(new ReadableStream({ pull: (stream) => stream.error(controller.signal.reason) }));
      });
      if (name === 'latent') caches.tamper(`/artifacts/tiny/${fileOf('latent')}`, half);
      await expect(load(controller.signal), name).rejects.toMatchObject({ code: 'ABORTED' });
      server.reset();
    }
    await expect(load(AbortSignal.abort())).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

it('expects artifacts to be named by the start of their hash', async () => {
  for (const { file, sha256 } of manifest.artifacts) {
    const bytes = await readFile(join(root, 'tiny', file));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    expect(file.split('.')[1]).toBe(sha256.slice(0, 8));
  }
});
