import type { BrowserContext } from '@playwright/test';
import { GENERATED, GENERATED_ON_SERVER } from '../testing/generated-domain';
import { expect, test } from './fixtures';
import { OWN_CATALOG } from './own-catalog';

test.use({ baseURL: OWN_CATALOG.url });

const { id } = GENERATED_ON_SERVER;
const { ids, titles, played, newTitles } = GENERATED;
const CANDIDATES = `/api/candidates/${id}`;

/** Records the requests of a context's pages and workers: all paths, and the bodies of requests for candidates. */
function requestsOf(context: BrowserContext): { paths: string[]; bodies: string[] } {
  const seen = { paths: [] as string[], bodies: [] as string[] };
  context.on('request', (request) => {
    const { pathname } = new URL(request.url());
    seen.paths.push(pathname);
    if (pathname === CANDIDATES) seen.bodies.push(request.postData() ?? '');
  });
  return seen;
}

/** The paths that only a browser with the whole catalog fetches. */
const wholeCatalogPaths = (paths: readonly string[]) =>
  paths.filter((path) => /\/(hnsw|\w*tail|itemtower)\./.test(path));

test('a catalog whose index is on the server recommends games that are not on the device, and sends no game', async ({
  page,
  domainPage,
  context,
}) => {
  const { paths, bodies } = requestsOf(context);
  await domainPage.open(id);
  await domainPage.type(newTitles[0]);
  await expect(page.getByRole('option').first()).toContainText(newTitles[0]);
  await domainPage.type('');
  expect(bodies).toEqual([]);

  const answered = context.waitForEvent('response', (response) => response.url().endsWith(CANDIDATES));
  await domainPage.like('harvst of aldermor', titles[0]);
  const { items } = await (await answered).json();
  const received = items.flatMap(({ item }: { item?: { title: string } }) => (item ? [item.title] : []));
  expect(received).toEqual(expect.arrayContaining(newTitles));
  await domainPage.like('vineyard aldermoor', titles[1]);
  await domainPage.personal();
  await expect.poll(() => bodies.length).toBe(2);
  for (const body of bodies) {
    expect(Object.keys(JSON.parse(body)).sort()).toEqual(['factors', 'limit']);
    for (const name of [...ids, ...titles]) expect(body).not.toContain(name);
  }
  await expect.poll(() => domainPage.titles()).not.toContain(titles[1]);
  const list = await domainPage.titles();
  expect(list).toHaveLength(20);
  expect(list).not.toContain(titles[0]);
  await expect(domainPage.recommendations.getByText(/Because you liked|Many who liked/).first()).toBeVisible();

  const [first, second] = list;
  await page.getByRole('button', { name: `Like ${first}`, exact: true }).click();
  await expect.poll(() => domainPage.titles()).not.toContain(first);
  await page.getByRole('button', { name: `More about ${second}`, exact: true }).click();
  await page.getByRole('button', { name: `Dislike ${second}`, exact: true }).click();
  await expect(domainPage.picks.getByRole('listitem')).toHaveCount(4);
  await expect.poll(() => domainPage.titles()).not.toContain(second);
  expect(await domainPage.titles()).toHaveLength(20);

  // A visitor who has played the device's games of one kind is recommended others of that kind.
  await page.goto('about:blank');
  await domainPage.open(id, `likes=${played.join(',')}`);
  await domainPage.personal();
  expect((await domainPage.titles()).filter((title) => newTitles.includes(title))).not.toEqual([]);
  expect(wholeCatalogPaths(paths)).toEqual([]);
});

test.describe('where the server finds no candidates', () => {
  // The browser reports failed requests.
  test.use({ allowErrors: /Failed to load resource/ });
  test('the list is full, with games that are on the device', async ({ page, domainPage, context }) => {
    const { paths, bodies } = requestsOf(context);
    await context.route(`**${CANDIDATES}`, (route) => route.abort());
    await domainPage.open(id, `likes=${played.join(',')}`);
    await domainPage.personal();
    expect(bodies.length).toBeGreaterThan(0);
    const list = await domainPage.titles();
    expect(list).toHaveLength(20);
    expect(list.filter((title) => newTitles.includes(title))).toEqual([]);
    await expect(domainPage.recommendations.getByText(/Because you liked|Many who liked/).first()).toBeVisible();
    await page.getByRole('button', { name: `Like ${list[0]}`, exact: true }).click();
    await expect.poll(() => domainPage.titles()).not.toContain(list[0]);
    expect(await domainPage.titles()).toHaveLength(20);
    expect(wholeCatalogPaths(paths)).toEqual([]);
  });
});
