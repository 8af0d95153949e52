import type { APIRequestContext, Browser } from '@playwright/test';
import { expect, test } from './fixtures';
import { brokenRules, sidewaysScroll } from './look';
import { OWN_CATALOG } from './own-catalog';
import { DomainPage } from './pages/domain-page';

const { url } = OWN_CATALOG;
test.use({ baseURL: url });

const DOMAIN = 'courses';

/** A second visitor, with a browser profile of their own. */
async function otherVisitor(browser: Browser): Promise<DomainPage> {
  const context = await browser.newContext({ baseURL: url });
  return new DomainPage(await context.newPage());
}

/** Titles of a pick, and of an item that just misses the list for it: one friend's like is enough to add it. */
async function pickFor(request: APIRequestContext): Promise<[own: string, friends: string]> {
  const [pick] = (await (await request.get(`/api/search/${DOMAIN}?q=machine learning`)).json()).results;
  const ask = { history: [pick.id], top_k: 40 };
  const { results } = await (await request.post(`/api/recommend/${DOMAIN}`, { data: ask })).json();
  return [pick.title, results[24].title];
}

test('a like that a friend shares is in a follower’s list, with the friend’s name, until sharing ends', async ({
  page,
  domainPage: anna,
  browser,
  request,
}) => {
  const [own, friends] = await pickFor(request);
  const heading = (name: string) => page.getByRole('heading', { name, exact: true });
  const sharing = page.getByRole('switch', { name: 'Courses' });
  await anna.open(DOMAIN);
  await anna.like(friends, friends);

  const code = await test.step('a friend makes a code, gives a name, and shares courses', async () => {
    await page.goto('/friends');
    await expect(heading('First, may the server remember you?')).toBeVisible();
    await page.getByRole('button', { name: 'Agree and continue' }).click();
    await page.getByRole('button', { name: 'Make my code' }).click();
    await page.getByLabel('Your name, as friends see it').fill('Anna');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Your friends see you as Anna.')).toBeVisible();
    await sharing.click();
    await expect(sharing).toBeChecked();
    await expect(page.getByText('1 course shared')).toBeVisible();
    return (await page.getByText(/^[0-9A-Z]{5}-[0-9A-Z]{5}$/).textContent())!;
  });

  const ben = await otherVisitor(browser);
  const friendsLikes = async () =>
    (await (await ben.page.context().request.get(`${url}/api/friends/likes/${DOMAIN}`)).json()).friends;
  await test.step('another visitor follows by the code', async () => {
    await ben.page.goto('/friends');
    await ben.page.getByRole('button', { name: 'Agree and continue' }).click();
    await ben.page.getByLabel('A friend’s code').fill('ABCDE-ABCDE');
    await ben.page.getByRole('button', { name: 'Follow', exact: true }).click();
    await expect(ben.page.getByRole('alert').filter({ hasText: /code/i })).toBeVisible();
    await ben.page.getByLabel('A friend’s code').fill(code.toLowerCase().replace('-', ' '));
    await ben.page.getByRole('button', { name: 'Follow', exact: true }).click();
    const followed = ben.page.getByRole('list', { name: 'You follow' });
    await expect(followed.getByRole('listitem')).toHaveText([/Anna.*Shares courses/]);
    expect(await brokenRules(ben.page)).toEqual([]);
    await ben.page.setViewportSize({ width: 360, height: 800 });
    expect(await sidewaysScroll(ben.page)).toBeLessThanOrEqual(0);
    await ben.page.setViewportSize({ width: 1280, height: 900 });
  });

  await test.step('the follower’s list says so', async () => {
    const likesRead = ben.page.waitForResponse((response) => response.url().includes(`/api/friends/likes/${DOMAIN}`));
    await ben.open(DOMAIN);
    await likesRead;
    await ben.like(own, own);
    await ben.personal();
    // The card shows the strongest reason, which may be a pick; its back has all reasons.
    await ben.page.getByRole('button', { name: `Why ${friends}`, exact: true }).click();
    await expect(ben.page.getByRole('region', { name: `Why ${friends}`, exact: true })).toContainText('Anna likes it');
  });

  await test.step('once sharing ends, the like is gone at once', async () => {
    expect(await friendsLikes()).toMatchObject([{ names: ['Anna'] }]);
    await sharing.click();
    await expect(sharing).not.toBeChecked();
    await expect(page.getByText('You no longer share courses')).toBeVisible();
    expect(await friendsLikes()).toEqual([]);
  });

  await test.step('a blocked follower no longer follows', async () => {
    await page.reload();
    await page.getByRole('button', { name: /^Block / }).click();
    await expect(page.getByRole('list', { name: 'Blocked' })).toBeVisible();
    await ben.page.goto('/friends');
    await expect(ben.page.getByText('You follow no one yet. Ask a friend for their code.')).toBeVisible();
  });
  await ben.page.context().close();
});
