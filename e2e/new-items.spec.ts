import { expect, test } from './fixtures';
import { OWN_CATALOG } from './own-catalog';

// Not on the main server, where a new item would appear in the lists of other tests.
test.use({ baseURL: OWN_CATALOG.url });

const DOMAIN = 'courses';
/** The documented limit. */
const WITHIN = { timeout: 60_000 };
const AUTHORISED = { headers: { authorization: `Bearer ${OWN_CATALOG.adminToken}` } };
const ITEM = {
  id: 'e2e-quokka',
  title: 'Machine Learning for Quokka Keepers',
  creators: ['Rottnest Island College'],
  tags: { subjects: ['Machine Learning', 'Data Science'] },
};

test('a page recommends and finds an item within a minute of its publication, and drops it within one of its withdrawal', async ({
  page,
  domainPage,
  request,
}) => {
  test.setTimeout(180_000);
  const card = domainPage.recommendations.getByRole('listitem').filter({ hasText: ITEM.title });
  const hit = page.getByRole('option').filter({ hasText: ITEM.title });
  await domainPage.open(DOMAIN);
  await domainPage.like('machne learnig', 'Machine Learning');
  await domainPage.personal();
  const loads: string[] = [];
  page.on('load', () => loads.push(page.url()));
  // The page does not change a list under the pointer.
  await page.mouse.move(0, 0);

  expect((await request.post(`/api/items/${DOMAIN}`, { data: { items: [ITEM] } })).status()).toBe(401);
  expect((await request.post(`/api/items/${DOMAIN}`, { ...AUTHORISED, data: { items: [ITEM] } })).status()).toBe(201);
  await expect(card).toBeVisible(WITHIN);
  await expect(card.getByText('New', { exact: true })).toBeVisible();
  await domainPage.type('quoka keepers');
  await expect(hit).toBeVisible();
  await domainPage.type('');
  await page.keyboard.press('Escape');

  const withdrawn = await request.delete(`/api/items/${DOMAIN}/${ITEM.id}`, AUTHORISED);
  expect(withdrawn.status()).toBe(200);
  await expect(card).toHaveCount(0, WITHIN);
  await domainPage.type('quoka keepers');
  await expect(
    page
      .getByRole('option')
      .or(page.getByText(/by that name/))
      .first(),
  ).toBeVisible();
  await expect(hit).toHaveCount(0);
  expect(loads).toEqual([]);
});
