import { expect, test } from './fixtures';

test('the highlight stays among the rows: with one row, arrows and Enter pick it', async ({ page, domainPage }) => {
  await domainPage.open('cinema');
  for (const arrows of [['ArrowDown'], ['ArrowUp'], ['ArrowDown', 'ArrowDown', 'ArrowUp']]) {
    await domainPage.type('tt0111161');
    await expect(page.getByRole('option')).toHaveCount(1, { timeout: 60_000 });
    for (const arrow of arrows) await domainPage.search.press(arrow);
    await domainPage.search.press('Enter');
    const pick = domainPage.picks.getByText('The Shawshank Redemption', { exact: true });
    await expect(pick).toBeVisible();
    await page.getByRole('button', { name: 'Remove The Shawshank Redemption', exact: true }).click();
    await expect(pick).toHaveCount(0);
  }
});

test('Enter pressed before the catalog is there picks the first row that comes', async ({ page, domainPage }) => {
  // Two requests of the catalog are held back until Enter has been pressed.
  let release = () => {};
  const pressed = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.context().route(/\/artifacts\/cinema\/c.*\.bin/, async (route) => {
    await pressed;
    await route.continue();
  });
  await page.goto('/cinema');
  await domainPage.type('rocky 2');
  await domainPage.search.press('Enter');
  release();
  await expect(domainPage.picks.getByText('Rocky II', { exact: true })).toBeVisible({ timeout: 60_000 });
});
