import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, Page, Request } from '@playwright/test';
import { RUNTIME } from '../e2e/towers';
import { popularItems } from './browser';
import type { Part } from './context';
import { fewRuns, type Measured, single } from './lines';
import { atMost, MAIN_DOMAIN } from './worker';
import { HISTORY_LENGTH } from './workload';

const VISITS = 5;
const VIEWPORT = { width: 1280, height: 900 };
/** Time after which a page has finished its late requests and work. */
const QUIET_MS = 4000;
const ARTIFACT = /\/artifacts\/[a-z-]+\/[a-z]+\.[0-9a-f]{8}\.bin$/;
const LONG_TASK_MS = 50;

/** Globals that {@link observe} sets on the page. */
export interface ObservedWindow {
  /** Time of the first paint of a personal list, in milliseconds since the start of navigation. */
  firstPersonal: number | null;
  longTasks: number[];
}

/** Runs in the page before anything else: observes the first personal list and long tasks. */
function observe(): void {
  const seen: ObservedWindow = { firstPersonal: null, longTasks: [] };
  Object.assign(window, seen);
  const observed = window as unknown as ObservedWindow;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) observed.longTasks.push(duration);
  }).observe({ type: 'longtask', buffered: true });
  const observer = new MutationObserver(() => {
    const isPersonal = document.querySelector('#results-heading')?.textContent === 'For you';
    if (!isPersonal || !document.querySelector('ul[aria-label="Recommendations"] > li')) return;
    observer.disconnect();
    // The first moment after the frame in which the list is rendered.
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        observed.firstPersonal = performance.now();
      };
      port2.postMessage(null);
    });
  });
  observer.observe(document, { childList: true, subtree: true, characterData: true });
}

/** The fragment of a visitor who likes the most popular items. */
export async function popularPicks(base: string, domain: string): Promise<string> {
  const items = await popularItems(base, domain, HISTORY_LENGTH);
  return `likes=${items.map(({ id }) => encodeURIComponent(id)).join(',')}`;
}

export async function observedContext(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: VIEWPORT });
  await context.addInitScript(observe);
  return context;
}

/** Opens a page and waits for its first personal list. */
export async function visit(
  context: BrowserContext,
  url: string,
): Promise<{ page: Page; firstPersonal: number; timeOrigin: number }> {
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForFunction(() => (window as unknown as ObservedWindow).firstPersonal !== null);
  const times = await page.evaluate(() => ({
    firstPersonal: (window as unknown as ObservedWindow).firstPersonal!,
    timeOrigin: performance.timeOrigin,
  }));
  return { page, ...times };
}

const longTasksOf = (page: Page) => page.evaluate(() => (window as unknown as ObservedWindow).longTasks);

/** Time, bytes, requests and long tasks of a visit, with a cold and a warm cache. */
export const benchPage: Part = async ({ browser, server, domains, log }) => {
  const base = await server();
  const lines: Measured[] = [];
  for (const domain of domains) {
    log(`${domain}: cold and warm starts of the page`);
    const url = `${base}/${domain}#${await popularPicks(base, domain)}`;
    const isMain = domain === MAIN_DOMAIN;
    const first = await firstVisit(await browser(), url);
    const cold: number[] = [];
    const warm: number[] = [];
    const tasks: number[] = [];
    for (let i = 0; i < VISITS; i++) {
      const context = await observedContext(await browser());
      const { page, firstPersonal } = await visit(context, url);
      cold.push(firstPersonal);
      await page.waitForTimeout(QUIET_MS);
      tasks.push(...(await longTasksOf(page)));
      await page.close();
      if (i === VISITS - 1) {
        // The second visit is not counted: only from then on are service worker and compiled code available.
        for (let again = 0; again <= VISITS; again++) {
          const { page, firstPersonal } = await visit(context, url);
          if (again > 0) warm.push(firstPersonal);
          await page.waitForTimeout(QUIET_MS / 2);
          tasks.push(...(await longTasksOf(page)));
          await page.close();
        }
      }
      await context.close();
    }
    lines.push(
      {
        domain,
        name: 'cold start to the first personal result',
        unit: 'ms',
        ...fewRuns(cold),
        targets: atMost({ median: 2500 }),
      },
      {
        domain,
        name: 'warm start to the first personal result',
        unit: 'ms',
        ...fewRuns(warm),
        targets: atMost({ median: 800 }),
      },
      {
        domain,
        name: `main-thread tasks over ${LONG_TASK_MS} ms, in all ${2 * VISITS + 1} visits`,
        unit: 'count',
        ...single(tasks.length),
        note: tasks.length > 0 ? `the longest took ${Math.max(...tasks).toFixed(0)} ms` : undefined,
        targets: atMost({ value: 0 }),
      },
      {
        domain,
        name: 'artifacts requested before the first personal result',
        unit: 'bytes',
        ...single(first.artifactBytesBefore),
        note: 'over the network, as counted by the browser',
        targets: isMain ? atMost({ value: 2_500_000 }) : [],
      },
      {
        domain,
        name: 'artifacts in all',
        unit: 'bytes',
        ...single(first.artifactBytes),
        note: 'over the network, as counted by the browser',
        targets: atMost({ value: isMain ? 6_000_000 : 5_000_000 }),
      },
      {
        domain,
        name: "the page's script, gzip",
        unit: 'bytes',
        ...single(first.scriptBytes),
        targets: atMost({ value: 200_000 }),
      },
      { domain, name: 'all script that a visit loads, gzip', unit: 'bytes', ...single(first.allScriptBytes) },
      { domain, name: 'requests of a first visit', unit: 'count', ...single(first.requests) },
      {
        domain,
        name: 'ONNX runtime, times fetched',
        unit: 'count',
        ...single(first.runtimes.length),
        note: first.runtimes.length === 0 ? 'this domain has no user tower' : undefined,
        targets: atMost({ value: 1 }),
      },
    );
    for (const { bytes, after } of first.runtimes) {
      lines.push(
        { domain, name: 'ONNX runtime, as transferred', unit: 'bytes', ...single(bytes) },
        {
          domain,
          name: 'ONNX runtime, requested this long after the first result',
          unit: 'ms',
          ...single(after),
          targets: [{ figure: 'value', atLeast: 0 }],
        },
      );
    }
  }
  return lines;
};

interface FirstVisit {
  artifactBytesBefore: number;
  artifactBytes: number;
  /** Of the scripts in the document, without those for browsers without modules. */
  scriptBytes: number;
  /** Including scripts that the page loads later, also for other pages. */
  allScriptBytes: number;
  requests: number;
  runtimes: { bytes: number /** Milliseconds from the first personal list to the request. */; after: number }[];
}

/** Counts all requests of one cold visit. */
async function firstVisit(browser: Browser, url: string): Promise<FirstVisit> {
  const context = await observedContext(browser);
  const finished: Request[] = [];
  context.on('requestfinished', (request) => finished.push(request));
  const { page, firstPersonal, timeOrigin } = await visit(context, url);
  await page.waitForTimeout(QUIET_MS);
  // Scripts of a worker are not counted, because they do not block the page.
  const pageScripts = new Set(
    await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter((entry) => ['script', 'link'].includes((entry as PerformanceResourceTiming).initiatorType))
        .map(({ name }) => name)
        .filter((name) => new URL(name).pathname.endsWith('.js')),
    ),
  );
  const html = await (await page.request.get(url)).text();
  const documentScripts = new Set(
    Array.from(html.matchAll(/<script\b([^>]*)\bsrc="([^"]+)"([^>]*)>/g))
      .filter(([, before, , behind]) => !/nomodule/i.test(before + behind))
      .map(([, , src]) => new URL(src, url).pathname),
  );
  const result: FirstVisit = {
    artifactBytesBefore: 0,
    artifactBytes: 0,
    scriptBytes: 0,
    allScriptBytes: 0,
    requests: 0,
    runtimes: [],
  };
  for (const request of finished) {
    const response = await request.response();
    // Responses of the service worker are counted as its own requests.
    if (!response || response.fromServiceWorker()) continue;
    result.requests++;
    const { pathname } = new URL(request.url());
    const after = request.timing().startTime - timeOrigin - firstPersonal;
    const { responseBodySize: bytes } = await request.sizes();
    if (ARTIFACT.test(pathname)) {
      result.artifactBytes += bytes;
      if (after < 0) result.artifactBytesBefore += bytes;
    }
    if (RUNTIME.test(pathname) && bytes > 0) result.runtimes.push({ bytes, after });
    if (!pageScripts.delete(request.url())) continue;
    const packed = gzipSync(await response.body()).length;
    result.allScriptBytes += packed;
    if (documentScripts.has(pathname)) result.scriptBytes += packed;
  }
  await context.close();
  return result;
}
