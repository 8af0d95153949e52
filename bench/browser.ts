import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from '@playwright/test';
import type { ItemSummary, LoadProgress, RecommendResponse, SearchResponse } from '../lib/contracts/engine';
import type { RequestMessage, ResponseMessage } from '../lib/worker/protocol';
import { formatLines, type Line, summarise } from './stats';
import { histories, queries, REQUESTS, WARM_UP } from './workload';

const KNOWN = 1000;
const SYSTEM_CHROMIUM = '/usr/bin/chromium';

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: existsSync(SYSTEM_CHROMIUM) ? SYSTEM_CHROMIUM : undefined,
    args: ['--no-sandbox', '--disable-background-networking'],
  });
}

interface Samples {
  /** Inside the engine. */
  worker: number[];
  /** From the call to the answer, as the page sees it. */
  page: number[];
  index: string;
}

/** The engine in its worker in headless Chromium, driven over its own protocol by a page of the running server. */
export async function benchBrowser(browser: Browser, base: string, domain: string): Promise<string> {
  const page = await (await browser.newContext()).newPage();
  const started = page.waitForEvent('worker');
  await page.goto(`${base}/${domain}`);
  const script = (await started).url();
  const known: ItemSummary[] = [];
  for (let offset = 0; offset < KNOWN; offset += 100) {
    known.push(...(await (await fetch(`${base}/api/popular/${domain}?limit=100&offset=${offset}`)).json()).results);
  }
  const pool = histories(
    known.map(({ id }) => id),
    WARM_UP + REQUESTS,
  );
  const texts = queries(
    known.map(({ title }) => title),
    WARM_UP + REQUESTS,
  );
  const load = await startWorker(page, script, domain);
  const lines: Line[] = [];
  for (const mode of ['hybrid', 'content', 'collaborative'] as const) {
    const calls = pool.map((ids) => ({ mode, history: ids.map((id) => ({ id })), topK: 20, diversity: 0.2 }));
    const samples = await run(
      page,
      calls.map((request) => ({ name: 'recommend' as const, params: { domain, request } })),
    );
    const name = `${mode}${samples.index === 'none' ? '' : ` (${samples.index})`}, top 20, MMR`;
    lines.push({
      name: `${name}, in the worker`,
      target: mode === 'hybrid' ? 'median < 10, p99 < 50' : '',
      ...summarise(samples.worker),
    });
    lines.push({ name: `${name}, to the page`, target: '', ...summarise(samples.page) });
  }
  const search = await run(
    page,
    texts.map((query) => ({ name: 'search' as const, params: { domain, query, limit: 8 } })),
  );
  lines.push({ name: 'search, in the worker', target: 'p95 < 30', ...summarise(search.worker) });
  lines.push({ name: 'search, to the page', target: '', ...summarise(search.page) });
  await page.context().close();
  return `${formatLines(`${domain}, ${browser.browserType().name()} ${browser.version()}`, lines, '')}loaded in ${load.milliseconds.toFixed(0)} ms, ${load.bytes} bytes\n`;
}

type Call = Omit<Extract<RequestMessage, { kind: 'call' }>, 'kind' | 'id'>;

interface BenchWindow {
  ask(call: Call): Promise<{ result: unknown; milliseconds: number }>;
}

async function startWorker(
  page: Page,
  script: string,
  domain: string,
): Promise<{ milliseconds: number; bytes: number }> {
  return page.evaluate(
    async ({ script, domain }) => {
      const worker = new Worker(script);
      const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
      let next = 1;
      let progress: LoadProgress | undefined;
      worker.onmessage = ({ data }: MessageEvent<ResponseMessage>) => {
        if (data.kind === 'progress') progress = data.progress;
        else if (data.kind === 'result') waiting.get(data.id)?.resolve(data.result);
        else waiting.get(data.id)?.reject(new Error(data.error.message));
      };
      const bench = window as unknown as BenchWindow;
      bench.ask = async (call) => {
        const begin = performance.now();
        const id = next++;
        const result = await new Promise((resolve, reject) => {
          waiting.set(id, { resolve, reject });
          worker.postMessage({ kind: 'call', id, ...call });
        });
        return { result, milliseconds: performance.now() - begin };
      };
      const { milliseconds } = await bench.ask({ name: 'load', params: { domain } } as Call);
      return { milliseconds, bytes: progress?.totalBytes ?? 0 };
    },
    { script, domain },
  );
}

async function run(page: Page, calls: readonly Call[]): Promise<Samples> {
  const answers = await page.evaluate(async (calls) => {
    const { ask } = window as unknown as BenchWindow;
    const measured: { worker: number; page: number; index: string }[] = [];
    for (const call of calls) {
      const { result, milliseconds } = await ask(call);
      const { stats } = result as RecommendResponse | SearchResponse;
      measured.push({ worker: stats.milliseconds, page: milliseconds, index: 'index' in stats ? stats.index : 'none' });
    }
    return measured;
  }, calls as Call[]);
  const kept = answers.slice(WARM_UP);
  return { worker: kept.map(({ worker }) => worker), page: kept.map(({ page }) => page), index: kept[0].index };
}
