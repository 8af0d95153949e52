import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page, type Worker } from '@playwright/test';
import type { ItemSummary, RecommendRequest, RecommendResponse, SearchResponse } from '../lib/contracts/engine';
import type { CallName, Calls, ResponseMessage } from '../lib/worker/protocol';
import { WARM_UP } from './workload';

const SYSTEM_CHROMIUM = '/usr/bin/chromium';
const PAGE_OF_ITEMS = 100;

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: existsSync(SYSTEM_CHROMIUM) ? SYSTEM_CHROMIUM : undefined,
    args: ['--no-sandbox', '--disable-background-networking'],
  });
}

/** @returns the most popular items, from the server's API */
export async function popularItems(base: string, domain: string, count: number): Promise<ItemSummary[]> {
  const items: ItemSummary[] = [];
  for (let offset = 0; offset < count; offset += PAGE_OF_ITEMS) {
    const limit = Math.min(PAGE_OF_ITEMS, count - offset);
    const response = await fetch(`${base}/api/popular/${domain}?limit=${limit}&offset=${offset}`);
    items.push(...(await response.json()).results);
  }
  return items;
}

export type Call = {
  [Name in CallName]: { name: Name; params: Calls[Name]['params'] };
}[CallName];

export interface Samples {
  /** Milliseconds inside the engine. */
  worker: number[];
  /** Milliseconds from the call to the result in the page. */
  page: number[];
  /** The index that the last call used. */
  index: string;
  /** Number of candidates of the last call. */
  candidates: number;
}

interface BenchWindow {
  call(call: Call): Promise<{ result: unknown; milliseconds: number }>;
}

/** A separate engine worker that a page of the running server drives over its protocol. */
export class WorkerSession {
  readonly page: Page;
  readonly worker: Worker;
  private readonly domain: string;

  private constructor(page: Page, worker: Worker, domain: string) {
    this.page = page;
    this.worker = worker;
    this.domain = domain;
  }

  /** Opens a page, starts a second worker with the page's worker script, and loads the domain in it. */
  static async open(browser: Browser, base: string, domain: string): Promise<WorkerSession> {
    const page = await (await browser.newContext()).newPage();
    const first = page.waitForEvent('worker');
    // The worker's script is known only from a page that starts it.
    await page.goto(`${base}/${domain}`);
    const script = (await first).url();
    const second = page.waitForEvent('worker');
    const loading = page.evaluate(startWorker, { script, domain });
    const worker = await second;
    await loading;
    return new WorkerSession(page, worker, domain);
  }

  /** @returns times of the calls, without the first ones, during which the engine is compiled */
  async run(calls: readonly Call[]): Promise<Samples> {
    const results = await this.page.evaluate(async (calls) => {
      const { call: send } = window as unknown as BenchWindow;
      const measured: { worker: number; page: number; index: string; candidates: number }[] = [];
      for (const call of calls) {
        const { result, milliseconds } = await send(call);
        const { stats } = result as RecommendResponse | SearchResponse;
        const [index, candidates] = 'index' in stats ? [stats.index, stats.candidates] : ['none', 0];
        measured.push({ worker: stats.milliseconds, page: milliseconds, index, candidates });
      }
      return measured;
    }, calls as Call[]);
    const measured = results.slice(WARM_UP);
    const last = measured[measured.length - 1];
    return {
      worker: measured.map(({ worker }) => worker),
      page: measured.map(({ page }) => page),
      index: last.index,
      candidates: last.candidates,
    };
  }

  recommendCall(request: RecommendRequest): Call {
    return { name: 'recommend', params: { domain: this.domain, request } };
  }

  searchCall(query: string, limit: number): Call {
    return { name: 'search', params: { domain: this.domain, query, limit } };
  }

  /** @returns milliseconds of a fixed amount of arithmetic in the worker */
  spin(): Promise<number> {
    return this.worker.evaluate(() => {
      const begin = performance.now();
      let sum = 0;
      for (let i = 0; i < 3e7; i++) sum += Math.sqrt(i);
      return performance.now() - begin + sum * 0;
    });
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}

async function startWorker({ script, domain }: { script: string; domain: string }): Promise<void> {
  const worker = new Worker(script);
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let next = 1;
  worker.onmessage = ({ data }: MessageEvent<ResponseMessage>) => {
    if (data.kind === 'result') waiting.get(data.id)?.resolve(data.result);
    else if (data.kind === 'error') waiting.get(data.id)?.reject(new Error(data.error.message));
  };
  const bench = window as unknown as BenchWindow;
  bench.call = async (call) => {
    const begin = performance.now();
    const id = next++;
    const result = await new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      worker.postMessage({ kind: 'call', id, ...call });
    });
    return { result, milliseconds: performance.now() - begin };
  };
  await bench.call({ name: 'load', params: { domain } });
}
