import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A `fetch` that serves an artifacts folder under `/artifacts/` and can simulate faults. */
export class ArtifactServer {
  /** Names of the requested files, in order. */
  readonly requests: string[] = [];
  /** For each request: whether the browser may use its HTTP cache. */
  readonly cacheModes: (RequestCache | undefined)[] = [];
  /** For each request. */
  readonly priorities: (RequestPriority | undefined)[] = [];
  /** For each request: the range, null for the whole file. */
  readonly ranges: (string | null)[] = [];
  isOffline = false;
  private readonly root: string;
  private readonly overrides = new Map<string, (body: Uint8Array<ArrayBuffer>) => Response | Promise<Response>>();

  constructor(root: string) {
    this.root = root;
  }

  /** Replaces the responses for all files whose names start with `prefix`. */
  override(prefix: string, respond: (body: Uint8Array<ArrayBuffer>) => Response | Promise<Response>): void {
    this.overrides.set(prefix, respond);
  }

  /** Removes the overrides and forgets the requests. */
  reset(): void {
    this.overrides.clear();
    this.isOffline = false;
    this.requests.length = 0;
    this.cacheModes.length = 0;
    this.priorities.length = 0;
    this.ranges.length = 0;
  }

  /** Responds as a server that supports ranges does: with the range of the last request, or 416 beyond the end. */
  ranged(body: Uint8Array<ArrayBuffer>): Response {
    const begin = Number(/^bytes=(\d+)-$/.exec(this.ranges.at(-1) ?? '')?.[1] ?? 0);
    if (begin === 0) return new Response(body);
    if (begin >= body.length)
      return new Response('', { status: 416, headers: { 'Content-Range': `bytes */${body.length}` } });
    const headers = { 'Content-Range': `bytes ${begin}-${body.length - 1}/${body.length}` };
    return new Response(body.slice(begin), { status: 206, headers });
  }

  readonly fetch = async (url: string, { signal, cache, priority, headers }: RequestInit = {}): Promise<Response> => {
    signal?.throwIfAborted();
    const file = url.slice(url.lastIndexOf('/') + 1);
    this.requests.push(file);
    this.cacheModes.push(cache);
    this.priorities.push(priority);
    this.ranges.push(new Headers(headers).get('Range'));
    if (this.isOffline) throw new TypeError('fetch failed');
    const body = await readFile(join(this.root, url.replace(/^\/artifacts\//, ''))).catch(() => null);
    if (!body) return new Response('not found', { status: 404 });
    const bytes = new Uint8Array(body);
    for (const [prefix, respond] of this.overrides) if (file.startsWith(prefix)) return respond(bytes);
    return new Response(bytes);
  };
}

const ORIGIN = 'http://localhost';

/** The part of the Cache API that the loader uses, in memory. */
export class MemoryCaches {
  private readonly stored = new Map<string, Uint8Array<ArrayBuffer>>();

  /** Stored paths, sorted. */
  get paths(): string[] {
    return [...this.stored.keys()].map((url) => new URL(url).pathname).sort();
  }

  /** Changes the stored body of a path. */
  tamper(path: string, change: (body: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>): void {
    this.stored.set(ORIGIN + path, change(this.stored.get(ORIGIN + path)!));
  }

  async open() {
    const { stored } = this;
    const key = (request: string | { url: string }) =>
      new URL(typeof request === 'string' ? request : request.url, ORIGIN).href;
    return {
      async match(request: string) {
        const body = stored.get(key(request));
        return body && new Response(body);
      },
      async put(request: string, response: Response) {
        stored.set(key(request), new Uint8Array(await response.arrayBuffer()));
      },
      async delete(request: string) {
        return stored.delete(key(request));
      },
      async keys() {
        return [...stored.keys()].map((url) => ({ url }));
      },
    };
  }
}
