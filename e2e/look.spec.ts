import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { brokenRules, sidewaysScroll } from './look';

/** Pages that say nothing before they have asked the browser or the server. */
const ASKING = ['/friends', '/your-data', '/admin'];
const PAGES = [
  '/cinema#likes=318,858,2571',
  '/music',
  '/welcome?domain=courses',
  '/about',
  ...ASKING,
  '/no-such-domain',
];

const WIDTHS = [360, 1440];

const answered = (page: Page) => expect(page.getByRole('main').getByRole('button').first()).toBeVisible();

test.describe('pages', () => {
  // The browser itself reports the status of the page that is not there.
  test.use({ allowErrors: /status of 404.*no-such-domain/ });

  for (const path of PAGES) {
    test(`${path} breaks no accessibility rule in light or dark, and nothing sticks out sideways`, async ({
      page,
      domainPage,
    }) => {
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
      await page.goto(path);
      if (/cinema|music/.test(path)) await domainPage.ready();
      if (path.includes('likes=')) await domainPage.personal();
      if (ASKING.includes(path)) await answered(page);
      expect(await brokenRules(page), 'light').toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
      expect(await brokenRules(page), 'dark').toEqual([]);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 800 });
        expect(await sidewaysScroll(page), `${width} pixels wide`).toBeLessThanOrEqual(0);
      }
    });
  }

  test('an unknown domain is a designed 404 with ways on', async ({ page }) => {
    const response = await page.goto('/no-such-domain');
    expect(response!.status()).toBe(404);
    await expect(page.getByRole('main').getByRole('link').first()).toBeVisible();
  });
});

test('the keyboard alone is enough', async ({ page, domainPage }) => {
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
