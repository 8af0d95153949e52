import { expect, test } from './fixtures';
import { brokenRules, sidewaysScroll } from './look';
import { OWN_CATALOG } from './own-catalog';

const TABS = ['Now', 'New items', 'Experiments', 'Health', 'Why', 'Import & export'];

// The browser logs responses with status 401 and 403.
test.use({ allowErrors: /status of 40[13] .*\/api\/admin\// });

test('a server without a token refuses operators, and says how to set one', async ({ page, request }) => {
  for (const path of ['overview', 'metrics', 'experiments', 'export']) {
    const response = await request.get(`/api/admin/${path}`, { headers: { authorization: 'Bearer anything-at-all' } });
    expect(response.status(), path).toBe(403);
    expect((await response.json()).error).toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('INKPICK_ADMIN_TOKEN'),
    });
  }
  await page.goto('/admin');
  await page.getByLabel('Token').fill('anything-at-all');
  await page.getByRole('button', { name: 'Open' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'INKPICK_ADMIN_TOKEN' })).toBeVisible();
  await expect(page.getByRole('tab')).toHaveCount(0);
});

test.describe('with a token', () => {
  test.use({ baseURL: OWN_CATALOG.url });

  test('the right token opens every part of the page, a wrong one none', async ({ page }) => {
    // Axe checks six tabs in two colour schemes: on a busy machine, that takes longer than other tests may.
    test.setTimeout(600_000);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto('/admin');
    await page.getByLabel('Token').fill('not-the-token-of-this-server');
    await page.getByRole('button', { name: 'Open' }).click();
    await expect(page.getByText('This is not the token of this server.')).toBeVisible();
    await expect(page.getByRole('tab')).toHaveCount(0);
    await page.getByLabel('Token').fill(OWN_CATALOG.adminToken);
    await page.getByRole('button', { name: 'Open' }).click();
    await expect(page.getByRole('tab')).toHaveText(TABS);

    for (const name of TABS) {
      await page.getByRole('tab', { name, exact: true }).click();
      const panel = page.getByRole('tabpanel', { name, exact: true });
      await expect(panel.getByRole('heading', { level: 3 }).or(panel.getByRole('textbox')).first(), name).toBeVisible();
      await expect(panel.getByRole('alert'), name).toHaveCount(0);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await brokenRules(page), `${name} in ${colorScheme}`).toEqual([]);
      }
      await page.setViewportSize({ width: 360, height: 800 });
      expect(await sidewaysScroll(page), name).toBeLessThanOrEqual(0);
      await page.setViewportSize({ width: 1280, height: 900 });
    }
    // The token is kept for the tab, so that a reload does not ask for it.
    await page.reload();
    await expect(page.getByRole('tab', { name: 'Import & export' })).toHaveAttribute('aria-selected', 'true');
    await page.getByRole('button', { name: 'Leave' }).click();
    await page.reload();
    await expect(page.getByLabel('Token')).toBeVisible();
  });
});
