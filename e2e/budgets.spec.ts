import { gzipSync } from 'node:zlib';
import type { APIRequestContext, BrowserContext } from '@playwright/test';
import { type ArtifactEntry, isHeadArtifact } from '../lib/contracts/manifest';
import { expect, test } from './fixtures';
import { domainsByTower, RUNTIME } from './towers';

// The cost of a visit, in numbers that do not depend on the speed of the machine.

/** The page's own scripts, gzip. The framework alone is about 137,000. */
const MAX_SCRIPT_BYTES = 200_000;
/** A cold visit until its first list: the page, the worker, its artifacts, and prefetched pages. */
const MAX_REQUESTS = 60;
/** All artifacts of a domain, gzip … */
const MAX_ARTIFACT_BYTES: Record<string, number> = { cinema: 6_000_000, music: 5_000_000, courses: 5_000_000 };
/** … and those that the first personal list waits for. */
const MAX_HEAD_BYTES: Record<string, number> = { cinema: 2_500_000, music: 4_000_000, courses: 2_500_000 };
/** Longer than the worker waits before it starts the runtime. */
const TIME_TO_START_MS = 3000;

/** The paths that a context's pages and workers request; grows while the test runs. */
function requestsOf(context: BrowserContext): string[] {
  const seen: string[] = [];
  context.on('request', (request) => seen.push(new URL(request.url()).pathname));
  return seen;
}

/**
 * Bytes, gzip, of the scripts in a page's HTML that a browser with modules loads. The HTML comes from the server,
 * because a browser soon adds the scripts of linked pages. The worker's scripts are not among them.
 */
async function scriptBytes(path: string, request: APIRequestContext): Promise<number> {
  const html = await (await request.get(path)).text();
  const addresses = [...html.matchAll(/<script\b[^>]*>/g)].flatMap(([tag]) =>
    /\bnomodule\b/i.test(tag) ? [] : (/\bsrc="([^"]+)"/.exec(tag)?.[1] ?? []),
  );
  expect(addresses.length).toBeGreaterThan(3);
  let bytes = 0;
  for (const address of new Set(addresses)) bytes += gzipSync(await (await request.get(address)).body()).length;
  return bytes;
}

// The service worker requests the files of a visit a second time, to store them for offline visits.
test.use({ serviceWorkers: 'block' });

for (const path of ['/cinema', '/about', '/welcome', '/friends', '/your-data']) {
  test(`the scripts of ${path} stay within their budget`, async ({ request }) => {
    const bytes = await scriptBytes(path, request);
    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThanOrEqual(MAX_SCRIPT_BYTES);
  });
}

test('a cold visit makes few requests, and fetches no artifact twice', async ({ domainPage, context }) => {
  const seen = requestsOf(context);
  await domainPage.open('cinema', 'likes=318,858,296');
  await domainPage.personal();
  const artifacts = seen.filter((path) => path.startsWith('/artifacts/'));
  expect(artifacts.length).toBeGreaterThan(5);
  expect(artifacts).toEqual([...new Set(artifacts)]);
  expect(seen.length).toBeLessThanOrEqual(MAX_REQUESTS);
});

test('artifacts stay within their budget', async ({ request }) => {
  for (const [domain, max] of Object.entries(MAX_ARTIFACT_BYTES)) {
    const manifest = await (await request.get(`/artifacts/${domain}/manifest.json`)).json();
    const artifacts: ArtifactEntry[] = manifest.artifacts;
    const bytesOf = (entries: ArtifactEntry[]) => entries.reduce((sum, { bytes }) => sum + bytes, 0);
    const head = bytesOf(artifacts.filter(({ name }) => isHeadArtifact(name)));
    expect(head, domain).toBeGreaterThan(100_000);
    expect(head, domain).toBeLessThanOrEqual(MAX_HEAD_BYTES[domain]);
    expect(bytesOf(artifacts), domain).toBeLessThanOrEqual(max);
  }
});

test('ONNX Runtime is fetched after the first list, and once', async ({ page, domainPage, context, request }) => {
  const [domain] = (await domainsByTower(request)).having;
  const { results } = await (await request.get(`/api/popular/${domain}?limit=1`)).json();
  /** For each request, whether the personal list was on the screen. */
  const listWasThere: boolean[] = [];
  await context.route(RUNTIME, async (route) => {
    listWasThere.push(await page.getByRole('heading', { name: 'For you' }).isVisible());
    await route.continue();
  });
  const arrived = page.waitForEvent('requestfinished', (sent) => RUNTIME.test(sent.url()));
  await domainPage.open(domain, `likes=${results[0].id}`);
  await arrived;
  await domainPage.mode('Content');
  await domainPage.mode('Hybrid');
  await page.waitForTimeout(TIME_TO_START_MS);
  expect(listWasThere).toEqual([true]);
});
