import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Serves an artifacts folder as `fetch` under `/artifacts/`, and can be made to misbehave. */
export class ArtifactServer {
  /** File names asked for, in order. */
  readonly requests: string[] = [];
  /** How each of them was asked for: whether the browser may answer from its own cache. */
  readonly modes: (RequestCache | undefined)[] = [];
  readonly priorities: (RequestPriority | undefined)[] = [];
  /** The range each asked for, null for the whole. */
  readonly ranges: (string | null)[] = [];
  offline = false;
  private readonly root: string;
  private readonly changes = new Map<string, (body: Uint8Array<ArrayBuffer>) => Response | Promise<Response>>();

  constructor(root: string) {
    this.root = root;
  }

  /** Answers for every file whose name begins so in another way. */
  answer(name: string, change: (body: Uint8Array<ArrayBuffer>) => Response | Promise<Response>): void {
    this.changes.set(name, change);
  }

  /** Behaves again. */
  mend(): void {
    this.changes.clear();
    this.offline = false;
    this.requests.length = 0;
    this.modes.length = 0;
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
    this.modes.push(cache);
    this.priorities.push(priority);
    this.ranges.push(new Headers(headers).get('Range'));
    if (this.offline) throw new TypeError('fetch failed');
    const body = await readFile(join(this.root, url.replace(/^\/artifacts\//, ''))).catch(() => null);
    if (!body) return new Response('not found', { status: 404 });
    const bytes = new Uint8Array(body);
    for (const [name, change] of this.changes) if (file.startsWith(name)) return change(bytes);
    return new Response(bytes);
  };
}

const ORIGIN = 'http://localhost';

/** The parts of the Cache API that the loader uses, in memory. */
export class MemoryCaches {
  private readonly stored = new Map<string, Uint8Array<ArrayBuffer>>();

  /** Paths kept. */
  get paths(): string[] {
    return [...this.stored.keys()].map((url) => new URL(url).pathname).sort();
  }

  /** Changes what is kept under a path, behind everyone's back. */
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
