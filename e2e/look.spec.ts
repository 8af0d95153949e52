import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { brokenRules, sidewaysScroll } from './look';

/** Pages that are empty until they have read something from the browser or the server. */
const READING = ['/friends', '/your-data', '/admin'];
const PAGES = [
  '/cinema#likes=318,858,2571',
  '/music',
  '/welcome?domain=courses',
  '/about',
  ...READING,
  '/no-such-domain',
];

const WIDTHS = [360, 1440];

const isRead = (page: Page) => expect(page.getByRole('main').getByRole('button').first()).toBeVisible();

test.describe('pages', () => {
  // The browser logs the status of the missing page.
  test.use({ allowErrors: /status of 404.*no-such-domain/ });

  for (const path of PAGES) {
    test(`${path} breaks no accessibility rule in light or dark, and does not scroll sideways`, async ({
      page,
      domainPage,
    }) => {
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
      await page.goto(path);
      if (/cinema|music/.test(path)) await domainPage.ready();
      if (path.includes('likes=')) await domainPage.personal();
      if (READING.includes(path)) await isRead(page);
      expect(await brokenRules(page), 'light').toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
      expect(await brokenRules(page), 'dark').toEqual([]);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 800 });
        expect(await sidewaysScroll(page), `${width} pixels wide`).toBeLessThanOrEqual(0);
      }
    });
  }

  test('an unknown domain gets a 404 page with links', async ({ page }) => {
    const response = await page.goto('/no-such-domain');
    expect(response!.status()).toBe(404);
    await expect(page.getByRole('main').getByRole('link').first()).toBeVisible();
  });
});

test('the page can be used by keyboard alone', async ({ page, domainPage }) => {
  await domainPage.open('cinema');
  await page.keyboard.press('/');
  await expect(domainPage.search).toBeFocused();
  await page.keyboard.type('Godfater');
  await expect(page.getByRole('option').first()).toContainText('The Godfather');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(domainPage.picks.getByRole('listitem')).toHaveCount(1);
  await domainPage.personal();
  await page.getByRole('radio', { name: 'Hybrid' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('radio', { name: 'Content' })).toBeChecked();
  const [first] = await domainPage.titles();
  await page
    .getByRole('button', { name: `Like ${first}`, exact: true })
    .first()
    .focus();
  await page.keyboard.press('Enter');
  await expect(domainPage.picks.getByRole('listitem')).toHaveCount(2);
});
