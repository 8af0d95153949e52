import type { BrowserContext } from '@playwright/test';
import { GENERATED, GENERATED_ON_SERVER } from '../testing/generated-domain';
import { expect, test } from './fixtures';
import { OWN_CATALOG } from './own-catalog';

test.use({ baseURL: OWN_CATALOG.url });

const { id } = GENERATED_ON_SERVER;
const { ids, titles, played, newTitles } = GENERATED;
const CANDIDATES = `/api/candidates/${id}`;

/** What the pages and workers of a context ask for, as it goes on: the paths, and the bodies of requests for candidates. */
function requestsOf(context: BrowserContext): { paths: string[]; asked: string[] } {
  const seen = { paths: [] as string[], asked: [] as string[] };
  context.on('request', (request) => {
    const { pathname } = new URL(request.url());
    seen.paths.push(pathname);
    if (pathname === CANDIDATES) seen.asked.push(request.postData() ?? '');
  });
  return seen;
}

/** Of what only a browser that holds the whole catalog fetches. */
const ofTheWhole = (paths: readonly string[]) => paths.filter((path) => /\/(hnsw|\w*tail|itemtower)\./.test(path));

test('a catalog whose index is on the server recommends games that the device does not hold, and is told no game', async ({
  page,
  domainPage,
  context,
}) => {
  const { paths, asked } = requestsOf(context);
  await domainPage.open(id);
  await domainPage.type(newTitles[0]);
  await expect(page.getByRole('option').first()).toContainText(newTitles[0]);
  await domainPage.type('');
  expect(asked).toEqual([]);

  const answered = context.waitForEvent('response', (response) => response.url().endsWith(CANDIDATES));
  await domainPage.like('harvst of aldermor', titles[0]);
  const { items } = await (await answered).json();
  const brought = items.flatMap(({ item }: { item?: { title: string } }) => (item ? [item.title] : []));
  expect(brought).toEqual(expect.arrayContaining(newTitles));
  await domainPage.like('vineyard aldermoor', titles[1]);
  await domainPage.personal();
  await expect.poll(() => asked.length).toBe(2);
  for (const body of asked) {
    expect(Object.keys(JSON.parse(body)).sort()).toEqual(['factors', 'limit']);
    for (const told of [...ids, ...titles]) expect(body).not.toContain(told);
  }
  await expect.poll(() => domainPage.titles()).not.toContain(titles[1]);
  const list = await domainPage.titles();
  expect(list).toHaveLength(20);
  expect(list).not.toContain(titles[0]);
  await expect(domainPage.recommendations.getByText(/Because you liked/).first()).toBeVisible();

  const [first, second] = list;
  await page.getByRole('button', { name: `Like ${first}`, exact: true }).click();
  await expect.poll(() => domainPage.titles()).not.toContain(first);
  await page.getByRole('button', { name: `More about ${second}`, exact: true }).click();
  await page.getByRole('button', { name: `Dislike ${second}`, exact: true }).click();
  await expect(domainPage.picks.getByRole('listitem')).toHaveCount(4);
  await expect.poll(() => domainPage.titles()).not.toContain(second);
  expect(await domainPage.titles()).toHaveLength(20);

  // Whoever knows what the device holds of a kind is recommended what it does not hold.
  await page.goto('about:blank');
  await domainPage.open(id, `likes=${played.join(',')}`);
  await domainPage.personal();
  expect((await domainPage.titles()).filter((title) => newTitles.includes(title))).not.toEqual([]);
  expect(ofTheWhole(paths)).toEqual([]);
});

test.describe('where the server finds no candidates', () => {
  // The browser itself reports what it could not fetch.
  test.use({ allowErrors: /Failed to load resource/ });
  test('the list is full, of the games that the device holds', async ({ page, domainPage, context }) => {
    const { paths, asked } = requestsOf(context);
    await context.route(`**${CANDIDATES}`, (route) => route.abort());
    await domainPage.open(id, `likes=${played.join(',')}`);
    await domainPage.personal();
    expect(asked.length).toBeGreaterThan(0);
    const list = await domainPage.titles();
    expect(list).toHaveLength(20);
    expect(list.filter((title) => newTitles.includes(title))).toEqual([]);
    await expect(domainPage.recommendations.getByText(/Because you liked/).first()).toBeVisible();
    await page.getByRole('button', { name: `Like ${list[0]}`, exact: true }).click();
    await expect.poll(() => domainPage.titles()).not.toContain(list[0]);
    expect(await domainPage.titles()).toHaveLength(20);
    expect(ofTheWhole(paths)).toEqual([]);
  });
});
