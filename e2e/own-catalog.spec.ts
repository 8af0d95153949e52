import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GENERATED, GENERATED_ON_SERVER } from '../testing/generated-domain';
import { expect, test } from './fixtures';
import { brokenRules } from './look';
import { OWN_CATALOG } from './own-catalog';

test.use({ baseURL: OWN_CATALOG.url });

const { id, ids, titles, mechanic } = GENERATED;
const artifacts = join(OWN_CATALOG.artifacts, id);
const inkpick = (...args: string[]) =>
  execFileSync(process.execPath, ['bin/inkpick.mjs', ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

test('a catalog built by the command line is valid, and API and command line recommend the same', async ({
  request,
}, testInfo) => {
  inkpick('verify', artifacts);
  const histories = testInfo.outputPath('histories.jsonl');
  writeFileSync(histories, `${JSON.stringify({ id: 'me', history: ids })}\n`);
  const line = JSON.parse(inkpick('recommend', artifacts, '--histories', histories, '--top-k', '10'));
  expect(line.items).toHaveLength(10);

  const response = await request.post(`/api/recommend/${id}`, { data: { history: ids, top_k: 10, diversity: 0 } });
  const { results } = await response.json();
  expect(results.map((result: { id: string }) => result.id)).toEqual(
    line.items.map(({ item }: { item: string }) => item),
  );
  for (const { reasons } of results) expect(reasons.length).toBeGreaterThan(0);
});

test('the API serves it: domains, items, search, popular items, a first list', async ({ request }) => {
  const { domains } = await (await request.get('/api/domains')).json();
  expect(domains.map((domain: { id: string }) => domain.id)).toEqual(['courses', id, GENERATED_ON_SERVER.id]);
  const own = domains[1];
  expect(own).toMatchObject({ label: 'Board games', verb: 'play', users: 'players', itemCount: GENERATED.games });
  expect((await (await request.get(`/api/items/${id}/sku-0-0`)).json()).title).toBe(titles[0]);
  const { results } = await (await request.get(`/api/search/${id}?q=harvst aldermor`)).json();
  expect(results[0].title).toBe(titles[0]);
  expect((await (await request.get(`/api/popular/${id}?limit=5`)).json()).results).toHaveLength(5);
  const interests = own.interests.slice(0, 3).map((interest: { id: string }) => interest.id);
  const first = await request.post('/api/onboarding', { data: { domain: id, interests, visitor: 'anna' } });
  expect((await first.json()).results).toHaveLength(20);
});

test('its tab leads to its page, which finds a game by a mistyped title and recommends with reasons', async ({
  page,
  domainPage,
}) => {
  // This page was rendered when the site was built, before this catalog existed.
  await domainPage.open('courses');
  await page.getByRole('navigation').getByRole('link', { name: 'Board games' }).click();
  await expect(page).toHaveURL(new RegExp(`/${id}`));
  await domainPage.ready();
  await domainPage.like('harvst of aldermor', titles[0]);
  await domainPage.like('vineyard aldermoor', titles[1]);
  await domainPage.personal();
  await expect(page.getByText(`${GENERATED.games} games searched in`)).toBeVisible();
  // Once the list is that for both picks, the second is stored too.
  await expect.poll(() => domainPage.titles()).not.toContain(titles[1]);
  expect(await domainPage.titles()).toHaveLength(20);
  await expect(domainPage.recommendations.getByText(/Because you liked|Many who liked/).first()).toBeVisible();
  await expect(domainPage.recommendations.getByText(mechanic).first()).toBeVisible();
  await page.reload();
  await domainPage.personal();
  await expect(domainPage.picks.getByRole('listitem')).toHaveCount(2);
});

test('its survey offers its interests, and then its games to pick from', async ({ page, domainPage }) => {
  await page.goto(`/welcome?domain=${id}`);
  for (const name of [mechanic, 'Deck building', 'Cooperative']) await page.getByRole('checkbox', { name }).check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('heading', { name: 'Question 1' })).toBeVisible();
  expect(await brokenRules(page)).toEqual([]);
  await page.getByRole('button', { name: 'Like', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Question 2' })).toBeVisible();
  await page.getByRole('button', { name: 'On to the list' }).click();
  await expect(domainPage.recommendations.getByText('Your taste').first()).toBeVisible();
  await expect(domainPage.recommendations.getByRole('listitem')).toHaveCount(20);
});

test('a catalog missing from this folder has no page, although the site was built with it', async ({ request }) => {
  expect((await request.get('/cinema')).status()).toBe(404);
  expect((await request.get('/artifacts/cinema/manifest.json')).status()).toBe(404);
  expect(await (await request.get('/about')).text()).not.toContain('MovieLens');
  const manifest = await request.get(`/artifacts/${id}/manifest.json`);
  expect(manifest.headers()).toMatchObject({ 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' });
  const [{ file }] = (await manifest.json()).artifacts;
  expect((await request.get(`/artifacts/${id}/${file}`)).headers()['cache-control']).toContain('immutable');
});
