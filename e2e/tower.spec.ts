import type { APIRequestContext, BrowserContext, Page, Route } from '@playwright/test';
import { expect, test } from './fixtures';
import type { DomainPage } from './pages/domain-page';
import { domainsByTower, RUNTIME } from './towers';

const TOWER = /\/artifacts\/[a-z-]+\/tower\./;
/** Longer than the worker waits before it starts the runtime, and than the runtime takes to start. */
const TIME_TO_START_MS = 3000;
/** Content mode, which does not use the tower, comes between the others, whose lists may be equal. */
const MODES = ['Content', 'Collaborative', 'Content', 'Hybrid'] as const;

/** A fragment with one like: a domain with a tower uses it for so short a history. */
async function oneLike(request: APIRequestContext, domain: string): Promise<string> {
  const { results } = await (await request.get(`/api/popular/${domain}?limit=1`)).json();
  return `likes=${results[0].id}`;
}

/** The lists of {@link MODES}, each asked for again. */
async function listsOf(domainPage: DomainPage): Promise<string[][]> {
  const lists: string[][] = [];
  let last = await domainPage.titles();
  for (const mode of MODES) {
    await domainPage.mode(mode);
    await expect.poll(() => domainPage.titles(), mode).not.toEqual(last);
    last = await domainPage.titles();
    expect(last).toHaveLength(20);
    lists.push(last);
  }
  return lists;
}

/** The towers and runtimes that a context's pages and workers request; grows while the test runs. */
function fetched(context: BrowserContext): { towers: string[]; runtimes: string[] } {
  const seen = { towers: [] as string[], runtimes: [] as string[] };
  context.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (TOWER.test(pathname)) seen.towers.push(pathname);
    if (RUNTIME.test(pathname)) seen.runtimes.push(pathname);
  });
  return seen;
}

/** The messages about user towers on a page's console; grows while the test runs. */
function warningsOf(page: Page): string[] {
  const warnings: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes('user tower')) warnings.push(message.text());
  });
  return warnings;
}

// Responses from the service worker's cache would bypass the routes of these tests.
test.use({ serviceWorkers: 'block' });

test('a domain without a user tower fetches neither a tower nor its runtime', async ({
  page,
  domainPage,
  context,
  request,
}) => {
  const seen = fetched(context);
  for (const domain of (await domainsByTower(request)).lacking) {
    await page.goto('about:blank');
    await domainPage.open(domain, await oneLike(request, domain));
    await domainPage.personal();
    await page.waitForTimeout(TIME_TO_START_MS);
  }
  expect(seen).toEqual({ towers: [], runtimes: [] });
});

test('the tower is used from the first list on, with the same lists once its runtime is loaded', async ({
  page,
  domainPage,
  context,
  request,
}) => {
  const { having } = await domainsByTower(request);
  const warnings = warningsOf(page);
  const seen = fetched(context);
  const routes: Route[] = [];
  await context.route(RUNTIME, (route) => {
    routes.push(route);
  });
  for (const [i, domain] of having.entries()) {
    await page.goto('about:blank');
    await domainPage.open(domain, await oneLike(request, domain));
    await domainPage.personal();
    expect(seen.towers.at(-1)).toContain(`/${domain}/`);
    await expect.poll(() => routes.length).toBe(i + 1);
    const before = await listsOf(domainPage);

    const arrived = page.waitForEvent('requestfinished', (sent) => RUNTIME.test(sent.url()));
    await routes[i].continue();
    await arrived;
    await page.waitForTimeout(TIME_TO_START_MS);
    expect(await listsOf(domainPage)).toEqual(before);
  }
  expect(seen.towers).toHaveLength(having.length);
  expect(warnings).toEqual([]);
});

test.describe('where the runtime cannot be fetched', () => {
  // The runtime logs a few lines of its own.
  test.use({ allowErrors: /Failed to load resource|wasm|falling back to ArrayBuffer/ });
  test('the engine runs the tower itself, and logs that once', async ({ page, domainPage, context, request }) => {
    await context.route(RUNTIME, (route) => route.abort());
    const warnings = warningsOf(page);
    for (const [i, domain] of (await domainsByTower(request)).having.entries()) {
      await page.goto('about:blank');
      await domainPage.open(domain, await oneLike(request, domain));
      await domainPage.personal();
      const first = await domainPage.titles();
      await expect.poll(() => warnings.length).toBe(i + 1);
      const lists = await listsOf(domainPage);
      expect(lists.at(-1)).toEqual(first);
      expect(warnings).toHaveLength(i + 1);
    }
  });
});
